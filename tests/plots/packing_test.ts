import assert from "node:assert/strict";
import { packedBytes, packTrace } from "lib/plots/packing.ts";

const bytesOf = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

Deno.test("packed bytes are the rounded values", () => {
  const values = [-80, -0.4, 0, 12.6, 500, -500];
  const { dtype, bdata, shape } = packedBytes(values, [2, 3]);
  const bytes = Int8Array.from(atob(String(bdata)), (c) => c.charCodeAt(0));
  assert.deepEqual([dtype, shape, [...bytes]], ["i1", "2, 3", [-80, 0, 0, 13, 127, -127]]);
  assert.throws(() => packedBytes(values, [2, 2]), /6 values as 2 x 2/);
});

Deno.test("long lists are packed and come back with their gaps; short ones stay", () => {
  const y = Array.from({ length: 150 }, (_, k) => k === 7 ? null : k / 8);
  const { dtype, bdata } = packTrace({ type: "scatter", y }).y as Record<string, string>;
  const back = [...new Float32Array(bytesOf(bdata).buffer)];
  assert.equal(dtype, "f4");
  assert.deepEqual(back.map((v) => Number.isNaN(v) ? null : v), y);
  const names = Array.from({ length: 150 }, String);
  const short = { type: "scatter", x: [1, 2], y: names };
  assert.deepEqual(packTrace(short), short);
});

Deno.test("a matrix is packed with its shape", () => {
  const z = Array.from({ length: 10 }, (_, r) => Array.from({ length: 20 }, (_, c) => r * 100 + c));
  const packed = packTrace({ type: "heatmap", z }).z as Record<string, string>;
  assert.equal(packed.shape, "10, 20");
  assert.equal(new Float32Array(bytesOf(packed.bdata).buffer)[3 * 20 + 5], 305);
});
