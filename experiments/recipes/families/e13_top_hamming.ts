/**
 * The document's five best by Hamming score, as far as IRMAS carries them: small batches, sum of two clips, and cosine annealing.
 *
 *     ./lumen experiment E13     a run takes 5 to 13 minutes on one core
 *
 * Came out, by the Hamming score at thresholds for F1. Better: `sum-2+fluffy-deep`. It follows the thresholds more than what a
 * network hears.
 */
import { type Change, type Family } from "../../../lib/experiments/family.ts";

/** One half wave down from the one cycle's highest rate, over all epochs in which all is trained. */
const cosine: Change = (settings) => {
  const { maxLearningRate, warmLearningRate } = settings.schedule;
  const schedule = {
    name: "cosine-restarts" as const,
    maxLearningRate,
    warmLearningRate,
    minLearningRate: 0,
    cycleEpochs: settings.epochs - settings.headEpochs,
    cycleFactor: 1,
  };
  return { ...settings, schedule };
};

export const topHamming: Family = {
  title: "The five best by Hamming score",
  question: "Do small batches, sums and cosine annealing gain what the document's table says?",
  variants: {
    "cosine": cosine,
  },
  presets: {
    real: [{
      base: "screen+complete+two-layers+deep",
      variants: ["batch-8+sum-2", "sum-2+fluffy-deep", "batch-16+no-shift+sum-2", "cosine"],
    }],
    paper: [{ base: "paper_convnext", variants: ["cosine"] }],
  },
  measure: "mixturesOfTwo.hamming",
  document: {
    measure: "validation Hamming score",
    values: {
      base: 0.8949,
      "batch-8+sum-2": 0.9014,
      "sum-2+fluffy-deep": 0.8977,
      "batch-16+no-shift+sum-2": 0.8974,
      "cosine": 0.894,
    },
  },
  remark:
    "The document's first three add OpenMIC or AudioSet, and have batches of 4, 16 and 6; the Hamming score of always none is close to all of them. It is taken here at the thresholds that are best for macro-F1, and says more about where these lie than about what a network hears: who says yes less often has more of it.",
};
