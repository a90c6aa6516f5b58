/**
 * Decision thresholds (M16) on mixtures of recordings that no threshold was tuned on.
 *
 *     ./lumen thresholds --save
 *
 * Came out: a threshold that is tuned on such mixtures brings 0.08 to 0.29 of macro-F1 over one half; one tuned on sums of four
 * to six, as the document does, costs YAMNet 0.11 on mixtures of two. One for each instrument brings 0.02 more at most.
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const thresholds: Family = {
  title: "Decision thresholds",
  question: "Where should a network say yes: at one half, or where, and for each instrument?",
  presets: {},
  study: { command: "./lumen thresholds --save", file: "experiments/thresholds.json" },
};
