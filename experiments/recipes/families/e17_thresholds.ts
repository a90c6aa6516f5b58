/**
 * Decision thresholds (M16) on mixtures of recordings that no threshold was tuned on.
 *
 *     ./lumen thresholds --save
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const thresholds: Family = {
  title: "Decision thresholds",
  question: "Where should a network say yes: at one half, or where, and for each instrument?",
  presets: {},
  study: { command: "./lumen thresholds --save", file: "experiments/thresholds.json" },
};
