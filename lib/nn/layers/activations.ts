/** Activation functions. */
import { fuse, tf } from "../engine/mod.ts";
import type { Layer } from "../layer.ts";

/** The positive part, as a layer. */
export const relu: Layer = { parameters: [], apply: (_, x) => x.relu() };

const INVERSE_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

const forward = fuse((x: tf.Tensor) => {
  return [x.mul(x.mul(Math.SQRT1_2).erf().mul(0.5).add(0.5))];
}, { name: "gelu" });

/** Derivative: the distribution function plus x times the density. */
const backward = fuse((x: tf.Tensor, dy: tf.Tensor) => {
  const distribution = x.mul(Math.SQRT1_2).erf().mul(0.5).add(0.5);
  const density = x.square().mul(-0.5).exp().mul(INVERSE_SQRT_TWO_PI);
  return [dy.mul(x.mul(density).add(distribution))];
}, { name: "gelu_gradient" });

/**
 * Gaussian error linear unit, exact: x times the normal distribution function (Hendrycks and Gimpel,
 * 2016). Its derivative is in closed form.
 */
export function gelu(x: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((...inputs) => {
    const x = inputs[0] as tf.Tensor;
    const save = inputs[1] as unknown as (tensors: tf.Tensor[]) => void;
    save([x]);
    return {
      value: forward(x)[0],
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => backward(saved[0], dy)[0],
    };
  });
  return op(x);
}
