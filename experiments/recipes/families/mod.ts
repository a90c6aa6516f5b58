/**
 * All families of experiments by their numbers in the study. What came out of each: docs/families.md; how long one takes here says
 * `./lumen experiment E3 --dry-run`.
 */
import type { Family } from "../../../lib/experiments/family.ts";
import { bestOfAll } from "./best.ts";
import { positiveWeights } from "./e01_positive_weights.ts";
import { focalLoss } from "./e02_focal_loss.ts";
import { familyLoss } from "./e03_family_loss.ts";
import { heads } from "./e04_heads.ts";
import { backbones } from "./e05_backbones.ts";
import { sums } from "./e06_sum.ts";
import { concatenation } from "./e07_concat.ts";
import { augmentations } from "./e08_augmentations.ts";
import { outliers } from "./e09_outliers.ts";
import { sampler } from "./e10_sampler.ts";
import { inputs } from "./e11_inputs.ts";
import { topF1 } from "./e12_top_f1.ts";
import { topHamming } from "./e13_top_hamming.ts";
import { classical } from "./e14_classical.ts";
import { graveyard } from "./e15_graveyard.ts";
import { zeroShot } from "./e16_zero_shot.ts";
import { thresholds } from "./e17_thresholds.ts";
import { inferenceTime } from "./e18_inference_time.ts";
import { sizes } from "./e19_sizes.ts";
import { pretraining } from "./e20_pretraining.ts";
import { ensemble } from "./e21_ensemble.ts";
import { resampling } from "./e22_resampling.ts";
import { decibels } from "./e23_decibels.ts";
import { chunking } from "./e24_chunking.ts";
import { modelSize } from "./e25_model_size.ts";
import { strength } from "./e26_strength.ts";
import { data } from "./e27_data.ts";
import { robustness } from "./e28_noise.ts";

export const FAMILIES: Readonly<Record<string, Family>> = {
  E1: positiveWeights,
  E2: focalLoss,
  E3: familyLoss,
  E4: heads,
  E5: backbones,
  E6: sums,
  E7: concatenation,
  E8: augmentations,
  E9: outliers,
  E10: sampler,
  E11: inputs,
  E12: topF1,
  E13: topHamming,
  E14: classical,
  E15: graveyard,
  E16: zeroShot,
  E17: thresholds,
  E18: inferenceTime,
  E19: sizes,
  E20: pretraining,
  E21: ensemble,
  E22: resampling,
  E23: decibels,
  E24: chunking,
  E25: modelSize,
  E26: strength,
  E27: data,
  E28: robustness,
  best: bestOfAll,
};
