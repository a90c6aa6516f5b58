import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import { randomFrom } from "lib/core/random.ts";
import {
  bestLabels,
  countOutcomes,
  decide,
  labelScores,
  macroF1,
  microF1,
  oneHot,
  rankingPrecisions,
  rowF1s,
  weightedMean,
} from "lib/evaluation/metrics.ts";
import {
  type MultiLabelScores,
  multiLabelScores,
  trivialBaselines,
} from "lib/evaluation/trivial.ts";

interface Multi extends MultiLabelScores {
  name: string;
  threshold: number;
  scores: number[];
  targets: number[];
  weights: number[] | null;
  precision: number[];
  recall: number[];
  f1: number[];
  support: number[];
}

interface Fixture {
  multi: Multi[];
  single: { name: string; scores: number[]; labels: number[]; accuracy: number; macroF1: number }[];
  prior: MultiLabelScores & { targets: number[] };
}

// tests/fixtures/evaluation/make_metrics.py
const fixture = readJson<Fixture>(projectPath("tests", "fixtures", "evaluation", "metrics.json"));
const METRICS = [
  "macroF1",
  "microF1",
  "rankingAveragePrecision",
  "hamming",
  "exactMatch",
] as const;

/** Both sides are sums of at most some hundred doubles in [0, 1]. */
const close = (actual: number, expected: number, what: string) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${what}: ${actual}, expected ${expected}`);

for (const expected of fixture.multi) {
  Deno.test(`multi-label metrics equal scikit-learn's: ${expected.name}`, () => {
    const decisions = decide(expected.scores, expected.threshold);
    const weights = expected.weights ?? undefined;
    const scores = multiLabelScores(expected.scores, expected.targets, { decisions, weights });
    for (const metric of METRICS) close(scores[metric], expected[metric], metric);
    labelScores(countOutcomes(decisions, expected.targets, { weights })).forEach((label, k) => {
      close(label.precision, expected.precision[k], `precision of ${k}`);
      close(label.recall, expected.recall[k], `recall of ${k}`);
      close(label.f1, expected.f1[k], `F1 of ${k}`);
      close(label.support, expected.support[k], `support of ${k}`);
    });
  });
}

for (const { name, scores, labels, accuracy, macroF1: expected } of fixture.single) {
  Deno.test(`single-label metrics equal scikit-learn's: ${name}`, () => {
    const best = bestLabels(scores);
    close(weightedMean(best.map((label, k) => label === labels[k] ? 1 : 0)), accuracy, "accuracy");
    close(macroF1(countOutcomes(oneHot(best), oneHot(labels))), expected, "macro-F1");
  });
}

Deno.test("the prior baseline equals scikit-learn's DummyClassifier", () => {
  const { targets, ...expected } = fixture.prior;
  const { prior } = trivialBaselines(targets);
  for (const metric of METRICS) close(prior[metric], expected[metric], metric);
});

Deno.test("all zeros and all ones score what arithmetic says", () => {
  // three rows with 1, 2 and 0 of four labels
  const targets = [1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0];
  const { zeros, ones } = trivialBaselines(targets, { labels: 4 });
  assert.equal(zeros.hamming, 9 / 12);
  assert.equal(zeros.macroF1, 0);
  assert.equal(zeros.exactMatch, 1 / 3);
  assert.equal(ones.hamming, 3 / 12);
  close(ones.macroF1, (4 / 5 + 2 / 4) / 4, "macro-F1: F1 = 2p / (1 + p) of two labels");
  assert.equal(ones.microF1, 2 * 3 / (12 + 3));
  // equal scores: every label ranks last, so a row scores its share of labels; an empty one 1
  close(ones.rankingAveragePrecision, (1 / 4 + 2 / 4 + 1) / 3, "LRAP");
});

Deno.test("whole weights are the same as repeated rows", () => {
  const random = randomFrom("metrics", "weights");
  const rows = 20, weights = Array.from({ length: rows }, () => random.integer(0, 4));
  const scores = Float32Array.from({ length: rows * 11 }, () => random.uniform());
  const targets = Uint8Array.from(scores, () => random.chance(0.3) ? 1 : 0);
  const repeat = (matrix: ArrayLike<number>) =>
    weights.flatMap((times, row) =>
      Array(times).fill(Array.from(matrix).slice(row * 11, row * 11 + 11)).flat()
    );
  const weighted = multiLabelScores(scores, targets, { decisions: decide(scores, 0.4), weights });
  const many = repeat(scores);
  const repeated = multiLabelScores(many, repeat(targets), { decisions: decide(many, 0.4) });
  for (const metric of METRICS) close(weighted[metric], repeated[metric], metric);
});

Deno.test("a metric refuses what it cannot compare", () => {
  assert.throws(() => countOutcomes(new Uint8Array(22), new Uint8Array(11)), /22 values with 11/);
  assert.throws(() => countOutcomes([1, 0, 1], [1, 0, 1], { labels: 2 }), /2 a row/);
  assert.throws(
    () => countOutcomes(new Uint8Array(22), new Uint8Array(22), { weights: [1] }),
    /2 rows with 1 weights/,
  );
  const scores = new Float32Array(22).fill(0.5);
  scores[13] = NaN;
  assert.throws(() => rankingPrecisions(scores, new Uint8Array(22)), /NaN of row 1, label 2/);
  assert.throws(() => bestLabels(scores), /NaN/);
});

Deno.test("micro-F1 of one label is its F1", () => {
  const outcomes = countOutcomes([1, 1, 0, 1], [1, 0, 1, 1], { labels: 1 });
  assert.equal(microF1(outcomes), 2 / 3);
  assert.equal(macroF1(outcomes), 2 / 3);
});

Deno.test("F1 of each row is scikit-learn's", () => {
  // tests/fixtures/evaluation/make_scores.py
  const { pairs, rowF1s: expected } = readJson<{
    pairs: { decisions: number[]; targets: number[] };
    rowF1s: number[];
  }>(projectPath("tests", "fixtures", "evaluation", "scores.json"));
  const found = rowF1s(pairs.decisions, pairs.targets, { labels: 5 });
  found.forEach((f1, row) => close(f1, expected[row], `row ${row}`));
  assert.equal(found.length, expected.length);
  assert.deepEqual([...rowF1s([0, 0], [0, 0], { labels: 2 })], [0]);
});
