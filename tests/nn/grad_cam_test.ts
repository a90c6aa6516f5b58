import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { convNext } from "lib/nn/backbones/convnext.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { gradCam } from "lib/nn/grad_cam.ts";
import { attentionHead } from "lib/nn/heads/attention.ts";
import { fluffy } from "lib/nn/heads/fluffy.ts";
import { INFERENCE, sequence } from "lib/nn/layer.ts";
import { dense } from "lib/nn/layers/dense.ts";
import { globalAveragePool } from "lib/nn/layers/pooling.ts";
import { weightsOf } from "lib/train/parameters.ts";
import { relativeError, wave } from "./wave.ts";

/** Three channels, each the picture times a number; logits are linear in the channels' means. */
const features = dense("map", { inputs: 1, outputs: 3 });
const classifier = sequence(globalAveragePool, dense("out", { inputs: 3, outputs: 2 }));
const weights = weightsOf(
  new Map<string, tf.Tensor>([
    ["map.weight", tf.tensor([[1, -2, 3]])],
    ["map.bias", tf.tensor([0.5, 0, -1])],
    ["out.weight", tf.tensor([[2, 0], [-1, 0], [1, -4]])],
    ["out.bias", tf.tensor([0.3, -7])],
  ]),
);

Deno.test("of a linear network the map is the channels weighed by the output's weights, what is negative cut", () => {
  const picture = wave("picture", 2 * 4 * 5, 1);
  const x = tf.tensor4d(picture, [2, 4, 5, 1]);
  // of output 0: 2 (x + 0.5) - (-2 x) + (3 x - 1) = 7 x; of output 1: -4 (3 x - 1); each a twentieth a place
  for (const [output, expected] of [(x: number) => 7 * x, (x: number) => 4 - 12 * x].entries()) {
    const map = gradCam(x, { weights, features, classifier, output });
    assert.deepEqual(map.shape, [2, 4, 5]);
    const analytic = picture.map((value) => Math.max(0, expected(value) / 20));
    assert.ok(analytic.some((value) => value === 0) && analytic.some((value) => value > 0));
    // sums of three products in single precision
    assert.ok(relativeError(map.dataSync(), analytic) < 1e-6);
  }
});

Deno.test("an output that depends on nothing has no map", () => {
  const zeros = weightsOf(
    new Map<string, tf.Tensor>([
      ["map.weight", tf.tensor([[1, -2, 3]])],
      ["map.bias", tf.tensor([0.5, 0, -1])],
      ["out.weight", tf.zeros([3, 2])],
      ["out.bias", tf.tensor([0.3, -7])],
    ]),
  );
  const x = tf.tensor4d(wave("picture", 20, 1), [1, 4, 5, 1]);
  const map = gradCam(x, { weights: zeros, features, classifier, output: 0 });
  assert.ok(map.dataSync().every((value) => value === 0));
});

Deno.test("of a curved network the channels' weights are what finite differences say", () => {
  const classifier = sequence(
    dense("hidden", { inputs: 3, outputs: 4, activation: "gelu" }),
    globalAveragePool,
    dense("out", { inputs: 4, outputs: 2 }),
  );
  const tensors = new Map<string, tf.Tensor>(
    [...features.parameters, ...classifier.parameters].map(({ name, shape }) => [
      name,
      tf.tensor(wave(name, shape.reduce((a, b) => a * b), 1), shape),
    ]),
  );
  const weights = weightsOf(tensors), output = 1;
  const x = tf.tensor4d(wave("input", 2 * 3 * 5, 1), [2, 3, 5, 1]);
  const cam = gradCam(x, { weights, features, classifier, output });
  const map = features.apply(weights, x, INFERENCE);
  const logit = (map: tf.Tensor) =>
    classifier.apply(weights, map, INFERENCE).slice([0, output], [-1, 1]).dataSync();
  // a channel's mean gradient over its 15 places: how the logit moves where all of them move alike
  const step = 0.02;
  const slopes = [0, 1, 2].map((channel) => {
    const shift = tf.tensor([0, 1, 2].map((other) => other === channel ? step : 0));
    const [up, down] = [logit(map.add(shift)), logit(map.sub(shift))];
    return Array.from(up, (y, row) => (y - down[row]) / (2 * step * 15));
  });
  const importance = tf.tensor(slopes).transpose().reshape([2, 1, 1, 3]);
  const expected = map.mul(importance).sum(-1).relu().dataSync() as Float32Array;
  assert.ok(Math.max(...expected) > 0);
  // the step's square is 4e-4; a rounding of a logit of 1 over it 3e-6
  assert.ok(relativeError(cam.dataSync(), expected) < 1e-3);
});

Deno.test("ConvNeXt with attentive heads, parted before its last stage: each picture has its own map", () => {
  const { stages, features: width } = convNext({ size: "atto", inputChannels: 1, layerScale: 1 });
  const head = fluffy(
    INSTRUMENTS,
    (name) => attentionHead(name, { features: width, outputs: 1, hidden: [] }),
  );
  const features = sequence(...stages.slice(0, 3).flat());
  const classifier = sequence(...stages[3], head);
  const random = randomFrom("grad-cam");
  const weights = weightsOf(
    new Map([...features.parameters, ...classifier.parameters].map(({ name, shape, initial }) => [
      name,
      tf.tensor(initial(shape, random.fork(name)), shape),
    ])),
  );
  const of = (x: tf.Tensor) => gradCam(x, { weights, features, classifier, output: 6 });
  const both = tf.tensor4d(wave("input", 2 * 64 * 96, 2), [2, 64, 96, 1]);
  const maps = of(both);
  assert.deepEqual(maps.shape, [2, 4, 6]);
  assert.ok(maps.max().dataSync()[0] > 0);
  for (const [row, one] of tf.split(both, 2).entries()) {
    const alone = of(one).dataSync() as Float32Array;
    // other sizes of products sum in other orders
    assert.ok(relativeError(maps.slice([row, 0, 0], [1, 4, 6]).dataSync(), alone) < 1e-4);
  }
});
