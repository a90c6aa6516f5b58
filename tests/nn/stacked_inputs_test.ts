import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { convNext } from "lib/nn/backbones/convnext.ts";
import { inputsAsChannels, inputStems } from "lib/nn/backbones/stacked_inputs.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { INFERENCE } from "lib/nn/layer.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";

const BANDS = 32, FRAMES = 40;
const convnext = (inputChannels: number) =>
  convNext({ size: "atto", layerScale: 0.1, inputChannels });
const pictures = [1, 2, 3].map((seed) =>
  tf.randomNormal([2, BANDS, FRAMES, 1], 0, 1, "float32", seed)
);

Deno.test("inputs below one another are the channels of one picture", () => {
  const plain = convnext(3), backbone = inputsAsChannels(3, plain);
  const parameters = new Parameters(backbone.parameters, randomFrom("channels"));
  const weights = weightsOf(parameters.read());
  const ours = backbone.apply(weights, tf.concat(pictures, 1), INFERENCE);
  const expected = plain.apply(weights, tf.concat(pictures, 3), INFERENCE);
  assert.deepEqual(ours.shape, expected.shape);
  assert.deepEqual(ours.dataSync(), expected.dataSync());
  parameters.dispose();
});

Deno.test("each input has a network of its own, and nothing of the others", () => {
  const names = ["mel", "chroma", "scalogram"], plain = convnext(1);
  const backbone = inputStems(names, plain),
    parameters = new Parameters(
      backbone.parameters,
      randomFrom("stems"),
    );
  const weights = weightsOf(parameters.read());
  const maps = tf.split(backbone.apply(weights, tf.concat(pictures, 1), INFERENCE), 3, 3);
  assert.equal(backbone.features, 3 * plain.features);
  names.forEach((name, k) => {
    const alone = plain.apply(
      (parameter) => weights(`${name}.${parameter}`),
      pictures[k],
      INFERENCE,
    );
    assert.deepEqual(maps[k].dataSync(), alone.dataSync(), name);
  });
  parameters.dispose();
});
