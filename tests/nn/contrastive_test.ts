import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { FAMILIES, INSTRUMENTS } from "lib/datasets/labels.ts";
import { compile, RandomStream, tf } from "lib/nn/engine/mod.ts";
import { embeddingHead } from "lib/nn/heads/embedding.ts";
import { INFERENCE, type Mode } from "lib/nn/layer.ts";
import { contrastiveLoss, type ContrastiveOptions } from "lib/nn/losses/contrastive.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";
import { relativeError, wave } from "./wave.ts";

const FIXTURE = readJson<{
  single: { labels: number[]; instruments: number; total: number; gradient: number[] };
  several: { sets: number[][]; total: number };
}>("tests/fixtures/pretraining/contrastive.json");

const ROWS = 12, DIMENSIONS = 8;
const OPTIONS = { temperature: 0.1, family: { factor: 0.3 } };
const vectors = tf.tensor2d(wave("embeddings", ROWS * DIMENSIONS, 1), [ROWS, DIMENSIONS]);

/** Label sets as [rows, 11]. */
function targetsOf(sets: readonly (readonly number[])[]): tf.Tensor2D {
  const targets = new Float32Array(sets.length * 11);
  sets.forEach((labels, row) => labels.forEach((label) => targets[row * 11 + label] = 1));
  return tf.tensor2d(targets, [sets.length, 11]);
}

const unit = (x: tf.Tensor) => x.div(x.square().sum(-1, true).sqrt());

/** The loss of vectors brought to length 1, and its gradient, compiled as in training. */
function differentiate(x: tf.Tensor, labels: tf.Tensor, options: ContrastiveOptions) {
  const run = compile((x: tf.Tensor, labels: tf.Tensor) => {
    const loss = (x: tf.Tensor) => contrastiveLoss(unit(x), labels, options);
    const { value, grads } = tf.valueAndGrads(loss)([x]);
    return [value, grads[0]];
  });
  const [value, gradient] = run(x, labels);
  return { value: value.dataSync()[0], gradient: [...gradient.dataSync()] };
}

Deno.test("with one label a clip both levels are pytorch-metric-learning's", () => {
  const labels = targetsOf(FIXTURE.single.labels.map((label) => [label]));
  const { value: instruments } = differentiate(vectors, labels, { temperature: 0.1 });
  const { value, gradient } = differentiate(vectors, labels, OPTIONS);
  // float32 against float64: exponents of up to 10
  assert.ok(Math.abs(instruments / FIXTURE.single.instruments - 1) < 1e-5);
  assert.ok(Math.abs(value / FIXTURE.single.total - 1) < 1e-5);
  assert.ok(relativeError(gradient, FIXTURE.single.gradient) < 1e-4);
});

Deno.test("with several, pairs count by the overlap of their sets", () => {
  const labels = targetsOf(FIXTURE.several.sets);
  const { value } = differentiate(vectors, labels, OPTIONS);
  assert.ok(Math.abs(value / FIXTURE.several.total - 1) < 1e-5);
});

Deno.test("families of one instrument each count the instruments again; without partners there is no loss", () => {
  const labels = targetsOf(FIXTURE.several.sets);
  const families = Object.fromEntries(INSTRUMENTS.map((code) => [code, [code]]));
  const plain = differentiate(vectors, labels, { temperature: 0.2 });
  const twice = differentiate(vectors, labels, {
    temperature: 0.2,
    family: { factor: 1, families },
  });
  assert.ok(Math.abs(twice.value / plain.value - 2) < 1e-6);
  const lonely = vectors.slice([0, 0], [3, DIMENSIONS]), apart = targetsOf([[0], [1], [3]]);
  const none = differentiate(lonely, apart, OPTIONS);
  assert.equal(none.value, 0);
  assert.ok(none.gradient.every((g) => g === 0));
});

Deno.test("a family's instruments come closer together than others, its clips of one instrument the closest", () => {
  // four clips of each instrument, placed at random, moved down the gradient
  const labels = Array.from({ length: 44 }, (_, k) => k % 11),
    targets = targetsOf(labels.map((k) => [k]));
  const step = compile((x: tf.Tensor) => {
    const loss = (x: tf.Tensor) => contrastiveLoss(unit(x), targets, OPTIONS);
    return [x.sub(tf.grad(loss)(x).mul(2))];
  });
  let x: tf.Tensor = tf.randomNormal([44, 16], 0, 1, "float32", 3);
  for (let k = 0; k < 300; k++) [x] = step(x);
  const cosines = tf.matMul(unit(x) as tf.Tensor2D, unit(x) as tf.Tensor2D, false, true)
    .arraySync() as number[][];
  const family = labels.map((label) =>
    Object.values(FAMILIES).findIndex((codes) => codes.includes(INSTRUMENTS[label]))
  );
  const sums = [0, 0, 0], counts = [0, 0, 0];
  cosines.forEach((row, i) =>
    row.forEach((cosine, j) => {
      if (i === j) return;
      const kind = labels[i] === labels[j] ? 0 : family[i] === family[j] ? 1 : 2;
      sums[kind] += cosine;
      counts[kind]++;
    })
  );
  const [same, related, other] = sums.map((sum, kind) => sum / counts[kind]);
  assert.ok(same > related + 0.1 && related > other + 0.1, `${same} ${related} ${other}`);
});

Deno.test("an embedding has length 1, and what all clips share does not count in training", () => {
  const head = embeddingHead("head", { features: 3, dimensions: 5 });
  const parameters = new Parameters(head.parameters, randomFrom("embedding"));
  const apply = (map: tf.Tensor, mode: Mode) =>
    head.apply(weightsOf(parameters.read()), map, mode).arraySync() as number[][];
  const map = tf.tensor4d(wave("map", 48, 1), [4, 2, 2, 3]);
  const training: Mode = {
    training: true,
    random: new RandomStream(tf.tensor1d([0, 0], "int32")),
    statistic: () => () => {},
  };
  for (const mode of [INFERENCE, training]) {
    const rows = apply(map, mode);
    assert.deepEqual(rows.map((row) => row.length), [5, 5, 5, 5]);
    for (const row of rows) {
      // a few roundings in float32
      assert.ok(Math.abs(row.reduce((sum, v) => sum + v * v, 0) - 1) < 1e-5);
    }
  }
  const shifted = map.add(tf.tensor1d([5, -3, 2]));
  // float32: differences of numbers around 5
  assert.ok(relativeError(apply(shifted, training).flat(), apply(map, training).flat()) < 1e-4);
  assert.ok(relativeError(apply(shifted, INFERENCE).flat(), apply(map, INFERENCE).flat()) > 0.1);
  parameters.dispose();
});
