/** From a run's configuration to its loss. */
import { z } from "zod";
import type { tf } from "../engine/mod.ts";
import { binaryCrossEntropy } from "./binary_cross_entropy.ts";
import { FAMILY_PART, familyLoss } from "./family.ts";
import { focalLoss } from "./focal.ts";
import { positiveWeights } from "./positive_weights.ts";

const every = {
  /** Where an instrument is there, it counts negatives/positives of the training examples (M2). Left out: once. */
  positiveWeights: z.literal("balanced").optional(),
  /** Adds the loss of families (M4). */
  family: FAMILY_PART,
};

/** What a configuration's loss may be; each field is the option of that name in this folder. */
export const LOSS = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("binary-cross-entropy"), ...every }),
  z.strictObject({
    name: z.literal("focal"),
    gamma: z.number().min(0),
    variant: z.enum(["paper", "document"]),
    alpha: z.number().min(0).max(1).optional(),
    ...every,
  }),
]);

/** See the schema above for what each field means. */
export type LossConfig = z.infer<typeof LOSS>;

/** A function of logits and labels, both [batch, 11], that training makes small. */
export type Loss = (logits: tf.Tensor, labels: tf.Tensor) => tf.Scalar;

/**
 * The loss that a configuration describes.
 *
 * @param options.targets the training examples' labels, `[examples, 11]`, from which positive weights are counted
 */
export function makeLoss(config: LossConfig, { targets }: { targets: ArrayLike<number> }): Loss {
  const weights = config.positiveWeights && positiveWeights(targets);
  const main: Loss = (logits, labels) =>
    config.name === "focal"
      ? focalLoss(logits, labels, { ...config, positiveWeights: weights })
      : binaryCrossEntropy(logits, labels, { positiveWeights: weights });
  const { family } = config;
  if (!family) return main;
  return (logits, labels) =>
    main(logits, labels).add(familyLoss(logits, labels, family.families).mul(family.factor));
}
