/**
 * Decibels, as the document shows, or powers, as its program fed to the network; and between them the cube root. Real
 * spectrograms turn back into power within their 80 dB.
 *
 *     ./lumen experiment E23     a run takes 4 to 6 minutes on one core
 *
 * Came out: nothing was seen to change on mixtures; of powers single clips are recognised worse, by 0.05.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

const variants = {
  "power": change.model({ scale: "power" }),
  "cube-root": change.model({ scale: "cube-root" }),
};

export const decibels: Family = {
  title: "Decibels or power",
  question: "Does the network need logarithms?",
  variants,
  presets: {
    real: [{ base: "screen", variants: Object.keys(variants) }],
    paper: [{ base: "paper_convnext", variants: ["power"] }],
  },
};
