/**
 * The loss of families (M4) beside that of instruments, at the document's three factors.
 *
 *     ./lumen experiment E3     a run takes 4 minutes on one core
 *
 * Came out: none of the factors was seen to change anything.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

const family = (factor: number) => change.loss({ family: { factor } });

const variants = {
  "family-0.3": family(0.3),
  "family-0.8": family(0.8),
  "family-1.5": family(1.5),
};

export const familyLoss: Family = {
  title: "Family loss",
  question: "Does it help to name the family as well?",
  variants,
  presets: {
    real: [{ base: "screen", variants: Object.keys(variants) }],
    paper: [{ base: "paper_convnext", variants: Object.keys(variants) }],
  },
};
