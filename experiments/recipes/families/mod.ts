/** All families of experiments by their numbers in the study. */
import type { Family } from "../../../lib/experiments/family.ts";
import { backbones } from "./e05_backbones.ts";
import { classical } from "./e14_classical.ts";
import { data } from "./e27_data.ts";
import { ensemble } from "./e21_ensemble.ts";
import { familyLoss } from "./e03_family_loss.ts";
import { focalLoss } from "./e02_focal_loss.ts";
import { graveyard } from "./e15_graveyard.ts";
import { heads } from "./e04_heads.ts";
import { modelSize } from "./e25_model_size.ts";
import { outliers } from "./e09_outliers.ts";
import { positiveWeights } from "./e01_positive_weights.ts";
import { pretraining } from "./e20_pretraining.ts";
import { sampler } from "./e10_sampler.ts";
import { sizes } from "./e19_sizes.ts";
import { zeroShot } from "./e16_zero_shot.ts";

export const FAMILIES: Readonly<Record<string, Family>> = {
  E1: positiveWeights,
  E2: focalLoss,
  E3: familyLoss,
  E4: heads,
  E5: backbones,
  E9: outliers,
  E10: sampler,
  E14: classical,
  E15: graveyard,
  E16: zeroShot,
  E19: sizes,
  E20: pretraining,
  E21: ensemble,
  E25: modelSize,
  E27: data,
};
