import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { mobileNetV3, type MobileNetV3Layout } from "lib/nn/backbones/mobilenet_v3.ts";
import { mobNet } from "lib/nn/backbones/mobnet.ts";
import { RandomStream, tf } from "lib/nn/engine/mod.ts";
import { deepHead } from "lib/nn/heads/deep.ts";
import { fluffy } from "lib/nn/heads/fluffy.ts";
import { INFERENCE, sequence } from "lib/nn/layer.ts";
import { globalAveragePool } from "lib/nn/layers/pooling.ts";
import { writeSafetensors } from "lib/nn/safetensors.ts";
import { BASE_CONFIG, parseConfig } from "lib/train/config.ts";
import { initialWeights } from "lib/train/model.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";

const THREE = ["cel", "sax", "voi"];
const SIZE: MobileNetV3Layout = {
  stem: 8,
  stages: [[[3, 16, 8, true, "relu", 2]]],
  features: 16,
};
const network = mobileNetV3({ size: SIZE, inputChannels: 1 });
const head = (name: string) =>
  sequence(globalAveragePool, deepHead(name, { features: network.features, outputs: 1 }));
const mob = sequence(mobNet(THREE, network), fluffy(THREE, head, { shared: false }));
const x = () => tf.randomNormal([4, 16, 12, 1], 0, 1, "float32", 5);

Deno.test("MobNet gives what a network for each instrument gives alone", () => {
  const parameters = new Parameters(mob.parameters, randomFrom("mobnet"));
  const weights = weightsOf(parameters.read()), input = x();
  const together = mob.apply(weights, input, INFERENCE);
  assert.deepEqual(together.shape, [4, 3]);
  THREE.forEach((instrument, k) => {
    const map = network.apply((name) => weights(`${instrument}.${name}`), input, INFERENCE);
    const alone = head(`head.${instrument}`).apply(weights, map, INFERENCE);
    assert.deepEqual(together.slice([0, k], [4, 1]).dataSync(), alone.dataSync(), instrument);
  });
  parameters.dispose();
});

Deno.test("an instrument's output depends on its own network and head alone, statistics too", () => {
  const parameters = new Parameters(mob.parameters, randomFrom("mobnet"));
  const names = [...parameters.trainable.keys()], tensors = parameters.read();
  const measured = new Set<string>();
  const gradients = tf.grads((...values: tf.Tensor[]) => {
    const all = new Map([...tensors, ...names.map((name, k) => [name, values[k]] as const)]);
    const random = new RandomStream(tf.tensor1d([1, 2], "int32"));
    const statistic = (name: string) => () => void measured.add(name);
    const mode = { training: true, random, statistic } as const;
    return mob.apply(weightsOf(all), x(), mode).slice([0, 1], [4, 1]).square().sum();
  })(names.map((name) => tensors.get(name)!));
  names.forEach((name, k) => {
    const isOwn = name.startsWith("sax.") || name.startsWith("head.sax.");
    assert.equal(gradients[k].norm().dataSync()[0] > 0, isOwn, name);
  });
  const statistics = mob.parameters.filter(({ kind }) => kind === "statistic");
  assert.deepEqual([...measured].sort(), statistics.map(({ name }) => name).sort());
  parameters.dispose();
});

Deno.test("published weights of one network are the beginning of all eleven", () => {
  const random = randomFrom("published"), file = Deno.makeTempFileSync();
  const { parameters } = mobileNetV3({ size: "small-050", inputChannels: 1 });
  writeSafetensors(file, {
    metadata: {},
    tensors: new Map(parameters.map(({ name, shape }) => {
      const [height, width, inputs, outputs] = shape;
      const theirs = shape.length < 4 // PyTorch's order; a depthwise filter has one output
        ? [...shape].reverse()
        : outputs === 1
        ? [inputs, 1, height, width]
        : [outputs, inputs, height, width];
      const data = Float32Array.from(
        { length: theirs.reduce((a, b) => a * b) },
        () => random.normal(),
      );
      return [name, { shape: theirs, data }];
    })),
  });
  const { model } = parseConfig({
    ...BASE_CONFIG,
    recipe: "mobnet",
    seed: 0,
    data: { source: "demo", size: "small" },
    model: {
      backbone: "mobnet",
      size: "small-050",
      weights: file,
      head: "fluffy-deep",
      hidden: [],
      dropRate: 0,
    },
  });
  const weights = initialWeights(model);
  assert.equal(weights.size, INSTRUMENTS.length * parameters.length);
  for (const { name } of parameters) {
    for (const code of INSTRUMENTS) {
      assert.deepEqual(weights.get(`${code}.${name}`), weights.get(`cel.${name}`));
    }
  }
  assert.ok(weights.get("cel.conv_stem.weight")!.data.some((value) => value !== 0));
  Deno.removeSync(file);
});
