/**
 * The recipe `best` against plain ConvNeXt-atto from scratch, each fifth of the recordings held out once.
 *
 *     ./lumen experiment best     a run takes 8 minutes on two cores, of the base 5
 *
 * Came out. Better: `irmas_yamnet`, `best`, `best+fold-1`, `best+fold-2`, `best+fold-3`, `best+fold-4`: by 0.17 on mixtures of
 * two over all folds.
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
