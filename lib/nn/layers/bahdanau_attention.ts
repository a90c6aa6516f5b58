/** Additive attention (Bahdanau, Cho and Bengio, 2014, arXiv 1409.0473) of a sequence's end over the whole of it. */
import { tf } from "../engine/mod.ts";
import { fanInUniform } from "../initializers.ts";
import type { Layer, Mode, Weights } from "../layer.ts";
import { dense } from "./dense.ts";

/** A sequence in one vector, and how much of each step is in it. */
export interface Attended {
  /** [batch, features] */
  context: tf.Tensor;
  /** The last step, [batch, features]. */
  last: tf.Tensor;
  /** [batch, time], positive, with sum 1. */
  attention: tf.Tensor;
}

/**
 * The mean of all steps h_t, weighted by the softmax over time of v tanh(W h_t + U h_T + b), where h_T is the last step.
 *
 * @param name parameters are `name.keys.*` (W and b), `name.query.weight` (U) and `name.score.weight` (v)
 */
export function bahdanauAttention(name: string, { features }: { features: number }): {
  parameters: Layer["parameters"];
  /** @param states [batch, time, features] */
  attend(weights: Weights, states: tf.Tensor, mode: Mode): Attended;
} {
  const keys = dense(`${name}.keys`, { inputs: features, outputs: features });
  const query = `${name}.query.weight`, score = `${name}.score.weight`;
  const initial = fanInUniform(features);
  return {
    parameters: [
      ...keys.parameters,
      { name: query, shape: [features, features], initial },
      { name: score, shape: [features, 1], initial },
    ],
    attend(weights, states, mode) {
      const [batch, time] = states.shape;
      const last = states.slice([0, time - 1], [batch, 1]).squeeze<tf.Tensor2D>([1]);
      const asked = tf.matMul(last, weights(query) as tf.Tensor2D).expandDims(1);
      const fit = keys.apply(weights, states, mode).add(asked).tanh();
      const attention = tf.softmax(fit.mul(weights(score).squeeze([1])).sum(-1)); // [batch, time]
      return { context: states.mul(attention.expandDims(-1)).sum(1), last, attention };
    },
  };
}
