import assert from "node:assert/strict";
import { labelQuality } from "lib/curation/confident_learning.ts";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { rank, rocAreas } from "lib/evaluation/ranking.ts";
import { formulaProbabilities } from "../label_quality_formulas.ts";

interface Case {
  rows: number;
  classes: number;
  missing: number | null;
  predictedNotGiven: number[];
  averagePrecision: number;
  averagePrecisionWeighted: number;
  curve: { precision: number[]; recall: number[]; thresholds: number[] };
}

const { cases } = readJson<{ cases: Case[] }>("tests/fixtures/label_quality/cleanlab.json");

/** As the fixture's script: two decimals, so that scores are equal. */
const scoresOf = (one: Case) =>
  labelQuality(formulaProbabilities(one)).map((quality) => -Math.round(quality * 100) / 100);

Deno.test("average precision, weighted too, and the curve are scikit-learn's, equal scores included", () => {
  for (const one of cases) {
    const ranking = rank(scoresOf(one), one.predictedNotGiven);
    assert.ok(Math.abs(ranking.averagePrecision() - one.averagePrecision) < 1e-12);
    const weights = one.predictedNotGiven.map((_, n) => n % 3);
    const weighted = ranking.averagePrecision(weights);
    assert.ok(Math.abs(weighted - one.averagePrecisionWeighted) < 1e-12);
    // scikit-learn's goes from the lowest score on, and ends with a point of its own at recall 0
    const { precision, recall, thresholds } = ranking.curve();
    assert.deepEqual([...recall].reverse(), one.curve.recall.slice(0, -1));
    assert.deepEqual([...precision].reverse(), one.curve.precision.slice(0, -1));
    assert.deepEqual([...thresholds].reverse(), one.curve.thresholds);
  }
});

Deno.test("a perfect ranking has 1, the same score for all the share, the worst one what a sum says", () => {
  const targets = [1, 1, 0, 0, 0, 0, 0, 0];
  assert.equal(rank([8, 7, 6, 5, 4, 3, 2, 1], targets).averagePrecision(), 1);
  assert.equal(rank(targets.map(() => 3), targets).averagePrecision(), 2 / 8);
  assert.equal(rank([1, 2, 3, 4, 5, 6, 7, 8], targets).averagePrecision(), (1 / 7 + 2 / 8) / 2);
});

interface RocCase {
  scores: number[];
  targets: number[];
  weights: number[];
  area: number;
  weightedArea: number;
  falsePositiveRate: number[];
  truePositiveRate: number[];
  thresholds: number[];
}

// tests/fixtures/evaluation/make_scores.py
const { roc } = readJson<{ roc: RocCase[] }>("tests/fixtures/evaluation/scores.json");

Deno.test("the receiver operating characteristic and its area are scikit-learn's, equal scores included", () => {
  for (const one of roc) {
    const ranking = rank(one.scores, one.targets);
    assert.ok(Math.abs(ranking.rocArea() - one.area) < 1e-12);
    assert.ok(Math.abs(ranking.rocArea(one.weights) - one.weightedArea) < 1e-12);
    const { falsePositiveRate, truePositiveRate, thresholds } = ranking.rocCurve();
    assert.deepEqual([...falsePositiveRate], one.falsePositiveRate);
    assert.deepEqual([...truePositiveRate], one.truePositiveRate);
    assert.deepEqual([...thresholds], one.thresholds);
  }
});

Deno.test("the area is 1 for a perfect ranking, 0 for its reverse, a half for the same score for all", () => {
  const targets = [1, 1, 0, 0, 0];
  assert.equal(rank([5, 4, 3, 2, 1], targets).rocArea(), 1);
  assert.equal(rank([1, 2, 3, 4, 5], targets).rocArea(), 0);
  assert.equal(rank([1, 1, 1, 1, 1], targets).rocArea(), 0.5);
  assert.equal(rank([1, 2], [1, 1]).rocArea(), NaN);
});

Deno.test("areas of labels are means over runs, and their intervals come from whole groups", () => {
  const [{ scores, targets, area }, ties] = roc;
  const beside = (...columns: number[][]) =>
    columns[0].flatMap((_, row) => columns.map((column) => column[row]));
  const reversed = scores.map((score) => -score);
  const areas = rocAreas([beside(scores, reversed), beside(ties.scores, reversed)], [
    ...beside(targets, targets),
  ], { labels: 2, groups: scores.map((_, row) => row), random: randomFrom("areas"), samples: 400 });
  const expected = [(area + ties.area) / 2, 1 - area];
  areas.forEach(({ value, low, high }, label) => {
    assert.ok(Math.abs(value - expected[label]) < 1e-12);
    assert.ok(low < value && value < high);
  });
  // two groups, of which each has the same rows: no draw differs from another
  const twice = [...scores, ...scores];
  const [same] = rocAreas([twice], [...targets, ...targets], {
    labels: 1,
    groups: twice.map((_, row) => row < scores.length ? 0 : 1),
    random: randomFrom("areas"),
    samples: 20,
  });
  assert.ok(same.high - same.low < 1e-12 && Math.abs(same.value - area) < 1e-12);
});

Deno.test("what cannot be ranked is refused", () => {
  assert.throws(() => rank([1], [1, 0]), /2 rows by 1 scores/);
  assert.throws(() => rank([1, NaN], [1, 0]), /row 1: its score is NaN/);
  assert.throws(() => rank([1, 2], [0, 0]), /none of the rows/);
});
