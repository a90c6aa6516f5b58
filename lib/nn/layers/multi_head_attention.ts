/** Multi-head self-attention (Vaswani et al., "Attention is all you need", 2017, arXiv 1706.03762). */
import { tf } from "../engine/mod.ts";
import type { Initializer, Layer } from "../layer.ts";
import { dense } from "./dense.ts";

/**
 * Every token looks at all tokens: softmax(q kᵀ / sqrt(channels / heads)) v in each head, and a projection of all heads
 * side by side. [batch, tokens, channels] to the same.
 *
 * @param name parameters are `name.q_proj.*`, `name.k_proj.weight`, `name.v_proj.*` and `name.o_proj.*`; a bias of the keys
 *   would add the same to all of a query's scores, and the softmax would take it away
 * @throws RangeError where the heads do not divide the channels
 */
export function multiHeadAttention(
  name: string,
  { channels, heads, initial }: { channels: number; heads: number; initial: Initializer },
): Layer {
  if (channels % heads !== 0) {
    throw new RangeError(`${name}: ${heads} heads do not divide ${channels} channels`);
  }
  const width = channels / heads;
  const [query, value, out] = ["q", "v", "o"].map((part) =>
    dense(`${name}.${part}_proj`, { inputs: channels, outputs: channels, initial })
  );
  const key: Layer = {
    parameters: [{ name: `${name}.k_proj.weight`, shape: [channels, channels], initial }],
    apply: (weights, x) =>
      tf.matMul(
        x.reshape<tf.Tensor2D>([-1, channels]),
        weights(`${name}.k_proj.weight`) as tf.Tensor2D,
      ),
  };
  return {
    parameters: [query, key, value, out].flatMap(({ parameters }) => parameters),
    apply(weights, x, mode) {
      const tokens = x.shape[1]!;
      const [q, k, v] = [query, key, value].map((layer) =>
        layer.apply(weights, x, mode)
          .reshape([-1, tokens, heads, width])
          .transpose<tf.Tensor4D>([0, 2, 1, 3]) // [batch, heads, tokens, width]
      );
      // the queries are scaled, not the scores: those are many more
      const scores = tf.matMul(q.div(Math.sqrt(width)) as tf.Tensor4D, k, false, true);
      const seen = tf.matMul(tf.softmax(scores), v); // [batch, heads, tokens, width]
      return out.apply(weights, seen.transpose([0, 2, 1, 3]).reshape([-1, tokens, channels]), mode);
    },
  };
}
