import assert from "node:assert/strict";
import { fitLogisticRegression } from "lib/baselines/logistic_regression.ts";
import { randomFrom } from "lib/core/random.ts";
import { mlp } from "lib/nn/backbones/mlp.ts";
import { binding, tf } from "lib/nn/engine/mod.ts";
import { dense } from "lib/nn/layers/dense.ts";
import { fitRows } from "lib/train/fit_rows.ts";
import { relativeError } from "../nn/wave.ts";

const COLUMNS = 3;
const random = randomFrom("rows");
const rows = {
  values: Float64Array.from({ length: 240 * COLUMNS }, () => random.normal()),
  columns: COLUMNS,
};
const rowAt = (k: number) => rows.values.subarray(k * COLUMNS, (k + 1) * COLUMNS);
const targetsOf = (isThere: (x: Float64Array) => boolean) =>
  Uint8Array.from({ length: 240 }, (_, k) => Number(isThere(rowAt(k))));
const SETTINGS = {
  seed: 1,
  epochs: 60,
  batchSize: 40,
  schedule: { maxLearningRate: 0.02, warmFraction: 0.3, startDivisor: 25, endDivisor: 1e4 },
  optimizer: { weightDecay: 0 },
};

Deno.test("a linear layer without decay ends at logistic regression's minimum", async () => {
  const noisy = randomFrom("noise");
  const targets = targetsOf(([a, b]) => a - 0.5 * b + noisy.normal() > 0.3);
  const { scores } = fitLogisticRegression(rows, targets, { classes: 2, C: 1e6 });
  const expected = scores(rows).filter((_, k) => k % 2 === 1);
  const linear = dense("d", { inputs: COLUMNS, outputs: 1 });
  const fitted = await fitRows(linear, { rows, targets }, {
    ...SETTINGS,
    epochs: 400,
    batchSize: 240,
    schedule: { ...SETTINGS.schedule, maxLearningRate: 0.1 },
  });
  // Adam in float32, 400 steps whose last are small
  assert.ok(relativeError(fitted(rows), expected) < 1e-3);
});

Deno.test("two layers learn what no linear one can, each time the same, and nothing is left behind", async () => {
  const targets = targetsOf(([a, b]) => a * b > 0);
  const counts = () => [tf.memory().numTensors, binding!.getNumOfTensors()];
  const before = counts();
  const fit = async (seed: number) => {
    const network = mlp({ features: COLUMNS, width: 32, outputs: 1 });
    return (await fitRows(network, { rows, targets }, { ...SETTINGS, seed }))(rows);
  };
  const [first, second, other] = [await fit(1), await fit(1), await fit(2)];
  assert.deepEqual(first, second);
  assert.notDeepEqual(first, other);
  const right = first.filter((p, k) => (p > 0.5) === (targets[k] === 1)).length;
  // a line through the plane gets half of four quadrants right
  assert.ok(right > 0.95 * targets.length, `${right} of ${targets.length}`);
  assert.deepEqual(counts(), before);
});

Deno.test("too few rows, and a loss that is no number, are errors", async () => {
  const linear = dense("d", { inputs: COLUMNS, outputs: 1 }), targets = targetsOf(() => true);
  await assert.rejects(
    fitRows(linear, { rows, targets }, { ...SETTINGS, batchSize: 241 }),
    /240 rows do not fill a batch of 241/,
  );
  const broken = { ...rows, values: rows.values.map((x, k) => k === 0 ? NaN : x) };
  await assert.rejects(
    fitRows(linear, { rows: broken, targets }, { ...SETTINGS, batchSize: 240 }),
    /the loss is NaN at step 1 \(learning rate 0\.000800\)/,
  );
});
