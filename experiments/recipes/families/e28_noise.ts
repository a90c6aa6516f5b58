/**
 * Robustness to noise of networks that learnt from sums of one, two and three clips: accuracy with white and pink noise.
 *
 *     ./lumen experiment E28     a run takes 4 minutes on one core
 *
 * Came out: neither more nor less is heard in noise, though sums cost accuracy without it.
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const robustness: Family = {
  title: "Robustness to noise",
  question: "Do sums of clips make a network robust to noise?",
  measure: "noise.accuracy",
  presets: { real: [{ base: "screen", variants: ["sum-2", "sum-3"] }] },
};
