import assert from "node:assert/strict";
import { join } from "node:path";
import { randomFrom } from "lib/core/random.ts";
import { compile, RandomStream, tf } from "lib/nn/engine/mod.ts";
import { INFERENCE } from "lib/nn/layer.ts";
import { binaryCrossEntropy } from "lib/nn/losses/binary_cross_entropy.ts";
import { pretrained, pretrainedWeights } from "lib/nn/pretrained.ts";
import { readSafetensors } from "lib/nn/safetensors.ts";
import { AdamW } from "lib/train/adamw.ts";
import { ReadyBatches } from "lib/train/batches.ts";
import { BASE_CONFIG, parseConfig, type RunConfig } from "lib/train/config.ts";
import { train } from "lib/train/loop.ts";
import { buildNetwork, initialWeights, isHead } from "lib/train/model.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";
import { lossAndGradients, trainingStep } from "lib/train/step.ts";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { relativeError } from "../nn/wave.ts";
import { tinyConfig, tinyData } from "./tiny_run.ts";

type Model = RunConfig["model"];
const head = { head: "fluffy-deep" as const, hidden: [], dropRate: 0 };
const MODELS: Record<string, Model> = {
  "YAMNet with its published weights": { backbone: "yamnet", pretrained: true, ...head },
  "YAMNet from scratch": { backbone: "yamnet", pretrained: false, ...head },
  "musicnn with its published weights": { backbone: "musicnn", pretrained: true, ...head },
  "musicnn from scratch": { backbone: "musicnn", pretrained: false, ...head },
};

/** Pictures of noise, and one instrument in each. */
function eightClips(model: Model): { input: tf.Tensor4D; labels: tf.Tensor } {
  const { nMels } = pretrained(model.backbone as "yamnet" | "musicnn").input;
  const labels = tf.oneHot(tf.range(0, 8, 1, "int32"), 11).cast("float32");
  return { input: tf.randomNormal([8, nMels, 24, 1], 0, 1, "float32", 5), labels };
}

function start(model: Model) {
  const network = buildNetwork(model);
  const parameters = new Parameters(network.parameters, randomFrom("pretrained"));
  parameters.set(initialWeights(model));
  return { network, parameters };
}

for (const [name, model] of Object.entries(MODELS)) {
  Deno.test(`${name}: every parameter has a gradient, compiled equals eager`, () => {
    const { network, parameters } = start(model), { input, labels } = eightClips(model);
    const seed = tf.tensor1d([1, 2], "int32");
    const loss = binaryCrossEntropy;
    const { gradients } = lossAndGradients({ model: network, parameters, loss }, {
      input,
      labels,
      seed,
    });
    assert.deepEqual([...gradients.keys()], [...parameters.trainable.keys()]);
    for (const [parameter, gradient] of gradients) {
      const norm = gradient.norm().dataSync()[0];
      assert.ok(Number.isFinite(norm) && norm > 0, `${parameter}: ${norm}`);
    }
    const forward = (x: tf.Tensor) => [network.apply(weightsOf(parameters.read()), x, INFERENCE)];
    const [eager] = forward(input), [compiled] = compile(forward)(input);
    assert.deepEqual(eager.shape, [8, 11]);
    assert.ok(relativeError(compiled.dataSync(), eager.dataSync()) < 1e-4);
    parameters.dispose();
  });

  Deno.test(`${name}: eight clips are learnt`, () => {
    const { network, parameters } = start(model), { input, labels } = eightClips(model);
    const optimizer = new AdamW({ weightDecay: 0 });
    const update = trainingStep({
      model: network,
      parameters,
      optimizer,
      loss: binaryCrossEntropy,
      // musicnn's norm before the first convolutions: their gradient by the input takes most of a step
      trainable: (name) => !name.startsWith("input."),
    });
    const seed = tf.tensor1d([1, 2], "int32");
    let loss = Infinity;
    for (let step = 1; step <= 60 && loss > 0.05; step++) {
      loss = update(input, labels, tf.scalar(2e-3), tf.scalar(step), seed)[0].dataSync()[0];
    }
    assert.ok(loss <= 0.05, `${loss}`);
    const random = new RandomStream(seed);
    // as in training: the running statistics of so few steps are not there yet
    const mode = { training: true, random, statistic: () => () => {} } as const;
    const logits = network.apply(weightsOf(parameters.read()), input, mode);
    assert.deepEqual([...logits.argMax(1).dataSync()], [0, 1, 2, 3, 4, 5, 6, 7]);
    parameters.dispose();
  });
}

Deno.test("a run begins with the published weights; while the head learns alone, so do batch norms", async () => {
  const folder = Deno.makeTempDirSync(), checkpoint = join(folder, "checkpoint.safetensors");
  const data = tinyData(), stop = new AbortController();
  const config = parseConfig({
    ...tinyConfig(),
    model: { backbone: "musicnn", pretrained: true, ...head },
  });
  const bands = 96,
    clips = {
      ...data.clips,
      bands,
      bytes: new Uint8Array(data.clips.names.length * bands * data.clips.frames).map((_, k) =>
        k % 251
      ),
    };
  await train({
    config,
    batches: new ReadyBatches(clips, { train: data.train, config }),
    checkpoint,
    signal: stop.signal,
    validate: data.validate,
    onMetric: () => stop.abort(), // after one update
  });
  const published = pretrainedWeights("musicnn"), { tensors } = readSafetensors(checkpoint);
  const kinds = new Map(
    buildNetwork(config.model).parameters.map(({ name, kind }) => [name, kind]),
  );
  for (const [name, kind] of kinds) {
    if (isHead(name)) continue;
    const same = relativeError(tensors.get(name)!.data, published.get(name)!.data) === 0;
    assert.equal(same, kind === undefined, name);
  }
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("an option of another backbone is refused", () => {
  const model = { ...BASE_CONFIG.model, backbone: "yamnet" };
  assert.throws(() => parseConfig({ ...tinyConfig(), model }), /model.*layerScale|pretrained/);
});

Deno.test("the recipe with YAMNet: a floor of -80 dB and the maximum are where its own input has silence and loud sound", () => {
  const { frontEnd, model } = recipeConfig("demo_yamnet");
  const { networkMean, networkDeviation } = frontEnd;
  const seen = (decibel: number) => (decibel - networkMean) / networkDeviation;
  // ln of the magnitude: 20 dB are ln 10; the maximum is set to 4
  assert.ok(Math.abs(seen(0) - 4) < 1e-12 && Math.abs(seen(0) - seen(-20) - Math.LN10) < 1e-12);
  assert.ok(seen(-80) > Math.log(0.001) && seen(-80) < -5); // YAMNet's own floor is ln 0.001
  assert.ok(initialWeights(model).size > 0);
});
