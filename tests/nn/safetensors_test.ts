import assert from "node:assert/strict";
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
} from "lib/nn/safetensors.ts";

const FIXTURE = "tests/fixtures/safetensors/three.safetensors";

Deno.test("a file of the safetensors package is read, half precision and int8 too", () => {
  const { tensors, metadata } = readSafetensors(FIXTURE);
  assert.deepEqual(metadata, { source: "test" });
  const single = tensors.get("single")!, half = tensors.get("half")!;
  assert.deepEqual(single.shape, [2, 3]);
  assert.deepEqual([...single.data], [0.5, -1.25, 3e-8, 1e30, 0, -7].map(Math.fround));
  // 6e-8 becomes the least subnormal, 2^-24
  assert.deepEqual([...half.data], [1, -0.333251953125, 65504, 2 ** -24, 0].map(Math.fround));
  assert.deepEqual([...tensors.get("whole")!.data], [-128, 0, 127]);
});

Deno.test("what is written is read back bit for bit", () => {
  const content: Safetensors = {
    tensors: new Map([
      ["a", { shape: [2, 2], data: Float32Array.of(1, NaN, -Infinity, 1e-45) }],
      ["ä.weight", { shape: [], data: Float32Array.of(3) }],
      ["empty", { shape: [0, 4], data: new Float32Array(0) }],
    ]),
    metadata: { step: "12" },
  };
  const bytes = encodeSafetensors(content);
  assert.deepEqual(decodeSafetensors(bytes, "memory"), content);
  // the format asks for data that begin at a multiple of eight bytes
  assert.equal(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8, 0);
});

Deno.test("values that do not fill their shape are refused", () => {
  const tensors = new Map([["a", { shape: [3], data: new Float32Array(2) }]]);
  assert.throws(() => encodeSafetensors({ tensors, metadata: {} }), /a: shape \[3\].*2 values/);
});

Deno.test("a damaged file is one clear error that names it", () => {
  const whole = Deno.readFileSync(FIXTURE);
  for (const length of [0, 5, 40, whole.length - 1]) {
    assert.throws(
      () => decodeSafetensors(whole.slice(0, length), "net.safetensors"),
      /cannot read the weights in net\.safetensors: /,
    );
  }
  const text = new TextEncoder().encode("this is no such file, but long enough to be one");
  assert.throws(() => decodeSafetensors(text, "x"), /no safetensors file/);
  assert.throws(() => readSafetensors("nowhere.safetensors"), /no weights at nowhere/);
});
