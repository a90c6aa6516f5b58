/** Batch normalisation over the last axis (Ioffe and Szegedy, 2015). */
import { attribute, runOperation, tf } from "../engine/mod.ts";
import { ones, zeros } from "../initializers.ts";
import type { Layer, Mode, Weights } from "../layer.ts";
import { addBias } from "./bias.ts";

/** How a batch norm is set. */
export interface BatchNormOptions {
  channels: number;
  /** Share of a batch in the running statistics, as PyTorch counts it; Keras calls the rest so. Default: 0.1. */
  momentum?: number;
  /** Added to the variance. Default: 1e-5. */
  epsilon?: number;
}

/** A batch norm that a layer before it can take in. */
export interface BatchNorm extends Layer {
  /**
   * What a channel is multiplied by, and what is added to it, both [channels], where the running statistics are used.
   * Nothing where the batch's are.
   */
  affine(weights: Weights, mode: Mode): { scale: tf.Tensor; shift: tf.Tensor } | undefined;
}

/**
 * The batch, normalised with its own statistics, scaled and shifted. TensorFlow's operation and its gradient.
 *
 * @param x [batch, height, width, channels]
 * @param options.measured gets the batch's mean and unbiased variance, both [channels]
 */
function normalize(
  x: tf.Tensor,
  [gain, bias]: [tf.Tensor, tf.Tensor],
  { epsilon, measured }: {
    epsilon: number;
    measured: (mean: tf.Tensor, variance: tf.Tensor) => void;
  },
): tf.Tensor {
  const attributes = [
    attribute.type("T", "float32"),
    attribute.type("U", "float32"),
    attribute.float("epsilon", epsilon),
    attribute.string("data_format", "NHWC"),
    attribute.bool("is_training", true),
  ];
  const op = tf.customGrad((...inputs) => {
    const [x, gain, bias] = inputs as tf.Tensor[];
    const save = inputs.at(-1) as unknown as tf.GradSaveFunc;
    const none = tf.zeros([0]); // for running statistics, which are not looked at in training
    // version 2: a result of version 3 has no shape before it is computed
    const [y, mean, variance, ...reserved] = runOperation(
      "FusedBatchNormV2",
      [x, gain, bias, none, none],
      { attributes, outputs: 5 },
    );
    measured(mean, variance); // here: they are gone when this function ends
    save([x, gain, ...reserved]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runOperation("FusedBatchNormGradV2", [dy, ...saved], { attributes, outputs: 5 })
          .slice(0, 3),
    };
  });
  return op(x, gain, bias);
}

/** What takes a statistic's next value; nothing where it stays. */
const placeOf = (name: string, mode: Mode) => mode.training ? mode.statistic?.(name) : undefined;

/**
 * Normalises every channel to mean 0 and variance 1, then scales and shifts it: in training over the batch, whose
 * statistics go into the running ones, elsewhere with these.
 *
 * @param name parameters are `name.weight`, `name.bias`, and the statistics `name.running_mean` and
 *   `name.running_var`, all [channels]
 */
export function batchNorm(
  name: string,
  { channels, momentum = 0.1, epsilon = 1e-5 }: BatchNormOptions,
): BatchNorm {
  const [weight, bias] = [`${name}.weight`, `${name}.bias`];
  const [mean, variance] = [`${name}.running_mean`, `${name}.running_var`];
  const shape = [channels];
  const affine = (weights: Weights, mode: Mode) => {
    if (placeOf(mean, mode)) return undefined;
    const scale = weights(variance).add(epsilon).rsqrt().mul(weights(weight));
    return { scale, shift: weights(bias).sub(weights(mean).mul(scale)) };
  };
  return {
    affine,
    parameters: [
      { name: weight, shape, initial: ones, kind: "batch-norm" },
      { name: bias, shape, initial: zeros, kind: "batch-norm" },
      { name: mean, shape, initial: zeros, kind: "statistic" },
      { name: variance, shape, initial: ones, kind: "statistic" },
    ],
    apply(weights, x, mode) {
      const fixed = affine(weights, mode);
      if (fixed) return addBias(x.mul(fixed.scale), fixed.shift);
      const keep = (running: string, batch: tf.Tensor) => {
        const next = weights(running).mul(1 - momentum).add(batch.mul(momentum));
        placeOf(running, mode)?.(next);
      };
      const picture = x.rank === 4 ? x : x.reshape([-1, 1, 1, channels]);
      return normalize(picture, [weights(weight), weights(bias)], {
        epsilon,
        measured(batchMean, batchVariance) {
          keep(mean, batchMean);
          keep(variance, batchVariance);
        },
      }).reshape(x.shape);
    },
  };
}
