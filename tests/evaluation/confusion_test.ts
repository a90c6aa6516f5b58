import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { confusionMatrix, substitutions } from "lib/evaluation/confusion.ts";

interface Fixture {
  confusion: { truth: number[]; predicted: number[]; counts: number[] };
  pairs: {
    decisions: number[];
    targets: number[];
    counts: number[];
    share: number[];
    excess: number[];
  };
}

// tests/fixtures/evaluation/make_scores.py
const { confusion, pairs } = readJson<Fixture>("tests/fixtures/evaluation/scores.json");
const labels = 5;
const flat = (matrix: Float64Array[]) => matrix.flatMap((row) => [...row]);
const offDiagonal = (matrix: Float64Array[]) =>
  matrix.flatMap((row, k) => [...row].filter((_, other) => other !== k));

Deno.test("the confusion matrix of one label is scikit-learn's", () => {
  const counts = confusionMatrix(confusion.truth, confusion.predicted, { labels });
  assert.deepEqual(flat(counts), confusion.counts);
});

Deno.test("what is said in the place of what is missed is what matrix products count", () => {
  const { counts, share, excess } = substitutions(pairs.decisions, pairs.targets, { labels });
  assert.deepEqual(flat(counts), pairs.counts);
  // the same quotients of the same whole numbers
  assert.deepEqual(offDiagonal(share), pairs.share);
  offDiagonal(excess).forEach((value, k) => assert.ok(Math.abs(value - pairs.excess[k]) < 1e-15));
  assert.ok(share.every((row, k) => Number.isNaN(row[k])));
});

Deno.test("one label said for another, and one said everywhere: an excess of 1, and of none", () => {
  // label 0 sounds in every other row and is always called 1; label 2 never sounds and is always said
  const targets = [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0];
  const decisions = [0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1];
  const { counts, share, excess } = substitutions(decisions, targets, { labels: 3 });
  assert.deepEqual([...counts[0]], [0, 2, 2]);
  assert.deepEqual([share[0][1], share[0][2]], [1, 1]);
  assert.deepEqual([excess[0][1], excess[0][2]], [1, 0]);
});

Deno.test("what does not belong together is refused", () => {
  assert.throws(() => confusionMatrix([1, 2], [1]), /1 predictions with 2/);
  assert.throws(() => substitutions([1, 0], [1, 0, 1], { labels: 2 }), /2 values with 3 targets/);
});
