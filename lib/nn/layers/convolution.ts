/** Convolutions over [batch, height, width, channels]. */
import { tf } from "../engine/mod.ts";
import { fanInUniform } from "../initializers.ts";
import type { Initializer, Layer } from "../layer.ts";
import type { BatchNorm } from "./batch_norm.ts";
import { addBias } from "./bias.ts";
import { groupedConvolution } from "./grouped_convolution.ts";

/**
 * What lies around a picture. "same": zeros so that stride s gives ceil(size / s) values, the odd one at the end, as
 * TensorFlow places them; "valid": nothing; a number or [height, width]: that many zeros on either side, as PyTorch's.
 */
export type Padding = "same" | "valid" | number | [number, number];

/** How a window goes over a picture. */
export interface ConvolutionOptions {
  /** Of the window, square or [height, width]. */
  size: number | [number, number];
  /** From one position to the next. Default: 1. */
  stride?: number | [number, number];
  /** Default: "same". */
  padding?: Padding;
  /** What stands behind it: a number for each output ("bias"), a batch norm, or nothing. Default: "bias". */
  behind?: "bias" | BatchNorm | "nothing";
  /** The filter's first values, by the inputs that an output depends on. Default: PyTorch's. */
  initial?: (fanIn: number) => Initializer;
}

/** Both axes of what may be given as one number. */
export const both = (value: number | [number, number]): [number, number] =>
  typeof value === "number" ? [value, value] : value;

/** The picture with its border, where the operation does not make it itself, and what is left for the operation to do. */
export function padded(
  x: tf.Tensor,
  padding: Padding,
  value = 0,
): [tf.Tensor4D, "same" | "valid"] {
  if (padding === "same" || padding === "valid") return [x as tf.Tensor4D, padding];
  const [height, width] = both(padding);
  if (height === 0 && width === 0) return [x as tf.Tensor4D, "valid"];
  const around: [number, number][] = [[0, 0], [height, height], [width, width], [0, 0]];
  return [tf.pad(x, around, value) as tf.Tensor4D, "valid"];
}

/** A layer of a filter and a bias, from what runs the filter. */
function filterLayer(
  name: string,
  { shape, outputs, fanIn, behind = "bias", initial = fanInUniform }:
    & Pick<ConvolutionOptions, "behind" | "initial">
    & {
      shape: number[];
      outputs: number;
      fanIn: number;
    },
  run: (x: tf.Tensor, filter: tf.Tensor4D) => tf.Tensor,
): Layer {
  const norm = typeof behind === "object" ? behind : undefined;
  return {
    parameters: [
      { name: `${name}.weight`, shape, initial: initial(fanIn) },
      ...behind === "bias"
        ? [{ name: `${name}.bias`, shape: [outputs], initial: fanInUniform(fanIn) }]
        : [],
      ...norm?.parameters ?? [],
    ],
    apply(weights, x, mode) {
      const filter = weights(`${name}.weight`) as tf.Tensor4D;
      if (behind === "bias") return addBias(run(x, filter), weights(`${name}.bias`));
      if (!norm) return run(x, filter);
      const affine = norm.affine(weights, mode);
      if (!affine) return norm.apply(weights, run(x, filter), mode);
      // (x * w) s is x * (w s): the filter is small, what it gives is not
      const scaled = filter.mul(affine.scale.reshape([outputs / shape[3], shape[3]]));
      return addBias(run(x, scaled as tf.Tensor4D), affine.shift);
    },
  };
}

/**
 * Convolution: every output sees all inputs, or those of its group.
 *
 * @param name parameters are `name.weight` [height, width, inputs / groups, outputs], and `name.bias` [outputs] or the
 *   norm's own
 * @throws RangeError where the groups do not divide the channels
 */
export function convolution(
  name: string,
  options: ConvolutionOptions & { inputs: number; outputs: number; groups?: number },
): Layer {
  const { inputs, outputs, groups = 1, stride = 1, padding = "same", behind, initial } = options;
  if (inputs % groups !== 0 || outputs % groups !== 0) {
    throw new RangeError(
      `${name}: ${groups} groups do not divide ${inputs} and ${outputs} channels`,
    );
  }
  const [height, width] = both(options.size), seen = inputs / groups;
  const shape = [height, width, seen, outputs], fanIn = height * width * seen;
  return filterLayer(name, { shape, outputs, fanIn, behind, initial }, (x, filter) => {
    const [picture, left] = padded(x, padding), strides = both(stride);
    return groups === 1
      ? tf.conv2d(picture, filter, strides, left)
      : groupedConvolution(picture, filter, { groups, strides, padding: left });
  });
}

/**
 * Depthwise convolution: one filter a channel.
 *
 * @param name parameters are `name.weight` [height, width, channels, 1], and `name.bias` [channels] or the norm's own
 */
export function depthwiseConvolution(
  name: string,
  options: ConvolutionOptions & { channels: number },
): Layer {
  const { channels, stride = 1, padding = "same", behind, initial } = options;
  const [height, width] = both(options.size);
  const shape = [height, width, channels, 1];
  return filterLayer(
    name,
    { shape, outputs: channels, fanIn: height * width, behind, initial },
    (x, filter) => {
      const [picture, left] = padded(x, padding);
      return tf.depthwiseConv2d(picture, filter, both(stride), left);
    },
  );
}
