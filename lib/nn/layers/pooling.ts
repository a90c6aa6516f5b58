/** Pooling over [batch, height, width, channels]. */
import { tf } from "../engine/mod.ts";
import type { Layer } from "../layer.ts";
import { both, padded, type Padding } from "./convolution.ts";

/** How a window goes over a picture. */
export interface PoolingOptions {
  /** Of the window, square or [height, width]. */
  size: number | [number, number];
  /** From one position to the next. Default: the window's size. */
  stride?: number | [number, number];
  /** Default: "valid". */
  padding?: Padding;
}

/** The largest value of each window. What is padded is no value, as in TensorFlow and PyTorch. */
export function maxPool({ size, stride = size, padding = "valid" }: PoolingOptions): Layer {
  return {
    parameters: [],
    apply(_, x) {
      const [picture, left] = padded(x, padding, -3.4e38);
      return tf.maxPool(picture, both(size), both(stride), left);
    },
  };
}

/** The mean of each window. Zeros of a padding in numbers count, as in PyTorch; those of "same" do not, as in TensorFlow. */
export function averagePool({ size, stride = size, padding = "valid" }: PoolingOptions): Layer {
  return {
    parameters: [],
    apply(_, x) {
      const [picture, left] = padded(x, padding);
      return tf.avgPool(picture, both(size), both(stride), left);
    },
  };
}

/** Mean over height and width; [batch, height, width, channels] to [batch, channels]. */
export const globalAveragePool: Layer = {
  parameters: [],
  apply: (_, x) => x.mean([1, 2]),
};

/** Largest value over height and width; [batch, height, width, channels] to [batch, channels]. */
export const globalMaxPool: Layer = {
  parameters: [],
  apply: (_, x) => x.max([1, 2]),
};
