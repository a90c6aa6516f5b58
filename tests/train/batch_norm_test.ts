import assert from "node:assert/strict";
import { join } from "node:path";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { INFERENCE, sequence } from "lib/nn/layer.ts";
import { batchNorm } from "lib/nn/layers/batch_norm.ts";
import { convolution, depthwiseConvolution } from "lib/nn/layers/convolution.ts";
import { dense } from "lib/nn/layers/dense.ts";
import { averagePool, globalMaxPool, maxPool } from "lib/nn/layers/pooling.ts";
import { binaryCrossEntropy } from "lib/nn/losses/binary_cross_entropy.ts";
import { AdamW } from "lib/train/adamw.ts";
import { loadCheckpoint, saveCheckpoint } from "lib/train/checkpoint.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";
import { trainingStep } from "lib/train/step.ts";
import { relativeError, wave } from "../nn/wave.ts";

const expected = readJson<{
  losses: number[];
  statistics: Record<string, number[]>;
  logits: number[][];
}>("tests/fixtures/layers/layers.json");

/** The network of tests/fixtures/layers/make_layers.py. */
const network = sequence(
  convolution("first", {
    inputs: 2,
    outputs: 4,
    size: [3, 5],
    stride: 2,
    padding: [1, 2],
    behind: "nothing",
  }),
  batchNorm("norm1", { channels: 4, epsilon: 1e-3, momentum: 0.2 }),
  maxPool({ size: 3, stride: 2, padding: 1 }),
  depthwiseConvolution("second", {
    channels: 4,
    size: 3,
    stride: [2, 1],
    padding: 1,
    behind: batchNorm("norm2", { channels: 4 }),
  }),
  averagePool({ size: 2, padding: 1 }),
  globalMaxPool,
  batchNorm("norm3", { channels: 4 }),
  dense("last", { inputs: 4, outputs: 3 }),
);

/** From a formula in PyTorch's layout, to ours. */
function initialValue(name: string, shape: number[]): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  if (shape.length === 4) {
    const [height, width, inputs, outputs] = shape;
    const theirs = name.startsWith("second")
      ? [inputs, 1, height, width]
      : [outputs, inputs, height, width];
    const fanIn = theirs.slice(1).reduce((product, n) => product * n, 1);
    const values = tf.tensor(wave(name, size, 1 / Math.sqrt(fanIn)), theirs);
    return values.transpose([2, 3, 1, 0]).reshape(shape);
  }
  if (shape.length === 2) {
    return tf.tensor(wave(name, size, 1 / Math.sqrt(shape[0])), [shape[1], shape[0]]).transpose();
  }
  const gain = name.includes("norm") && name.endsWith("weight");
  return tf.tensor(wave(name, size, 0.2, gain ? 1 : 0), shape);
}

function freshParameters(): Parameters {
  const parameters = new Parameters(network.parameters, randomFrom(0));
  parameters.set(
    new Map(
      [...parameters.trainable].map(([name, { shape }]) => [
        name,
        { shape, data: initialValue(name, shape).dataSync() as Float32Array },
      ]),
    ),
  );
  return parameters;
}

const input = tf.tensor(wave("input", 6 * 2 * 17 * 22, 1), [6, 2, 17, 22])
  .add(tf.tensor(wave("more", 6, 0.7), [6, 1, 1, 1])).transpose([0, 2, 3, 1]);
const labels = tf.tensor(wave("labels", 18, 1), [6, 3]).greater(0).cast("float32");
const seed = tf.tensor1d([0, 0], "int32"), loss = binaryCrossEntropy;

function stepOf(parameters: Parameters, trainable?: (name: string) => boolean) {
  const optimizer = new AdamW({ epsilon: 1e-3, weightDecay: 0 });
  const update = trainingStep({ model: network, parameters, optimizer, loss, trainable });
  const run = (step: number) =>
    update(input, labels, tf.scalar(0.01), tf.scalar(step), seed)[0].dataSync()[0];
  return { run, optimizer };
}

Deno.test("five updates with batch norms have PyTorch's losses, statistics and, in inference, logits", () => {
  const parameters = freshParameters(), { run } = stepOf(parameters);
  expected.losses.forEach((value, step) => {
    // float32 against float64: 1e-7 is reached
    const ours = run(step + 1);
    assert.ok(Math.abs(ours - value) < 1e-5 * value, `step ${step}: ${ours} against ${value}`);
  });
  const values = parameters.values();
  for (const [name, statistic] of Object.entries(expected.statistics)) {
    assert.ok(relativeError(values.get(name)!.data, statistic) < 1e-5, name);
  }
  const logits = network.apply(weightsOf(parameters.read()), input, INFERENCE);
  assert.ok(relativeError(logits.dataSync(), expected.logits.flat()) < 1e-5);
});

Deno.test("where a batch norm is not trained it runs on its statistics, and they stay", () => {
  const parameters = freshParameters(), { run } = stepOf(parameters, (n) => n.startsWith("last."));
  const before = parameters.values();
  const logits = network.apply(weightsOf(parameters.read()), input, INFERENCE);
  const expectedLoss = loss(logits, labels).dataSync()[0];
  assert.ok(Math.abs(run(1) - expectedLoss) < 1e-6);
  for (const [name, { data }] of parameters.values()) {
    const same = data.every((value, k) => value === before.get(name)!.data[k]);
    assert.equal(same, !name.startsWith("last."), name);
  }
});

Deno.test("statistics are in the checkpoint, without moments, and a resumed run goes on with them", () => {
  const folder = Deno.makeTempDirSync(), path = join(folder, "checkpoint.safetensors");
  const whole = freshParameters(), { run, optimizer } = stepOf(whole);
  run(1);
  run(2);
  saveCheckpoint(path, { parameters: whole, optimizer, step: 2 });
  const next = run(3);
  const resumed = freshParameters(), again = stepOf(resumed);
  const { step } = loadCheckpoint(path, { parameters: resumed, optimizer: again.optimizer });
  assert.equal(step, 2);
  assert.equal(again.run(3), next);
  assert.ok(![...optimizer.moments.keys()].some((name) => name.includes("running")));
  Deno.removeSync(folder, { recursive: true });
});
