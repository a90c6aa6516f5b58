/** AttentionHead (M6): which moments of a clip matter, then a DeepHead on their weighted sum. */
import { tf } from "../engine/mod.ts";
import type { Layer, Weights } from "../layer.ts";
import { dense } from "../layers/dense.ts";
import { deepHead } from "./deep.ts";

/** A head whose attention over time can be read. */
export interface AttentionHead extends Layer {
  /** Attention over time, [batch, time], positive, sums to 1. x [batch, height, time, features]. */
  attention(weights: Weights, x: tf.Tensor): tf.Tensor;
}

/**
 * Mean over frequency, softmax over time of w2 tanh(W1 h) / sqrt(features), weighted sum over time, DeepHead.
 * [batch, height, time, features] to [batch, outputs].
 *
 * @param name parameters are `name.query.*` (W1), `name.score.*` (w2) and the DeepHead's `name.deep.*`
 */
export function attentionHead(
  name: string,
  { features, outputs, hidden }: { features: number; outputs: number; hidden?: number[] },
): AttentionHead {
  const query = dense(`${name}.query`, { inputs: features, outputs: features });
  const score = dense(`${name}.score`, { inputs: features, outputs: 1 });
  const deep = deepHead(`${name}.deep`, { features, outputs, hidden });

  const weigh = (weights: Weights, tokens: tf.Tensor) => {
    const hidden = query.apply(weights, tokens, { training: false }).tanh();
    const scores = score.apply(weights, hidden, { training: false }).squeeze([-1]);
    return tf.softmax(scores.div(Math.sqrt(features))); // [batch, time]
  };
  return {
    parameters: [...query.parameters, ...score.parameters, ...deep.parameters],
    attention: (weights, x) => weigh(weights, x.mean(1)),
    apply(weights, x, mode) {
      const tokens = x.mean(1); // [batch, time, features]
      const summary = tokens.mul(weigh(weights, tokens).expandDims(-1)).sum(1);
      return deep.apply(weights, summary, mode);
    },
  };
}
