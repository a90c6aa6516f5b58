import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { stretchRows } from "lib/nn/layers/stretch.ts";

const rows = readJson<Record<string, number[]>>("tests/fixtures/nn/stretch/stretch.json");

for (const [heights, expected] of Object.entries(rows)) {
  const [from, to] = heights.split(" ").map(Number);
  Deno.test(`${from} rows stretched to ${to} are those that PyTorch takes`, () => {
    // two pictures of two columns with three channels: all of a row goes with it
    const x = tf.range(0, from).reshape([1, from, 1, 1]).tile([2, 1, 2, 3]);
    const y = stretchRows(x, to);
    assert.deepEqual(y.shape, [2, to, 2, 3]);
    assert.deepEqual(
      [...y.dataSync()],
      [expected, expected].flat().flatMap((k) => Array(6).fill(k)),
    );
  });
}
