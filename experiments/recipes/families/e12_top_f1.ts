/**
 * The document's five best by F1, as far as IRMAS carries them: sum of two clips, time shift, Fluffy, a larger network.
 *
 *     ./lumen experiment E12     a run takes 5 minutes on one core, of the larger network 9
 *
 * Came out: none of them was seen to gain anything.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

export const topF1: Family = {
  title: "The five best by F1",
  question:
    "Do Fluffy, the shift in time and a larger network gain what the document's table says?",
  presets: {
    real: [{
      base: "screen+complete+two-layers+deep+sum-2",
      variants: ["fluffy-deep", "no-shift", "pico+fluffy-deep"],
    }],
    paper: [{
      base: "paper_convnext_best+two-layers",
      variants: ["boosted", "deep", "deep+no-shift", "convnext-base"],
    }],
  },
  variants: { "boosted": change.data({ boosted: true }) },
  document: {
    measure: "validation F1, mean over batches",
    values: { base: 0.4095, "fluffy-deep": 0.4112, "no-shift": 0.4084, "pico+fluffy-deep": 0.4076 },
  },
  remark: "The best of all (0.4435) adds AudioSet's clips, which cannot be had here.",
};
