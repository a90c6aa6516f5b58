/** Small networks of timm and torchvision (tests/fixtures/nn/make_backbones.py), and what they should give. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { convNext } from "lib/nn/backbones/convnext.ts";
import { exists } from "lib/core/files.ts";
import { efficientNetV2, type EfficientNetV2Layout } from "lib/nn/backbones/efficientnet_v2.ts";
import { mobileNetV3, type MobileNetV3Layout } from "lib/nn/backbones/mobilenet_v3.ts";
import { resNeXt, type ResNeXtLayout } from "lib/nn/backbones/resnext.ts";
import { wav2vec2 } from "lib/nn/backbones/wav2vec2.ts";
import { compile, RandomStream, tf } from "lib/nn/engine/mod.ts";
import { type Backbone, INFERENCE, type Mode } from "lib/nn/layer.ts";
import { publishedWeights } from "lib/nn/published.ts";
import { readSafetensors } from "lib/nn/safetensors.ts";
import { weightsOf } from "lib/train/parameters.ts";
import { relativeError } from "./wave.ts";

/** Small layouts, as the script has them. */
export const MOBILENET: MobileNetV3Layout = {
  stem: 8,
  stages: [
    [[3, 8, 8, false, "relu", 1]],
    [[3, 24, 16, false, "relu", 2], [3, 48, 16, false, "relu", 1]],
    [[5, 48, 16, true, "relu", 2]],
    [[3, 64, 16, false, "hard-swish", 2]],
    [[5, 48, 16, true, "hard-swish", 1]],
    [[5, 64, 8, true, "hard-swish", 2]],
  ],
  features: 48,
};
export const RESNEXT: ResNeXtLayout = { depths: [2, 1, 1, 1], groups: 4, groupWidth: 2, base: 4 };
export const EFFICIENTNET: EfficientNetV2Layout = {
  stem: 8,
  stages: [
    [true, 2, 1, 1, 8],
    [true, 2, 2, 4, 8],
    [true, 1, 2, 4, 16],
    [false, 2, 2, 4, 16],
    [false, 1, 1, 6, 16],
    [false, 1, 2, 6, 24],
  ],
  features: 40,
};

/** The networks by the names of their files, small and of a published size. */
export const BACKBONES: Record<string, { small?: () => Backbone; published: () => Backbone }> = {};
for (const style of ["timm", "timm-tf", "torchvision"] as const) {
  BACKBONES[`mobilenet_v3_${style.replace("-", "_")}`] = {
    small: () => mobileNetV3({ size: MOBILENET, inputChannels: 1, style }),
    published: () => mobileNetV3({ size: "large", inputChannels: 3, style }),
  };
}
BACKBONES.resnext_timm = {
  small: () => resNeXt({ size: RESNEXT, inputChannels: 1 }),
  published: () => resNeXt({ size: "50-32x4d", inputChannels: 3 }),
};
BACKBONES.resnext_torchvision = {
  published: () => resNeXt({ size: "50-32x4d", inputChannels: 3 }),
};
for (const style of ["timm-tf", "torchvision"] as const) {
  BACKBONES[`efficientnet_v2_${style.replace("-", "_")}`] = {
    small: () => efficientNetV2({ size: EFFICIENTNET, inputChannels: 1, style }),
    published: () => efficientNetV2({ size: "s", inputChannels: 3, style }),
  };
}
BACKBONES.wav2vec2_transformers = {
  small: () => wav2vec2({ size: 16 }),
  published: () => wav2vec2({ size: "base" }),
};

/** Relative errors of the feature map, and of the gradients by the input and by the first and last filter. */
export interface Errors {
  y: number;
  dx: number;
  first: number;
  last: number;
}

/** How far a network is from its original. @param path of the original's files, without their ends */
export function compareWithOriginal(backbone: Backbone, path: string): Errors {
  const { tensors, metadata } = readSafetensors(`${path}.io.safetensors`);
  const given = publishedWeights(`${path}.safetensors`, backbone);
  const weights = new Map([...given].map(([k, { shape, data }]) => [k, tf.tensor(data, shape)]));
  const values = (name: string) => tf.tensor(tensors.get(name)!.data, tensors.get(name)!.shape);
  const timms = new Map([...backbone.torchvisionNames ?? []].map(([own, other]) => [other, own]));
  const [first, last] = [metadata.first, metadata.last].map((name) => {
    const part = name.slice(0, -".weight".length);
    return `${timms.get(part) ?? part}.weight`;
  });
  const seed = tf.tensor1d([0, 0], "int32");
  const run = compile((x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => {
    const forward = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor, mode: Mode) => {
      const all = new Map([...weights, [first, a], [last, b]]);
      return backbone.apply(weightsOf(all), x, mode).transpose([0, 3, 1, 2]);
    };
    const y = forward(x, a, b, INFERENCE);
    // batch norms keep their statistics, as there is no place for new ones; nothing is dropped
    const learning = { training: true, random: new RandomStream(seed) } as const;
    const sign = tf.range(0, y.size).mod(2).mul(-2).add(1).div(y.size).reshape(y.shape);
    const gradients = tf.grads((x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) =>
      forward(x, a, b, learning).mul(sign).sum()
    )([x, a, b]);
    return [y, ...gradients];
  });
  const x = values("x").transpose([0, 2, 3, 1]);
  const [y, dx, ...filters] = run(x, weights.get(first)!, weights.get(last)!);
  const error = (name: string, ours: tf.Tensor) => {
    const { shape, data } = tensors.get(name)!;
    assert.deepEqual(ours.shape, shape, name);
    return relativeError(ours.dataSync(), data);
  };
  const [d1, d2] = filters.map((d, k) => {
    const theirs = values(["first", "last"][k]).shape;
    return d.shape.length === 2
      ? d.transpose().reshape(theirs)
      : d.transpose(d.shape[3] === 1 ? [2, 3, 0, 1] : [3, 2, 0, 1]);
  });
  return {
    y: error("y", y),
    dx: error("dx", dx.transpose([0, 3, 1, 2])),
    first: error("first", d1),
    last: error("last", d2),
  };
}

if (import.meta.main) {
  // deno run -A tests/nn/backbone_fixtures.ts FOLDER: the published sizes, from make_backbones.py FOLDER
  BACKBONES.convnext_timm = { published: () => convNext({ size: "atto", inputChannels: 3 }) };
  for (const [name, { published }] of Object.entries(BACKBONES)) {
    if (!exists(join(Deno.args[0], `${name}.io.safetensors`))) continue;
    const path = join(Deno.args[0], name), { metadata } = readSafetensors(`${path}.io.safetensors`);
    const ours = compareWithOriginal(published(), path), { float32, moved } = metadata;
    console.log(`${name}: ours ${JSON.stringify(ours)}, PyTorch's ${float32}, moved ${moved}`);
  }
}
