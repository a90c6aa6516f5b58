import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { completeColumns, onCanvas, stretchColumns, stretchRows } from "lib/nn/layers/stretch.ts";

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

Deno.test("columns are stretched as rows are", () => {
  const x = tf.randomNormal([2, 5, 7, 3]);
  const turned = stretchRows(x.transpose([0, 2, 1, 3]), 11).transpose([0, 2, 1, 3]);
  assert.deepEqual(stretchColumns(x, 11).arraySync(), turned.arraySync());
});

Deno.test("on a canvas a picture stands at the left, and the rest is each picture's own floor", () => {
  const x = tf.tensor4d([5, 3, 4, 8, 1, 9, 7, 2], [2, 2, 2, 1]);
  const wide = onCanvas(x, 4).squeeze([3]).arraySync();
  assert.deepEqual(wide, [[[5, 3, 3, 3], [4, 8, 3, 3]], [[1, 9, 1, 1], [7, 2, 1, 1]]]);
  assert.deepEqual(onCanvas(x, 2).arraySync(), x.arraySync());
  assert.throws(() => onCanvas(x, 1), /picture of 2 columns on a canvas of 1/);
});

Deno.test("columns are completed by the first ones, as often as it takes", () => {
  const x = tf.tensor4d([5, 3, 4, 8, 1, 9], [1, 2, 3, 1]);
  const rows = (multiple: number) => completeColumns(x, multiple).squeeze([0, 3]).arraySync();
  assert.deepEqual(rows(4), [[5, 3, 4, 5], [8, 1, 9, 8]]);
  assert.deepEqual(rows(8), [[5, 3, 4, 5, 3, 4, 5, 3], [8, 1, 9, 8, 1, 9, 8, 1]]);
  assert.deepEqual(rows(3), [[5, 3, 4], [8, 1, 9]]);
  assert.deepEqual(rows(2), [[5, 3, 4, 5], [8, 1, 9, 8]]);
});
