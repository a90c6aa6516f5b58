import assert from "node:assert/strict";
import { join } from "node:path";
import { projectPath } from "lib/core/paths.ts";
import { randomFrom } from "lib/core/random.ts";
import { convNext } from "lib/nn/backbones/convnext.ts";
import { efficientNetV2 } from "lib/nn/backbones/efficientnet_v2.ts";
import { mobileNetV3 } from "lib/nn/backbones/mobilenet_v3.ts";
import { resNeXt } from "lib/nn/backbones/resnext.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { INFERENCE, parameterCount } from "lib/nn/layer.ts";
import { publishedWeights } from "lib/nn/published.ts";
import { type NamedArray, readSafetensors, writeSafetensors } from "lib/nn/safetensors.ts";
import { weightsOf } from "lib/train/parameters.ts";
import {
  BACKBONES,
  compareWithOriginal,
  EFFICIENTNET,
  MOBILENET,
  RESNEXT,
} from "./backbone_fixtures.ts";
import { relativeError } from "./wave.ts";

const fixture = (name: string) => projectPath("tests", "fixtures", "nn", name);

for (const [name, { small }] of Object.entries(BACKBONES)) {
  if (!small) continue;
  Deno.test(`${name}: feature map and gradients are the original's`, () => {
    const errors = compareWithOriginal(small(), fixture(name));
    // float32 against float64 through some thirty layers
    assert.ok(errors.y < 1e-4, `${errors.y}`);
    for (const part of ["dx", "first", "last"] as const) {
      assert.ok(errors[part] < 1e-3, `${part}: ${errors[part]}`);
    }
  });
}

Deno.test("a network takes pictures of any size: its map has a place for every 32 x 32 cells", () => {
  const networks = {
    convNext: convNext({ size: "atto", inputChannels: 1 }),
    mobileNet: mobileNetV3({ size: MOBILENET, inputChannels: 1, style: "timm" }),
    resNeXt: resNeXt({ size: RESNEXT, inputChannels: 1 }),
    efficientNet: efficientNetV2({ size: EFFICIENTNET, inputChannels: 1, style: "timm-tf" }),
  };
  for (const [name, network] of Object.entries(networks)) {
    const random = randomFrom("any size", name);
    const weights = new Map(
      network.parameters.map(({ name, shape, initial }) => [
        name,
        tf.tensor(initial(shape, random.fork(name)), shape),
      ]),
    );
    for (const [bands, frames] of [[64, 96], [224, 224], [128, 320]]) {
      const shape = tf.tidy(() =>
        network.apply(weightsOf(weights), tf.ones([1, bands, frames, 1]), INFERENCE).shape
      );
      assert.deepEqual(shape, [1, bands / 32, frames / 32, network.features], name);
    }
    tf.dispose([...weights.values()]);
  }
});

const one = () => BACKBONES.mobilenet_v3_timm.small!();

/** A folder with these files, each a copy of the small MobileNetV3's weights, changed or not. */
function folderOf(names: string[], change: (tensors: Map<string, NamedArray>) => void = () => {}) {
  const folder = Deno.makeTempDirSync();
  const { tensors } = readSafetensors(fixture("mobilenet_v3_timm.safetensors"));
  change(tensors);
  for (const name of names) writeSafetensors(join(folder, name), { tensors, metadata: {} });
  return folder;
}

Deno.test("a folder stands for its model.safetensors, or for its only file", () => {
  const expected = publishedWeights(fixture("mobilenet_v3_timm.safetensors"), one());
  const sources = [["model.safetensors", "more.safetensors"], ["only.safetensors"]].map((names) =>
    folderOf(names)
  );
  for (const source of sources) assert.deepEqual(publishedWeights(source, one()), expected);
  const two = folderOf(["a.safetensors", "b.safetensors"]);
  assert.throws(() => publishedWeights(two, one()), /has 2 files of weights/);
  for (const folder of [...sources, two]) Deno.removeSync(folder, { recursive: true });
});

Deno.test("weights that are not there, or another network's, are refused", () => {
  assert.throws(
    () => publishedWeights("timm/mobilenetv3_large_100.ra_in1k", one()),
    /no such file or folder, nor one of convnext-atto, .*; of the model on the hub, write hf:timm\/mobilenetv3_large_100\.ra_in1k$/,
  );
  assert.throws(
    () => publishedWeights("/nowhere/w.safetensors", one()),
    /no weights at \/nowhere\/w.safetensors: no such file or folder, nor one of .*ast-16$/,
  );
  const pickled = Deno.makeTempFileSync({ suffix: ".pth" });
  assert.throws(
    () => publishedWeights(pickled, one()),
    /\.pth holds Python objects, not safetensors/,
  );
  Deno.removeSync(pickled);
  assert.throws(
    () => publishedWeights(fixture("resnext_timm.safetensors"), one()),
    /another network's: \d+ of 1\d\d parameters are missing, the first is conv_stem.weight \(.* features.0.0.weight\)/,
  );
  const cut = folderOf(["w.safetensors"], (tensors) => {
    tensors.set("blocks.6.0.bn1.bias", { shape: [47], data: new Float32Array(47) });
  });
  assert.throws(
    () => publishedWeights(cut, one()),
    /cannot take blocks.6.0.bn1.bias from .*: it has shape \[47\], which is not that of ours, \[48\]/,
  );
  Deno.removeSync(cut, { recursive: true });
});

Deno.test("weights for three channels, in a network with one: the picture in all three", () => {
  const size = { stem: 8, stages: [], features: 8 };
  const random = randomFrom("three channels");
  const folder = folderOf(["w.safetensors"], (tensors) => {
    const normal = (n: number) => Float32Array.from({ length: n }, () => random.normal());
    tensors.set("conv_stem.weight", { shape: [8, 3, 3, 3], data: normal(8 * 3 * 9) });
    tensors.set("blocks.0.0.conv.weight", { shape: [8, 8, 1, 1], data: normal(64) });
    for (const part of ["weight", "bias", "running_mean", "running_var"]) {
      tensors.set(`blocks.0.0.bn1.${part}`, tensors.get(`bn1.${part}`)!);
    }
  });
  const run = (inputChannels: number, x: tf.Tensor) => {
    const network = mobileNetV3({ size, inputChannels });
    const weights = new Map(
      [...publishedWeights(folder, network)].map((
        [k, { data, shape }],
      ) => [k, tf.tensor(data, shape)]),
    );
    return network.apply(weightsOf(weights), x, INFERENCE).dataSync();
  };
  const x = tf.randomNormal([2, 9, 8, 1], 0, 1, "float32", 3);
  assert.ok(relativeError(run(1, x), run(3, x.tile([1, 1, 1, 3]))) < 1e-6); // sums in another order
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("every published size has the original's number of parameters", () => {
  // counted in timm's models of these names, without what stands behind the feature map
  const expected = {
    mobilenetv3_large_100: [mobileNetV3({ size: "large", inputChannels: 3 }), 2_971_952],
    mobilenetv3_small_100: [mobileNetV3({ size: "small", inputChannels: 3 }), 927_008],
    mobilenetv3_small_050: [mobileNetV3({ size: "small-050", inputChannels: 3 }), 272_288],
    resnext50_32x4d: [resNeXt({ size: "50-32x4d", inputChannels: 3 }), 22_979_904],
    resnext101_32x8d: [resNeXt({ size: "101-32x8d", inputChannels: 3 }), 86_742_336],
    resnext101_64x4d: [resNeXt({ size: "101-64x4d", inputChannels: 3 }), 81_406_272],
    tf_efficientnetv2_b0: [efficientNetV2({ size: "b0", inputChannels: 3 }), 5_858_704],
    tf_efficientnetv2_s: [efficientNetV2({ size: "s", inputChannels: 3 }), 20_177_488],
    tf_efficientnetv2_m: [efficientNetV2({ size: "m", inputChannels: 3 }), 52_858_356],
    tf_efficientnetv2_l: [efficientNetV2({ size: "l", inputChannels: 3 }), 117_234_272],
  } as const;
  for (const [name, [network, count]] of Object.entries(expected)) {
    assert.equal(parameterCount(network), count, name);
  }
});
