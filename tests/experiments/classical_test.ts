import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { instrumentIndex, INSTRUMENTS } from "lib/datasets/labels.ts";
import { loadFeatures } from "lib/datasets/published.ts";
import { recordingOf } from "lib/datasets/split.ts";
import { countOutcomes, macroF1, oneHot } from "lib/evaluation/metrics.ts";
import {
  answerTask,
  type ClassicalModel,
  compareClassical,
  formatClassical,
} from "lib/experiments/classical.ts";

interface Fixture {
  fold0:
    & { test: number }
    & Record<"logistic" | "knn" | "svm", { accuracy: number; macroF1: number }>;
}

const { fold0 } = readJson<Fixture>("tests/fixtures/published/published.json");
const features = loadFeatures("irmas_single_features_28");

Deno.test("on fold 0 of the real features, scikit-learn's scores", () => {
  const { folds } = readJson<{ folds: string[][] }>("experiments/folds/stratified_group_5.json");
  const held = new Set(folds[0]);
  const isTest = features.files.map((file, row) =>
    held.has(`${features.labels[row][0]}/${recordingOf(file)}`)
  );
  const where = (test: boolean) =>
    Int32Array.from(isTest.flatMap((own, row) => own === test ? row : []));
  const [train, test] = [where(false), where(true)];
  assert.equal(test.length, fold0.test);
  const truth = Uint8Array.from(test, (row) => instrumentIndex(features.labels[row][0]));
  for (
    const [model, expected] of [
      ["5 nearest neighbours", fold0.knn],
      ["logistic regression", fold0.logistic],
      ["RBF SVM, C = 10", fold0.svm],
    ] as [ClassicalModel, { accuracy: number; macroF1: number }][]
  ) {
    const table = "irmas_single_features_28" as const;
    const answers = answerTask({ table, model, train, test, key: "fold 0" });
    const accuracy = answers.filter((answer, k) => answer === truth[k]).length / truth.length;
    const f1 = macroF1(countOutcomes(oneHot(answers), oneHot(truth)));
    // Two of 1,342 clips: ties among neighbours and solvers that stop at a tolerance.
    assert.ok(Math.abs(accuracy - expected.accuracy) < 2.5 / 1342, `${model}: ${accuracy}`);
    assert.ok(Math.abs(f1 - expected.macroF1) < 0.003, `${model}: macro-F1 ${f1}`);
  }
});

Deno.test("nearest neighbours gain from clips of one recording on both sides", async () => {
  const result = await compareClassical({ models: ["5 nearest neighbours"], folds: 2, workers: 1 });
  const [trivial, neighbours] = result.scores;
  assert.deepEqual([result.clips, result.recordings], [6703, 2273]);
  // The largest class is the voice, whatever the split.
  const voices = features.labels.filter(([label]) => label === "voi").length;
  assert.equal(trivial.accuracy.random.value, voices / 6703);
  assert.ok(
    Math.abs(trivial.macroF1.random.value * INSTRUMENTS.length - 2 * voices / (voices + 6703)) <
      1e-12,
  );
  assert.equal(trivial.leak.value, 0);
  assert.ok(neighbours.leak.low > 0, "the interval of the leak excludes none");
  assert.ok(neighbours.accuracy["by recording"].low > trivial.accuracy.random.high);
  assert.match(formatClassical(result), /^5 nearest neighbours +0\.\d{3} \[/m);
});
