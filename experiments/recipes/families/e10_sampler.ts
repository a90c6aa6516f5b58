/**
 * Drawing training clips so that rare instruments come as often as others (D4): by the median of a clip's weights, as the
 * document says, and by the maximum, as its program does. With one label a clip both are the same.
 *
 *     ./lumen experiment E10     a run takes 4 minutes on one core
 *
 * Came out: nothing was seen to change.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

export const sampler: Family = {
  title: "Weighted sampler",
  question: "Does it help to draw rare instruments more often?",
  variants: {
    "weighted-median": change.top({ sampler: "weighted-median" }),
    "weighted-maximum": change.top({ sampler: "weighted-maximum" }),
  },
  presets: {
    real: [{ base: "screen", variants: ["weighted-median"] }],
    paper: [{
      base: "paper_convnext+boosted", // songs have several labels
      variants: ["weighted-median", "weighted-maximum"],
    }],
  },
  remark: "IRMAS's training clips have one label each, where the median and the maximum are equal.",
};
