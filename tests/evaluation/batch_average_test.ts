import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { batchAveragedF1 } from "lib/evaluation/batch_average.ts";
import { countOutcomes, macroF1 } from "lib/evaluation/metrics.ts";

// tests/fixtures/evaluation/make_scores.py
const { pairs: { decisions, targets }, batchAverages } = readJson<{
  pairs: { decisions: number[]; targets: number[] };
  batchAverages: { batchSize: number; f1: number }[];
}>("tests/fixtures/evaluation/scores.json");

Deno.test("the mean over batches is that of torchmetrics' macro-F1", () => {
  for (const { batchSize, f1 } of batchAverages) {
    // torchmetrics counts in single precision
    assert.ok(Math.abs(batchAveragedF1(decisions, targets, { batchSize, labels: 5 }) - f1) < 1e-6);
  }
});

Deno.test("a perfect system scores the share of labels that occur in a batch, whatever it knows", () => {
  const sounding = [1, 0, 1, 0, 0, 1, 0, 1];
  const perfect = (batchSize: number, order?: number[]) =>
    batchAveragedF1(sounding, sounding, { batchSize, labels: 2, order });
  assert.equal(perfect(1), 1 / 2);
  assert.equal(perfect(2), 1 / 2);
  assert.equal(perfect(2, [0, 2, 1, 3]), 1);
  assert.equal(perfect(3), (3 * 1 + 1 * (1 / 2)) / 4);
  assert.equal(perfect(4), 1);
});

Deno.test("one batch of all rows is macro-F1 itself, in any order", () => {
  const order = Array.from({ length: 90 }, (_, k) => (7 * k) % 90);
  const expected = macroF1(countOutcomes(decisions, targets, { labels: 5 }));
  assert.equal(batchAveragedF1(decisions, targets, { batchSize: 90, labels: 5 }), expected);
  assert.equal(batchAveragedF1(decisions, targets, { batchSize: 99, labels: 5, order }), expected);
});
