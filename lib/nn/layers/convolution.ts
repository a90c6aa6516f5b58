/** Convolutions over [batch, height, width, channels]. */
import { tf } from "../engine/mod.ts";
import { fanInUniform } from "../initializers.ts";
import type { Layer } from "../layer.ts";
import { addBias } from "./bias.ts";

/**
 * Convolution without padding whose kernel is as large as its stride: patches, as ConvNeXt's stem and
 * downsampling use them. Rows and columns that do not fill a patch are left out.
 *
 * @param name parameters are `name.weight` [size, size, inputs, outputs] and `name.bias` [outputs]
 */
export function patchify(
  name: string,
  { inputs, outputs, size }: { inputs: number; outputs: number; size: number },
): Layer {
  const initial = fanInUniform(size * size * inputs);
  return {
    parameters: [
      { name: `${name}.weight`, shape: [size, size, inputs, outputs], initial },
      { name: `${name}.bias`, shape: [outputs], initial },
    ],
    apply(weights, x) {
      const filter = weights(`${name}.weight`) as tf.Tensor4D;
      return addBias(tf.conv2d(x as tf.Tensor4D, filter, size, "valid"), weights(`${name}.bias`));
    },
  };
}

/**
 * Depthwise convolution with "same" padding, stride 1: one square filter a channel.
 *
 * @param name parameters are `name.weight` [size, size, channels, 1] and `name.bias` [channels]
 */
export function depthwiseConvolution(
  name: string,
  { channels, size }: { channels: number; size: number },
): Layer {
  const initial = fanInUniform(size * size);
  return {
    parameters: [
      { name: `${name}.weight`, shape: [size, size, channels, 1], initial },
      { name: `${name}.bias`, shape: [channels], initial },
    ],
    apply(weights, x) {
      const filter = weights(`${name}.weight`) as tf.Tensor4D;
      const y = tf.depthwiseConv2d(x as tf.Tensor4D, filter, 1, "same");
      return addBias(y, weights(`${name}.bias`));
    },
  };
}
