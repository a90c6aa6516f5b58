/**
 * Sums of N clips of different instruments (A1), and of a number that falls off exponentially (A2). Real spectrograms are
 * summed as powers of clips of equal level; the document sums waveforms with their peaks at 1.
 *
 *     ./lumen experiment E6     a run takes 4 to 6 minutes on one core, on whole spectrograms 10
 *
 * Came out. Better: `sum-2`, of whole spectrograms, and most with YAMNet (+0.10). Of `screen` the same gain does not outlast
 * the correction. The more clips are summed, the worse are single clips recognised.
 */
import { parseMelSteps } from "../../../lib/augment/steps.ts";
import { type Change, change, type Family } from "../../../lib/experiments/family.ts";

/** All examples are sums of N clips, as the document has it. */
const sum = (clips: number): Change => onSpectrograms([{ kind: "sum", clips }]);

/** Augmentations of spectrograms that are there. */
export const onSpectrograms = (steps: readonly unknown[]): Change =>
  change.augment({ spectrogram: parseMelSteps(steps) });

const variants = {
  "sum-2": sum(2),
  "sum-3": sum(3),
  "sum-4": sum(4),
  "sum-5": sum(5),
  "exponential-sum": onSpectrograms([{ kind: "exponential-sum" }]),
  "sum-2-genre": onSpectrograms([{ kind: "sum", clips: 2, match: "genre" }]),
  "sum-2-tempo": onSpectrograms([{ kind: "sum", clips: 2, match: "tempo" }]),
};

export const sums: Family = {
  title: "Sum with N",
  question: "How many clips should be summed, and does it matter which?",
  variants,
  presets: {
    real: [
      { base: "screen", variants: Object.keys(variants) },
      { base: "irmas_scratch", variants: ["sum-2", "sum-3"] },
      { base: "irmas_yamnet", variants: ["sum-2"] },
    ],
    paper: [{ base: "paper_convnext", variants: ["sum-2", "sum-3", "sum-4", "sum-5"] }],
  },
  remark:
    "Sum with 1 is the base. Partners of the same genre or tempo are the winning team's idea, not the document's.",
};
