import assert from "node:assert/strict";
import { join } from "node:path";
import { randomFrom } from "lib/core/random.ts";
import { compile, tf } from "lib/nn/engine/mod.ts";
import { INFERENCE } from "lib/nn/layer.ts";
import { binaryCrossEntropy } from "lib/nn/losses/binary_cross_entropy.ts";
import { readSafetensors, writeSafetensors } from "lib/nn/safetensors.ts";
import { BASE_CONFIG, parseConfig, type RunConfig } from "lib/train/config.ts";
import { buildNetwork, initialWeights } from "lib/train/model.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";
import { lossAndGradients } from "lib/train/step.ts";
import { relativeError } from "./wave.ts";

const head = { head: "pooled", hidden: [], dropRate: 0 };

/** Every backbone at its smallest, as a run's configuration has it. */
const MODELS = {
  "mobilenet-v3": { size: "small-050", ...head },
  mobnet: { size: "small-050", ...head, head: "fluffy-deep" },
  resnext: { size: "26-32x4d", ...head },
  "efficientnet-v2": { size: "b0", stochasticDepthRate: 0.2, ...head },
  ast: { size: "tiny", ...head },
};

for (const [backbone, options] of Object.entries(MODELS)) {
  Deno.test(`${backbone}: builds, has finite gradients everywhere, compiles, saves and loads`, () => {
    const data = { source: "demo", size: "small" }, model = { backbone, ...options };
    const config: RunConfig = parseConfig({ ...BASE_CONFIG, recipe: "c", seed: 1, data, model });
    const network = buildNetwork(config.model);
    assert.equal(initialWeights(config.model).size, 0);
    assert.throws(
      () => initialWeights({ ...config.model, weights: "/nowhere" } as RunConfig["model"]),
      /there are no weights at \/nowhere/,
    );
    const random = randomFrom("contract");
    const parameters = new Parameters(network.parameters, random);
    const input = tf.randomNormal([3, 64, 50, 1], 0, 1, "float32", 5);
    const labels = tf.oneHot(tf.range(0, 3, 1, "int32"), 11).cast("float32");

    const map = network.backbone.apply(weightsOf(parameters.read()), input, INFERENCE);
    const places = backbone === "ast" ? [1, 2] : [2, 2]; // its two class tokens
    assert.deepEqual(map.shape, [3, ...places, network.backbone.features]);

    const names = [...parameters.trainable.keys()];
    const differentiate = compile((input: tf.Tensor) => {
      const seed = tf.tensor1d([1, 2], "int32");
      const { loss, gradients } = lossAndGradients(
        { model: network, parameters, loss: binaryCrossEntropy },
        { input, labels, seed },
      );
      return [loss, ...names.map((name) => gradients.get(name)!)];
    });
    differentiate(input).forEach((value, k) => {
      const norm = value.norm().dataSync()[0], name = k === 0 ? "the loss" : names[k - 1];
      assert.ok(Number.isFinite(norm) && norm > 0, `${name}: ${norm}`);
    });

    const forward = (x: tf.Tensor, from = parameters) => [
      network.apply(weightsOf(from.read()), x, INFERENCE),
    ];
    const [eager] = forward(input);
    const [compiled] = compile((x: tf.Tensor) => forward(x))(input);
    assert.deepEqual(eager.shape, [3, 11]);
    assert.ok(relativeError(compiled.dataSync(), eager.dataSync()) < 1e-4);

    const folder = Deno.makeTempDirSync(), path = join(folder, "weights.safetensors");
    writeSafetensors(path, { tensors: parameters.values(), metadata: {} });
    const loaded = new Parameters(network.parameters, random);
    loaded.load(readSafetensors(path).tensors);
    assert.deepEqual(forward(input, loaded)[0].dataSync(), eager.dataSync());
    parameters.dispose();
    loaded.dispose();
    Deno.removeSync(folder, { recursive: true });
  });
}
