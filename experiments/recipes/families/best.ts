/**
 * The recipe `best` against plain ConvNeXt-atto from scratch, each fifth of the recordings held out once.
 *
 *     ./lumen experiment best
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

const FOLDS = [1, 2, 3, 4];

export const bestOfAll: Family = {
  title: "Better than the document",
  question: "How far do the lessons of all comparisons carry together?",
  variants: Object.fromEntries(FOLDS.map((fold) => [`fold-${fold}`, change.data({ fold })])),
  presets: {
    real: [
      { base: "irmas_scratch", variants: ["recipe:irmas_yamnet", "recipe:best"] },
      ...FOLDS.map((fold) => ({
        base: `irmas_scratch+fold-${fold}`,
        variants: [`recipe:best+fold-${fold}`],
        seeds: 1,
      })),
    ],
  },
};
