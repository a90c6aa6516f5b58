/**
 * Training without the clips that confident learning doubts (D16), which is part of the study of label quality.
 *
 *     ./lumen quality --save
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const outliers: Family = {
  title: "Doubtful clips left out",
  question: "Is it worth leaving out clips that confident learning doubts?",
  presets: {},
  study: { command: "./lumen quality --save", file: "experiments/label_quality.json" },
};
