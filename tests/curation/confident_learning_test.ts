import assert from "node:assert/strict";
import {
  adjustProbabilities,
  confidentJoint,
  confidentThresholds,
  findLabelIssues,
  labelQuality,
} from "lib/curation/confident_learning.ts";
import { readJson } from "lib/core/files.ts";
import { formulaProbabilities } from "../label_quality_formulas.ts";

interface Case {
  rows: number;
  classes: number;
  missing: number | null;
  thresholds: number[];
  adjusted: number[][];
  selfConfidence: number[];
  selfConfidenceAdjusted: number[];
  normalizedMargin: number[];
  normalizedMarginAdjusted: number[];
  entropy: number[];
  joint: number[][];
  confidentLearning: number[];
  predictedNotGiven: number[];
}

const { cases } = readJson<{ cases: Case[] }>("tests/fixtures/label_quality/cleanlab.json");

function close(ours: ArrayLike<number>, theirs: ArrayLike<number>): void {
  assert.equal(ours.length, theirs.length);
  const error = Math.max(...Array.from(ours, (x, k) => Math.abs(x - theirs[k])));
  // same formulas in doubles; the fixture's matrix has ten digits
  assert.ok(error < 1e-9, `off by ${error}`);
}

Deno.test("label quality is cleanlab's, by every method, as it is and adjusted", () => {
  for (const one of cases) {
    const judged = formulaProbabilities(one);
    close(confidentThresholds(judged), one.thresholds);
    close(adjustProbabilities(judged), one.adjusted.flat());
    close(labelQuality(judged), one.selfConfidenceAdjusted);
    close(labelQuality(judged, { adjust: false }), one.selfConfidence);
    close(labelQuality(judged, { method: "normalized-margin" }), one.normalizedMarginAdjusted);
    const margin = { method: "normalized-margin", adjust: false } as const;
    close(labelQuality(judged, margin), one.normalizedMargin);
    close(labelQuality(judged, { method: "confidence-weighted-entropy" }), one.entropy);
  }
});

Deno.test("the confident joint and the labels that are taken for wrong are cleanlab's", () => {
  for (const one of cases) {
    const judged = formulaProbabilities(one);
    assert.deepEqual([...confidentJoint(judged)], one.joint.flat());
    assert.deepEqual(
      [...findLabelIssues(judged, { by: "confident joint" })],
      one.confidentLearning,
    );
    assert.deepEqual(
      [...findLabelIssues(judged, { by: "likeliest class" })],
      one.predictedNotGiven,
    );
  }
});

Deno.test("a row that no class is sure of is no issue of the confident joint", () => {
  // the thresholds are 0.9 and (0.9 + 0.45) / 2
  const judged = { probabilities: [0.9, 0.1, 0.1, 0.9, 0.55, 0.45], labels: [0, 1, 1], classes: 2 };
  assert.deepEqual([...findLabelIssues(judged, { by: "likeliest class" })], [0, 0, 1]);
  assert.deepEqual([...findLabelIssues(judged, { by: "confident joint" })], [0, 0, 0]);
});

Deno.test("labels that cannot be judged are refused", () => {
  const judged = { probabilities: [0.5, 0.5], labels: [0], classes: 2 };
  assert.throws(() => labelQuality({ ...judged, labels: [0, 1] }), /2 labels by 2 probabilities/);
  assert.throws(() => labelQuality({ ...judged, labels: [2] }), /label 2 of row 0: .* 0 to 1/);
  const entropy = { method: "confidence-weighted-entropy", adjust: true } as const;
  assert.throws(() => labelQuality(judged, entropy), /as they are/);
});
