/**
 * Binary cross-entropy with positive weights (M2), against without: how fast, how much, and whether it buys recall with
 * precision.
 *
 *     ./lumen experiment E1     a run takes 4 minutes on one core, on whole spectrograms 10
 *
 * Came out: nothing was seen to change at tuned thresholds. At one half F1 rises, with recall up by 0.33 and precision down by
 * 0.23.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

export const positiveWeights: Family = {
  title: "Positive weights",
  question: "Do positive weights raise F1, and does recall grow at precision's expense?",
  variants: { "positive-weights": change.loss({ positiveWeights: "balanced" }) },
  presets: {
    real: [
      { base: "screen", variants: ["positive-weights"] },
      { base: "irmas_scratch", variants: ["positive-weights"] },
    ],
    paper: [{ base: "paper_convnext", variants: ["positive-weights"] }],
  },
};
