/**
 * ConvNeXt-atto after pretraining on the clips that it is trained on (E20): patch pretraining (M13) and masked autoencoding
 * (X2), both without labels, and metric learning with families (X5). All else is as in `irmas_scratch` and `demo`.
 *
 *     ./lumen train irmas_after_patches --seed 0     pretrains first (the run `irmas_patches`) where that was not done
 */
import type { RunConfig } from "../../lib/train/config.ts";
import { BASE_CONFIG } from "../../lib/train/config.ts";
import type { ObjectiveConfig } from "../../lib/train/objectives/objective.ts";
import { pretrainingConfig } from "../../lib/train/pretraining.ts";
import { demo } from "./demo.ts";
import { irmasScratch } from "./irmas.ts";
import type { Recipe } from "./mod.ts";

/** The document's shares; what is left, 0.3, stays as it is. */
const PATCHES: ObjectiveConfig = { name: "patches", shuffle: 0.3, replace: 0.3, black: 0.1 };

/** 48 squares a clip of real spectrograms, as many as SparK's 49 a picture, and its share of them. */
const MASKED: ObjectiveConfig = { name: "masked", share: 0.6, patch: 16 };

/**
 * Khosla et al. set the temperature to 0.1, in batches of thousands. In batches of 32, which have three clips of an instrument on
 * the average, 0.3 was ahead of 0.1 in batches of 64 after two epochs (probe .332 against .306, one seed).
 */
const METRIC: ObjectiveConfig = {
  name: "metric",
  dimensions: 128,
  temperature: 0.3,
  family: { factor: 0.3 },
};

/** A recipe whose backbone is pretrained by another one. Nothing else differs: where it begins is all that is compared. */
const after = (
  base: Recipe,
  recipe: string,
  objective: ObjectiveConfig,
): Recipe =>
() => ({
  ...base(),
  pretraining: {
    recipe,
    objective,
    schedule: BASE_CONFIG.schedule,
    epochs: 8,
    batchSize: BASE_CONFIG.batchSize,
    augment: { timeShift: true, mixProbability: 0 },
  },
});

/** The pretraining of a recipe, as a recipe. */
const pretrainingOf = (recipe: Recipe): Recipe => () => {
  const { recipe: _name, seed: _seed, ...config } = pretrainingConfig(
    { ...recipe(), recipe: "", seed: 0 } as RunConfig,
  )!;
  return config;
};

export const irmasAfterPatches = after(irmasScratch, "irmas_patches", PATCHES);
export const irmasAfterMasked = after(irmasScratch, "irmas_masked", MASKED);
export const irmasAfterMetric = after(irmasScratch, "irmas_metric", METRIC);
export const irmasPatches = pretrainingOf(irmasAfterPatches);
export const irmasMasked = pretrainingOf(irmasAfterMasked);
export const irmasMetric = pretrainingOf(irmasAfterMetric);

export const demoAfterPatches = after(demo, "demo_patches", PATCHES);
export const demoAfterMasked = after(demo, "demo_masked", MASKED);
export const demoPatches = pretrainingOf(demoAfterPatches);
export const demoMasked = pretrainingOf(demoAfterMasked);
