import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import { randomFrom } from "lib/core/random.ts";
import { countOutcomes, decide, labelScores, macroF1 } from "lib/evaluation/metrics.ts";
import {
  crossFit,
  crossFitByLabel,
  macroF1Curve,
  splitForThreshold,
  takeRows,
  tuneThreshold,
  tuneThresholds,
} from "lib/evaluation/threshold.ts";

interface Tuned {
  scores: number[];
  targets: number[];
  threshold: number;
  macroF1: number;
}

// tests/fixtures/evaluation/make_metrics.py: scikit-learn's F1 at every point, one by one
const { tuned } = readJson<{ tuned: Tuned[] }>(
  projectPath("tests", "fixtures", "evaluation", "metrics.json"),
);

function example(seed: number, rows: number) {
  const random = randomFrom("threshold", seed);
  const targets = Uint8Array.from({ length: rows * 11 }, () => random.chance(0.25) ? 1 : 0);
  const scores = Float32Array.from(targets, (y) => 0.4 * y + 0.6 * random.uniform());
  return { random, targets, scores };
}

tuned.forEach(({ scores, targets, threshold, macroF1 }, k) => {
  Deno.test(`the tuned threshold is the one that scikit-learn finds point by point (${k})`, () => {
    const best = tuneThreshold(scores, targets);
    // the points are sums and products of the same doubles in another order
    assert.ok(Math.abs(best.threshold - threshold) < 1e-12, `${best.threshold} ${threshold}`);
    assert.ok(Math.abs(best.macroF1 - macroF1) < 1e-12, `${best.macroF1} ${macroF1}`);
  });
});

Deno.test("the curve is macro-F1 at each point, also where scores lie on points", () => {
  const { targets } = example(0, 50);
  const random = randomFrom("threshold", "on points");
  const scores = Float32Array.from(targets, () => random.integer(0, 9) / 8);
  const points = Float64Array.from({ length: 17 }, (_, k) => k / 16);
  macroF1Curve(scores, targets, { points }).forEach((value, k) => {
    const expected = macroF1(countOutcomes(decide(scores, points[k]), targets));
    assert.ok(Math.abs(value - expected) < 1e-12, `at ${points[k]}: ${value}, ${expected}`);
  });
});

Deno.test("halves share no group and leave no row out", () => {
  const { random } = example(1, 1);
  const groups = Array.from({ length: 300 }, () => `song ${random.integer(0, 41)}`);
  const [first, second] = splitForThreshold(groups, random);
  const names = (rows: Int32Array) => new Set(Array.from(rows, (row) => groups[row]));
  assert.equal(names(first).intersection(names(second)).size, 0);
  assert.deepEqual([...first, ...second].sort((a, b) => a - b), [...groups.keys()]);
  assert.ok(Math.abs(names(first).size - names(second).size) <= 1);
});

Deno.test("halves depend on the seed alone", () => {
  const groups = Array.from({ length: 100 }, (_, k) => k % 30);
  const split = (seed: number) => splitForThreshold(groups, randomFrom(seed));
  assert.deepEqual(split(1), split(1));
  assert.notDeepEqual(split(1), split(2));
});

Deno.test("each half is decided at the other half's threshold", () => {
  const { random, targets, scores } = example(2, 80);
  // what one half needs would ruin the other: its scores are all lower
  const groups = Array.from({ length: 80 }, (_, row) => row % 20);
  const halves = splitForThreshold(groups, random);
  for (const row of halves[0]) for (let l = 0; l < 11; l++) scores[row * 11 + l] *= 0.3;
  const { decisions, thresholds } = crossFit(scores, targets, { halves });
  const tunedOn = halves.map((rows) =>
    tuneThreshold(takeRows(scores, rows), takeRows(targets, rows)).threshold
  );
  assert.deepEqual(thresholds, [tunedOn[1], tunedOn[0]]);
  assert.ok(tunedOn[1] > tunedOn[0] + 0.1);
  halves.forEach((rows, half) => {
    const expected = decide(takeRows(scores, rows), tunedOn[1 - half]);
    assert.deepEqual(takeRows(decisions, rows), expected);
  });
});

Deno.test("each label's own threshold has its highest F1 of all", () => {
  const { targets, scores } = example(4, 60);
  // one label on another scale, one in no row
  for (let row = 0; row < 60; row++) {
    scores[row * 11 + 3] *= 0.05;
    targets[row * 11 + 7] = 0;
  }
  const thresholds = tuneThresholds(scores, targets), common = tuneThreshold(scores, targets);
  assert.equal(thresholds[7], common.threshold);
  const f1 = (label: number, threshold: number) =>
    labelScores(countOutcomes(decide(scores, threshold), targets))[label].f1;
  thresholds.forEach((own, label) => {
    const best = f1(label, own);
    for (let point = 0; point < 1000; point++) assert.ok(f1(label, point / 999) <= best + 1e-12);
  });
  const together = macroF1(countOutcomes(decide(scores, thresholds), targets));
  assert.ok(together > common.macroF1 + 0.01, `${together} ${common.macroF1}`);
});

Deno.test("labels' thresholds on either half are those that were tuned on the other", () => {
  const { random, targets, scores } = example(5, 60);
  const groups = Array.from({ length: 60 }, (_, row) => row % 20);
  const halves = splitForThreshold(groups, random);
  const { decisions, thresholds } = crossFitByLabel(scores, targets, { halves });
  halves.forEach((rows, half) => {
    const other = halves[1 - half];
    const tuned = tuneThresholds(takeRows(scores, other), takeRows(targets, other));
    assert.deepEqual(thresholds[half], tuned);
    assert.deepEqual(takeRows(decisions, rows), decide(takeRows(scores, rows), tuned));
  });
});

Deno.test("changing the scored half's targets does not move its threshold", () => {
  const { random, targets, scores } = example(3, 60);
  const halves = splitForThreshold([...targets.keys()].slice(0, 60), random);
  const before = crossFit(scores, targets, { halves });
  const changed = targets.slice();
  for (const row of halves[0]) for (let l = 0; l < 11; l++) changed[row * 11 + l] ^= 1;
  const after = crossFit(scores, changed, { halves });
  assert.equal(after.thresholds[0], before.thresholds[0]);
  assert.notEqual(after.thresholds[1], before.thresholds[1]);
});

Deno.test("threshold tuning refuses what it cannot do", () => {
  assert.throws(() => tuneThreshold([], []), /no rows/);
  assert.throws(() => tuneThreshold(new Float32Array(22), new Uint8Array(11)), /22 scores with 11/);
  assert.throws(() => splitForThreshold(["a", "a"], randomFrom(0)), /two are needed/);
});
