/** Convolution, batch norm, activation: what convolutional networks are built of. */
import { type Layer, sequence } from "../layer.ts";
import { type Activation, activation as activationLayer } from "./activations.ts";
import { batchNorm } from "./batch_norm.ts";
import { convolution, depthwiseConvolution } from "./convolution.ts";

/** In what the frameworks that trained a network differ. */
export interface UnitStyle {
  /** Zeros around a picture: as many on either side (PyTorch), or the odd one at the end (TensorFlow's "same"). */
  padding: "symmetric" | "same";
  /** Of the batch norms (lib/nn/layers/batch_norm.ts). */
  epsilon: number;
  momentum: number;
}

/** What a unit does. */
export interface UnitOptions {
  inputs: number;
  outputs: number;
  /** Of the square window, odd. */
  size: number;
  stride?: number;
  /** Input channels in so many groups, each seen by its share of the outputs; "each": depthwise. Default: 1. */
  groups?: number | "each";
  /** Left out: none. */
  activation?: Activation;
  style: UnitStyle;
}

/** A unit. @param names of the convolution and of the batch norm */
export function convolutionUnit(
  names: { convolution: string; norm: string },
  options: UnitOptions,
): Layer {
  const { inputs, outputs, size, stride = 1, groups = 1, activation, style } = options;
  const { epsilon, momentum } = style;
  const window = {
    size,
    stride,
    // with stride 1 both are the same, and "same" needs no copy of the picture
    padding: stride === 1 || style.padding === "same" ? "same" as const : (size - 1) / 2,
    behind: batchNorm(names.norm, { channels: outputs, epsilon, momentum }),
  };
  const filter = groups === "each"
    ? depthwiseConvolution(names.convolution, { channels: inputs, ...window })
    : convolution(names.convolution, { inputs, outputs, groups, ...window });
  return activation ? sequence(filter, activationLayer(activation)) : filter;
}
