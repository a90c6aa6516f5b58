import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { convLstm } from "lib/nn/backbones/conv_lstm.ts";
import { goodBoy } from "lib/nn/backbones/good_boy.ts";
import { lstmNetwork } from "lib/nn/backbones/lstm.ts";
import { binding, compile, tf } from "lib/nn/engine/mod.ts";
import { INFERENCE, type Layer } from "lib/nn/layer.ts";
import { lstm, stepByStep } from "lib/nn/layers/lstm.ts";
import { weightsOf } from "lib/train/parameters.ts";
import { relativeError, wave } from "./wave.ts";

const FIXTURE = readJson<{
  name: string;
  shape: number[];
  output: number[];
  inputGradient: number[];
  gradients: Record<string, number[]>;
}[]>("tests/fixtures/layers/recurrent.json");

const LAYERS: Record<string, Layer> = {
  "lstm": lstm("lstm", { inputs: 5, units: 4 }),
  "lstm of two layers": lstm("lstm", { inputs: 5, units: 4, layers: 2 }),
  "lstm network": lstmNetwork({ bands: 16, units: 8, layers: 1 }),
  "good boy": goodBoy(),
  "conv-lstm": convLstm(),
};

const count = (shape: number[]) => shape.reduce((product, n) => product * n, 1);

/** The fixture's formula: an offset where a resting value is 1, a scale by how many inputs an output has. */
function waveOf(name: string, shape: number[]): tf.Tensor {
  const offset = /norm\.weight$|running_var$/.test(name) ? 1 : 0;
  const scale = shape.length > 1 ? 3 / Math.sqrt(count(shape.slice(0, -1))) : 0.2;
  return tf.tensor(wave(name, count(shape), scale, offset), shape);
}

/** Every n-th value, as in the fixture. */
const kept = (x: tf.Tensor) =>
  x.dataSync().filter((_, k) => k % Math.max(1, Math.floor(x.size / 200)) === 0);

for (const { name, shape, ...expected } of FIXTURE) {
  Deno.test(`${name}: output and gradients are PyTorch's, eager and compiled`, () => {
    const layer = LAYERS[name];
    const learnt = layer.parameters.filter(({ kind }) => kind !== "statistic");
    assert.deepEqual(learnt.map(({ name }) => name).sort(), Object.keys(expected.gradients).sort());
    const all = layer.parameters.map(({ name, shape }) => [name, waveOf(name, shape)] as const);
    const values = new Map(all);
    const run = (x: tf.Tensor, ...given: tf.Tensor[]) => {
      const forward = (x: tf.Tensor, ...given: tf.Tensor[]) =>
        layer.apply(
          weightsOf(
            new Map([...values, ...learnt.map(({ name }, k) => [name, given[k]] as const)]),
          ),
          x,
          INFERENCE,
        );
      const y = forward(x, ...given);
      const direction = tf.tensor(wave("direction", y.size, 1), y.shape);
      return [
        y,
        ...tf.grads((...all: tf.Tensor[]) =>
          forward(all[0], ...all.slice(1)).mul(direction).sum() as tf.Scalar
        )([x, ...given]),
      ];
    };
    const x = tf.tensor(wave("input", count(shape), 1), shape);
    for (const way of [run, compile(run)]) {
      const [y, dx, ...gradients] = way(x, ...learnt.map(({ name }) => values.get(name)!));
      // float32 against float64
      assert.ok(relativeError(y.dataSync(), expected.output) < 1e-5);
      assert.ok(relativeError(kept(dx), expected.inputGradient) < 1e-4, "input");
      learnt.forEach(({ name }, k) => {
        const error = relativeError(kept(gradients[k]), expected.gradients[name]);
        assert.ok(error < 1e-4, `${name}: ${error}`);
      });
    }
  });
}

Deno.test("one operation for all steps and one step after the other: the same, and nothing is left behind", () => {
  const layer = lstm("l", { inputs: 6, units: 5 });
  const values = new Map(layer.parameters.map(({ name, shape }) => [name, waveOf(name, shape)]));
  const get = (part: string) => values.get(`l.${part}_l0`)!;
  const x = tf.randomNormal<tf.Rank.R3>([3, 20, 6], 0, 1, "float32", 7);
  const gates = {
    input: get("weight_ih") as tf.Tensor2D,
    state: get("weight_hh") as tf.Tensor2D,
    bias: get("bias_ih").add(get("bias_hh")),
  };
  const slow = stepByStep(x.transpose<tf.Tensor3D>([1, 0, 2]), gates).transpose([1, 0, 2]);
  const counts = () => [tf.memory().numTensors, binding!.getNumOfTensors()];
  const before = counts();
  const fast = tf.tidy(() => layer.apply(weightsOf(values), x, INFERENCE));
  // sums in another order
  assert.ok(relativeError(fast.dataSync(), slow.dataSync()) < 1e-6);
  fast.dispose();
  assert.deepEqual(counts(), before);
});

Deno.test("a state depends on what came before it, and on nothing after", () => {
  const layer = lstm("l", { inputs: 3, units: 4, layers: 2 });
  const weights = weightsOf(
    new Map(layer.parameters.map(({ name, shape }) => [name, waveOf(name, shape)])),
  );
  const x = tf.randomNormal([1, 8, 3], 0, 1, "float32", 3);
  const changed = x.add(tf.oneHot(tf.tensor1d([5], "int32"), 8).reshape([1, 8, 1]));
  const [a, b] = [x, changed].map((x) => layer.apply(weights, x, INFERENCE));
  const differences = Array.from(a.sub(b).abs().sum([0, 2]).dataSync());
  assert.ok(differences.slice(0, 5).every((d) => d === 0), `${differences}`);
  assert.ok(differences.slice(5).every((d) => d > 1e-4), `${differences}`);
});

Deno.test("attention over time can be read: positive, with sum 1, for any number of frames", () => {
  for (const network of [lstmNetwork({ bands: 16, units: 8, layers: 1 }), convLstm()]) {
    const weights = weightsOf(
      new Map(network.parameters.map(({ name, shape }) => [name, waveOf(name, shape)])),
    );
    for (const frames of [22, 94, 300]) {
      const x = tf.randomNormal([2, 16, frames, 1], 0, 1, "float32", frames);
      const { features, attention } = network.attend(weights, x, INFERENCE);
      assert.deepEqual(features.shape, [2, 1, 1, network.features]);
      assert.ok(attention.dataSync().every((a) => a > 0));
      for (const sum of attention.sum(1).dataSync()) assert.ok(Math.abs(sum - 1) < 1e-6);
    }
  }
});

Deno.test("inputs that a network cannot take are refused with their sizes", () => {
  const none = weightsOf(new Map());
  assert.throws(
    () => goodBoy().apply(none, tf.zeros([1, 128, 21, 1]), INFERENCE),
    /three pools need at least 8 bands and 22 frames, not 128 and 21/,
  );
  assert.throws(
    () =>
      lstmNetwork({ bands: 128, units: 4, layers: 1 }).apply(
        none,
        tf.zeros([1, 64, 9, 1]),
        INFERENCE,
      ),
    /made for 128 mel bands, not for 64/,
  );
});
