/** Focal loss (M3): what is easy counts less. */
import type { tf } from "../engine/mod.ts";
import { crossEntropies, type PositiveWeights } from "./binary_cross_entropy.ts";

/** How the focal loss weighs cross-entropies. */
export interface FocalOptions extends PositiveWeights {
  /** The exponent, at least 0; 0 is binary cross-entropy. */
  gamma: number;
  /**
   * "paper": (1 - p_t)^gamma, where p_t is the probability that the network gives to the right answer. "document":
   * (1 - p)^gamma, where p is that of the instrument being there, whether it is or not: what is wrongly heard counts
   * less and less, and what is rightly not heard all the same. Where an absent instrument's p is above 1 - exp(-1 / gamma)
   * (0.865 for 0.5) the loss falls with p: a false alarm that is sure enough becomes surer.
   */
  variant: "paper" | "document";
  /** Share of what is there, in [0, 1]; what is not there has the rest. Default: neither is scaled. */
  alpha?: number;
}

/**
 * Mean of alpha_t (1 - p_t)^gamma times the binary cross-entropy (Lin et al. 2017, arXiv 1708.02002, equation 5).
 *
 * @param logits [batch, instruments]
 * @param labels [batch, instruments], 0 or 1
 * @returns a scalar
 */
export function focalLoss(
  logits: tf.Tensor,
  labels: tf.Tensor,
  { gamma, variant, alpha, positiveWeights }: FocalOptions,
): tf.Scalar {
  // 1 - p is exp(-log(1 + exp(z))): as a difference it would be 0 for large z, and its power's derivative infinite
  const evidence = variant === "paper" ? logits.mul(labels.mul(2).sub(1)) : logits;
  const difficulty = evidence.softplus().mul(-gamma).exp();
  const focal = difficulty.mul(crossEntropies(logits, labels, { positiveWeights }));
  if (alpha === undefined) return focal.mean();
  return focal.mul(labels.mul(2 * alpha - 1).add(1 - alpha)).mean();
}
