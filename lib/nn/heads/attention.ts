/** AttentionHead (M6): which moments of a clip matter, then a DeepHead on their weighted sum. */
import { tf } from "../engine/mod.ts";
import { fanInUniform } from "../initializers.ts";
import { INFERENCE, type Layer, type Mode, type Weights } from "../layer.ts";
import { dense } from "../layers/dense.ts";
import { deepHead } from "./deep.ts";

/** A head that says which moments it looked at. */
export interface AttentionHead extends Layer {
  /**
   * What the head gives, [batch, outputs], and its attention over time, [batch, time], positive, with sum 1.
   *
   * @param x a feature map, [batch, height, time, features]
   * @param mode Default: inference
   */
  attend(
    weights: Weights,
    x: tf.Tensor,
    mode?: Mode,
  ): { logits: tf.Tensor; attention: tf.Tensor };
}

/**
 * Mean over frequency, softmax over time of w2 tanh(W1 h) / sqrt(features), weighted sum over time, DeepHead.
 * [batch, height, time, features] to [batch, outputs].
 *
 * @param name parameters are `name.query.*` (W1), `name.score.weight` (w2; the softmax would take a bias away) and the
 *   DeepHead's `name.deep.*`
 */
export function attentionHead(
  name: string,
  { features, outputs, hidden }: { features: number; outputs: number; hidden?: number[] },
): AttentionHead {
  const query = dense(`${name}.query`, { inputs: features, outputs: features });
  const score = { name: `${name}.score.weight`, shape: [features, 1] };
  const deep = deepHead(`${name}.deep`, { features, outputs, hidden });

  const attend = (weights: Weights, x: tf.Tensor, mode: Mode = INFERENCE) => {
    const tokens = x.mean(1); // [batch, time, features]
    const queries = query.apply(weights, tokens, mode).tanh();
    const scores = queries.mul(weights(score.name).squeeze()).sum(-1); // [batch, time]
    const attention = tf.softmax(scores.div(Math.sqrt(features)));
    const summary = tokens.mul(attention.expandDims(-1)).sum(1); // [batch, features]
    return { logits: deep.apply(weights, summary, mode), attention };
  };
  return {
    parameters: [
      ...query.parameters,
      { ...score, initial: fanInUniform(features) },
      ...deep.parameters,
    ],
    attend,
    apply: (weights, x, mode) => attend(weights, x, mode).logits,
  };
}
