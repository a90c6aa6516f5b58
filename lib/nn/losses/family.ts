/** Family loss (M4): whether any instrument of a family is there. */
import { FAMILIES, type Instrument, instrumentIndex } from "../../datasets/labels.ts";
import { tf } from "../engine/mod.ts";
import { binaryCrossEntropy } from "./binary_cross_entropy.ts";

/** Instruments by the name of their family. */
export type Families = Readonly<Record<string, readonly Instrument[]>>;

/** The largest value of each family's instruments. [batch, 11] to [batch, families] */
function largest(values: tf.Tensor, families: Families): tf.Tensor {
  const columns = tf.unstack(values, 1);
  const members = Object.values(families).map((family) =>
    family.map((code) => columns[instrumentIndex(code)])
  );
  return tf.stack(members.map((family) => family.reduce((a, b) => tf.maximum(a, b))), 1);
}

/**
 * Mean binary cross-entropy of families, each with its instruments' largest logit and largest label.
 *
 * @param logits [batch, 11]
 * @param labels [batch, 11], 0 or 1
 * @param families Default: brass, guitar, woodwind, strings, voice, percussion
 * @returns a scalar
 */
export function familyLoss(
  logits: tf.Tensor,
  labels: tf.Tensor,
  families: Families = FAMILIES,
): tf.Scalar {
  return binaryCrossEntropy(largest(logits, families), largest(labels, families));
}
