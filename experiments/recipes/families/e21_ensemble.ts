/**
 * Ensembles of seeds (X3).
 *
 *     ./lumen ensemble irmas_scratch-1c752158 --save
 *
 * Came out: twelve seeds together have an accuracy 0.03 above one's.
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const ensemble: Family = {
  title: "Ensemble",
  question: "What do several seeds together gain?",
  presets: {},
  study: {
    command: "./lumen ensemble irmas_scratch-1c752158 --save",
    file: "experiments/ensemble.json",
  },
};
