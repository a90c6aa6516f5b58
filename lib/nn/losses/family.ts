/** Family loss (M4): whether any instrument of a family is there. */
import { z } from "zod";
import { FAMILIES, type Instrument, instrumentIndex, INSTRUMENTS } from "../../datasets/labels.ts";
import { tf } from "../engine/mod.ts";
import { binaryCrossEntropy } from "./binary_cross_entropy.ts";

/** Instruments by the name of their family. */
export type Families = Readonly<Record<string, readonly Instrument[]>>;

/** The part of a configuration's loss that is about families, and is added times a factor. Left out: none is added. */
export const FAMILY_PART = z.strictObject({
  factor: z.number().min(0),
  /** Instruments by family. Left out: the study's six families. */
  families: z.record(z.string(), z.array(z.enum(INSTRUMENTS)).min(1)).optional(),
}).optional();

/** The largest value of each family's instruments: of labels, whether any is there. [batch, 11] to [batch, families] */
export function largestOfFamilies(
  values: tf.Tensor,
  families: Families = FAMILIES,
): tf.Tensor {
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
  families?: Families,
): tf.Scalar {
  return binaryCrossEntropy(
    largestOfFamilies(logits, families),
    largestOfFamilies(labels, families),
  );
}
