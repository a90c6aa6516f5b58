/** Binary cross-entropy on logits (M1), with a weight for what is there (M2). */
import { tf } from "../engine/mod.ts";

/** What instruments count, where they are there. */
export interface PositiveWeights {
  /** One for each instrument, at least 0. Default: 1. */
  positiveWeights?: readonly number[];
}

/**
 * Binary cross-entropies, computed from logits without overflow: max(z, 0) - z y + log(1 + exp(-|z|)), and of it the
 * part of what is there, y log(1 + exp(-z)), once more for every unit of its weight above 1.
 *
 * @param logits [batch, instruments]
 * @param labels [batch, instruments], in [0, 1]
 * @returns [batch, instruments]
 */
export function crossEntropies(
  logits: tf.Tensor,
  labels: tf.Tensor,
  { positiveWeights }: PositiveWeights = {},
): tf.Tensor {
  const tail = logits.abs().neg().exp().log1p();
  const plain = logits.relu().sub(logits.mul(labels)).add(tail);
  if (!positiveWeights) return plain;
  const above = tf.tensor1d(positiveWeights.map((weight) => weight - 1));
  return plain.add(labels.mul(above).mul(logits.neg().relu().add(tail)));
}

/**
 * Mean binary cross-entropy.
 *
 * @param logits [batch, instruments]
 * @param labels [batch, instruments], in [0, 1]
 * @returns a scalar
 */
export function binaryCrossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  options: PositiveWeights = {},
): tf.Scalar {
  return crossEntropies(logits, labels, options).mean();
}
