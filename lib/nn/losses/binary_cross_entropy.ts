/** Binary cross-entropy on logits (M1). */
import { tf } from "../engine/mod.ts";

/**
 * Mean binary cross-entropy, computed from logits without overflow: max(z, 0) - z y + log(1 + exp(-|z|)).
 *
 * @param logits [batch, instruments]
 * @param labels [batch, instruments], in [0, 1]
 * @returns a scalar
 */
export function binaryCrossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const tail = logits.abs().neg().exp().log1p();
  return logits.relu().sub(logits.mul(labels)).add(tail).mean();
}
