import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { convNext } from "lib/nn/backbones/convnext.ts";
import { efficientNetV2 } from "lib/nn/backbones/efficientnet_v2.ts";
import { mobileNetV3 } from "lib/nn/backbones/mobilenet_v3.ts";
import { resNeXt } from "lib/nn/backbones/resnext.ts";
import { forwardCost } from "lib/nn/cost.ts";
import { type Backbone, parameterCount, sequence } from "lib/nn/layer.ts";
import { convolution, depthwiseConvolution } from "lib/nn/layers/convolution.ts";
import { dense } from "lib/nn/layers/dense.ts";
import { lstm } from "lib/nn/layers/lstm.ts";

/** What PyTorch counts, and what torchvision publishes. */
interface Counted {
  size: number;
  backboneParameters: number;
  backboneMacs: number;
  published?: { gigaMacs: number };
}

const inputChannels = 3;
const NETWORKS: Record<string, () => Backbone> = {
  convnext_atto: () => convNext({ size: "atto", inputChannels }),
  convnext_nano: () => convNext({ size: "nano", inputChannels }),
  convnext_tiny: () => convNext({ size: "tiny", inputChannels }),
  convnext_small: () => convNext({ size: "small", inputChannels }),
  convnext_base: () => convNext({ size: "base", inputChannels }),
  resnext50_32x4d: () => resNeXt({ size: "50-32x4d", inputChannels }),
  tf_efficientnetv2_s: () => efficientNetV2({ size: "s", inputChannels }),
  mobilenetv3_large_100: () => mobileNetV3({ size: "large", inputChannels }),
  mobilenetv3_small_050: () => mobileNetV3({ size: "small-050", inputChannels }),
};

for (
  const [name, counted] of Object.entries(
    readJson<Record<string, Counted>>("tests/fixtures/nn/cost/cost.json"),
  )
) {
  Deno.test(`${name} has the parameters and multiply-accumulates that PyTorch counts`, () => {
    const network = NETWORKS[name](), { size } = counted;
    const { multiplyAccumulates } = forwardCost(network, [1, size, size, inputChannels]);
    assert.equal(parameterCount(network), counted.backboneParameters);
    assert.equal(multiplyAccumulates, counted.backboneMacs);
    // torchvision's number is rounded and has the classifier too, at most 2.6 million
    const { gigaMacs } = counted.published ?? { gigaMacs: multiplyAccumulates / 1e9 };
    assert.ok(Math.abs(multiplyAccumulates / 1e9 - gigaMacs) < 0.0031, `published: ${gigaMacs}`);
    assert.equal(
      forwardCost(network, [2, size, size, inputChannels]).multiplyAccumulates,
      2 * multiplyAccumulates,
    );
  });
}

Deno.test("an LSTM's multiply-accumulates: four gates of inputs and states, every step", () => {
  const { multiplyAccumulates } = forwardCost(lstm("l", { inputs: 5, units: 3, layers: 2 }), [
    2,
    7,
    5,
  ]);
  assert.equal(multiplyAccumulates, 2 * 7 * 4 * 3 * ((5 + 3) + (3 + 3)));
});

Deno.test("multiply-accumulates and memory of layers that can be counted by hand", () => {
  const cost = forwardCost(
    sequence(
      convolution("a", { inputs: 4, outputs: 8, size: 3, stride: 2, groups: 2 }),
      depthwiseConvolution("b", { channels: 8, size: 5 }),
      dense("c", { inputs: 8, outputs: 3 }),
    ),
    [2, 10, 6, 4],
  );
  const places = 2 * 5 * 3;
  assert.equal(cost.multiplyAccumulates, places * (8 * 9 * 2 + 8 * 25 + 8 * 3));
  // four bytes a number; every layer gives its product, and its sum with the bias
  assert.equal(cost.activationBytes, 4 * 2 * places * (8 + 8 + 3));
});
