/**
 * One head for all instruments, or one for each (Fluffy, M7); with and without attention over time (M5, M6).
 *
 *     ./lumen experiment E4
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

const variants = {
  "deep": change.model({ head: "deep" }),
  "attention": change.model({ head: "attention" }),
  "fluffy-deep": change.model({ head: "fluffy-deep" }),
  "fluffy-attention": change.model({ head: "fluffy-attention" }),
};

export const heads: Family = {
  title: "Heads",
  question:
    "Is a head for each instrument better than one for all, and attention better than the mean over time?",
  variants,
  presets: {
    real: [
      { base: "screen", variants: Object.keys(variants) },
      { base: "irmas_scratch", variants: ["recipe:irmas_fluffy"] },
    ],
    paper: [{ base: "paper_convnext", variants: ["fluffy-deep", "fluffy-attention"] }],
  },
};
