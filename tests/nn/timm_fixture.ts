/** timm's convnext_atto with weights from a formula, on our side. */
import { readJson } from "lib/core/files.ts";
import { convNext } from "lib/nn/backbones/convnext.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { pooledHead } from "lib/nn/heads/pooled.ts";
import { sequence } from "lib/nn/layer.ts";
import { wave } from "./wave.ts";

/** What tests/fixtures/make_torch_fixtures.py wrote. */
export interface Fixture {
  parameters: Record<string, number[]>;
  logits: number[][];
  loss: number;
  inputGradient: number[][][];
  gradients: Record<string, number[]>;
}

export const FIXTURE = readJson<{ convnext: Fixture }>("tests/fixtures/torch.json").convnext;

const backbone = convNext({ size: "atto", inputChannels: 1 });
export const model = sequence(
  backbone,
  pooledHead({ features: backbone.features, outputs: 11, dropRate: 0 }),
);

export const size = (shape: number[]) => shape.reduce((product, n) => product * n, 1);

/** The fixture's values of a parameter, in PyTorch's layout. */
function torchValues(name: string, shape: number[]): Float32Array {
  if (name.endsWith("gamma")) return wave(name, size(shape), 0.1, 0.3);
  if (shape.length > 1) return wave(name, size(shape), 1 / Math.sqrt(size(shape.slice(1))));
  return name.endsWith("weight") ? wave(name, size(shape), 0.2, 1) : wave(name, size(shape), 0.1);
}

/** PyTorch's layout [out, in, height, width] to ours; timm writes linear layers as 1 x 1 convolutions. */
function toOurLayout(values: Float32Array, from: number[], to: number[]): tf.Tensor {
  const x = tf.tensor(values, from);
  if (from.length === 4) {
    return x.transpose(to.length === 4 && to[3] === 1 ? [2, 3, 0, 1] : [2, 3, 1, 0]).reshape(to);
  }
  return from.length === 2 ? x.transpose() : x;
}

/** The way back. */
export function toTorchLayout(x: tf.Tensor, shape: number[]): tf.Tensor {
  if (x.shape.length === 4) return x.transpose(x.shape[3] === 1 ? [2, 3, 0, 1] : [3, 2, 0, 1]);
  return x.shape.length === 2 ? x.transpose().reshape(shape) : x;
}

export const names = model.parameters.map(({ name }) => name);
/** The fixture's weights, in the order of the names. */
export const weights = model.parameters.map(({ name, shape }) =>
  toOurLayout(torchValues(name, FIXTURE.parameters[name]), FIXTURE.parameters[name], shape)
);
export const input = tf.tensor4d(wave("input", 2 * 64 * 70, 1), [2, 64, 70, 1]);
export const labels = tf.buffer([2, 11]);
for (const [row, column] of [[0, 3], [0, 6], [1, 10]]) labels.set(1, row, column);
