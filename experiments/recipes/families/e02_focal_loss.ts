/**
 * Focal loss (M3): the document's, whose weight does not look at the target, and its paper's; gamma 0 is the base.
 *
 *     ./lumen experiment E2     a run takes 4 minutes on one core
 *
 * Came out: at tuned thresholds neither loss was seen to change anything. At one half the document's, with gamma 0.5, brings
 * 0.07 of F1.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

const focal = (variant: "document" | "paper", gamma: number) =>
  change.loss({ name: "focal", gamma, variant });

export const focalLoss: Family = {
  title: "Focal loss",
  question: "Does F1 grow with gamma, and with which of the two losses?",
  variants: {
    "focal-document-0.1": focal("document", 0.1),
    "focal-document-0.3": focal("document", 0.3),
    "focal-document-0.5": focal("document", 0.5),
    "focal-paper-0.5": focal("paper", 0.5),
    "focal-paper-2": focal("paper", 2),
  },
  presets: {
    real: [{
      base: "screen",
      variants: [
        "focal-document-0.1",
        "focal-document-0.3",
        "focal-document-0.5",
        "focal-paper-0.5",
        "focal-paper-2",
      ],
    }],
    paper: [{
      base: "paper_convnext",
      variants: ["focal-document-0.1", "focal-document-0.3", "focal-document-0.5"],
    }],
  },
  document: {
    measure: "validation F1, mean over batches",
    values: {
      base: 0.3456,
      "focal-document-0.1": 0.349,
      "focal-document-0.3": 0.3516,
      "focal-document-0.5": 0.3748,
    },
  },
};
