/** Losses of pretraining: means over what is asked for. Where a label is NaN, no answer is asked for. */
import { tf } from "../engine/mod.ts";

/** The mean of the values where labels are numbers. */
function meanOfAsked(values: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const asked = tf.logicalNot(labels.isNaN()).cast("float32");
  return values.mul(asked).sum().div(asked.sum().maximum(1)) as tf.Scalar;
}

/** Zero where labels are NaN: a product with zero would leave NaN in the gradient. */
const filled = (labels: tf.Tensor) => tf.where(labels.isNaN(), tf.zerosLike(labels), labels);

/**
 * Mean cross-entropy of classes.
 *
 * @param logits [batch, places, classes]
 * @param labels [batch, places], classes from 0, or NaN
 * @returns a scalar
 */
export function crossEntropyOfAsked(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const classes = logits.shape[logits.rank - 1];
  const right = tf.oneHot(filled(labels).cast("int32") as tf.Tensor2D, classes).cast("float32");
  const evidence = logits.logSumExp(-1).sub(logits.mul(right).sum(-1));
  return meanOfAsked(evidence, labels);
}

/**
 * Mean squared error.
 *
 * @param values [batch, places]
 * @param labels [batch, places], or NaN
 * @returns a scalar
 */
export function squaredErrorOfAsked(values: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  return meanOfAsked(values.sub(filled(labels)).square(), labels);
}
