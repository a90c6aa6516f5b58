/**
 * Family-aware metric learning (X5): clips that share instruments are drawn together, those of a family less so, and all
 * others are pushed apart.
 *
 * The loss of a level is the supervised contrastive one (Khosla et al. 2020, arXiv 2004.11362, L_out of equation 2). As in
 * "Use all the labels" (Zhang et al. 2022, arXiv 2204.13207, equation 4) there is one a level of the hierarchy, here of
 * instruments and of families, each with its factor. With several labels a clip, a pair counts by the overlap of its sets of
 * labels (Jaccard, 1901): with one label it is 1 or 0, and the loss is theirs.
 */
import { tf } from "../engine/mod.ts";
import { type Families, largestOfFamilies } from "./family.ts";

/** How pairs are compared. */
export interface ContrastiveOptions {
  /** Divides cosines: the smaller, the more the nearest count. */
  temperature: number;
  family?: { factor: number; families?: Families };
}

/** Of each pair of rows, what their sets share of what either has; none of itself. [batch, labels] to [batch, batch] */
function overlaps(labels: tf.Tensor2D, others: tf.Tensor): tf.Tensor {
  const shared = tf.matMul(labels, labels, false, true);
  const sizes = labels.sum(1, true); // [batch, 1]
  return shared.div(sizes.add(sizes.transpose()).sub(shared).maximum(1)).mul(others);
}

/** The mean over the rows that any other row shares labels with: -sum of w log p / sum of w. */
function levelLoss(logProbabilities: tf.Tensor, weights: tf.Tensor): tf.Scalar {
  const all = weights.sum(1), counted = all.greater(0).cast("float32");
  const losses = weights.mul(logProbabilities).sum(1).neg().div(all.add(counted.neg().add(1)));
  return losses.mul(counted).sum().div(counted.sum().maximum(1)) as tf.Scalar;
}

/**
 * The supervised contrastive loss of instruments, and of families times their factor.
 *
 * @param embeddings [batch, dimensions], of length 1
 * @param labels [batch, 11], 0 or 1
 * @returns a scalar; 0 where no two rows share a label
 */
export function contrastiveLoss(
  embeddings: tf.Tensor,
  labels: tf.Tensor,
  { temperature, family }: ContrastiveOptions,
): tf.Scalar {
  const itself = tf.eye(embeddings.shape[0]), others = itself.neg().add(1);
  const cosines = tf.matMul(embeddings as tf.Tensor2D, embeddings as tf.Tensor2D, false, true);
  // a row is not compared with itself: its own term vanishes from the sum of exponentials
  const logits = cosines.div(temperature).sub(itself.mul(1e9));
  const logProbabilities = logits.sub(logits.logSumExp(1, true));
  const level = (sets: tf.Tensor) =>
    levelLoss(logProbabilities, overlaps(sets as tf.Tensor2D, others));
  const instruments = level(labels);
  if (!family) return instruments;
  return instruments.add(level(largestOfFamilies(labels, family.families)).mul(family.factor));
}
