import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { aggregateChunks, AGGREGATIONS } from "lib/evaluation/aggregate.ts";
import { decide } from "lib/evaluation/metrics.ts";

const close = (actual: Float32Array, expected: number[]) =>
  // float32 results
  actual.forEach((value, k) =>
    assert.ok(Math.abs(value - expected[k]) < 1e-6, `${value} instead of ${expected[k]}`)
  );

// two labels; file 0 has three chunks, file 1 one; chunks of a file need not be neighbours
const scores = [0.2, 0.9, 0.5, 0.5, 0.8, 0.1, 0.5, 0.3];
const groups = [0, 1, 0, 0], options = { labels: 2 };
const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const logit = (p: number) => Math.log(p / (1 - p));

Deno.test("chunks are aggregated as by hand", () => {
  close(aggregateChunks(scores, groups, options), [0.8, 0.9, 0.5, 0.5]);
  close(aggregateChunks(scores, groups, { ...options, by: "meanProbability" }), [
    1.5 / 3,
    1.3 / 3,
    0.5,
    0.5,
  ]);
  close(aggregateChunks(scores, groups, { ...options, by: "meanLogit" }), [
    0.5,
    logistic((logit(0.9) + logit(0.1) + logit(0.3)) / 3),
    0.5,
    0.5,
  ]);
  close(aggregateChunks(scores, groups, { ...options, by: "sumRescale" }), [1, 1.3 / 1.5, 1, 1]);
  // numpy.percentile([.2, .5, .8], 90) = .74; of [.1, .3, .9]: .3 + .8 * .6
  close(aggregateChunks(scores, groups, { ...options, by: "percentile90" }), [
    0.74,
    0.78,
    0.5,
    0.5,
  ]);
});

Deno.test("the maximum decides as the union of the chunks' decisions, at any threshold", () => {
  const random = randomFrom("aggregate");
  const many = Float32Array.from({ length: 60 * 11 }, () => random.uniform());
  const files = Int32Array.from({ length: 60 }, (_, k) => k % 13);
  const aggregated = aggregateChunks(many, files);
  for (const threshold of [0, 0.3, 0.7, 0.95]) {
    const union = new Uint8Array(13 * 11);
    decide(many, threshold).forEach((y, k) => union[files[Math.floor(k / 11)] * 11 + k % 11] |= y);
    assert.deepEqual(decide(aggregated, threshold), union);
  }
});

Deno.test("files of one chunk keep their scores, but for the rescaled ones", () => {
  const one = Float32Array.from([0.25, 0.5, 0.75, 0.125]);
  for (const by of AGGREGATIONS) {
    const expected = by === "sumRescale" ? [0.5, 1, 1, 1 / 6] : [...one];
    close(aggregateChunks(one, [0, 1], { ...options, by }), expected);
  }
});

Deno.test("certain and impossible chunks leave a mean logit finite; no score leaves rescaling finite", () => {
  close(aggregateChunks([1, 0, 0, 0], [0, 0], { labels: 2, by: "meanLogit" }), [0.5, 1e-6]);
  close(aggregateChunks([0, 0], [0], { labels: 2, by: "sumRescale" }), [0, 0]);
});

Deno.test("aggregation refuses shapes that do not fit and files without chunks", () => {
  assert.throws(() => aggregateChunks(scores, [0, 1], options), /8 scores of 2 chunks/);
  assert.throws(() => aggregateChunks(scores, [0, 2, 0, 0], options), /file 1 has no chunk/);
});
