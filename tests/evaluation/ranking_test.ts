import assert from "node:assert/strict";
import { labelQuality } from "lib/curation/confident_learning.ts";
import { readJson } from "lib/core/files.ts";
import { rank } from "lib/evaluation/ranking.ts";
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

Deno.test("what cannot be ranked is refused", () => {
  assert.throws(() => rank([1], [1, 0]), /2 rows by 1 scores/);
  assert.throws(() => rank([1, NaN], [1, 0]), /row 1: its score is NaN/);
  assert.throws(() => rank([1, 2], [0, 0]), /none of the rows/);
});
