/**
 * ConvNeXt-atto on real IRMAS spectrograms, one fold held out by recording.
 *
 *     ./lumen train irmas_scratch --seed 0     about 5 minutes on two cores
 *
 * `irmas_scratch` has the architecture, fold and settings of bench/peers/convnext_irmas.py, so that the two
 * frameworks can be compared; `irmas_fluffy` has a head for each instrument; `irmas_mixed` adds a second clip to
 * most examples.
 */
import { IRMAS_MELS_FRONT_END } from "../../lib/features/front_end.ts";
import { BASE_CONFIG } from "../../lib/train/config.ts";
import type { Recipe } from "./mod.ts";

const base = () => ({
  ...structuredClone(BASE_CONFIG),
  data: {
    source: "irmas-mels" as const,
    fold: 0,
    folds: 5,
    foldsFile: "experiments/folds/stratified_group_5.json",
  },
  frontEnd: IRMAS_MELS_FRONT_END,
  model: { ...BASE_CONFIG.model, hidden: [] },
});

export const irmasScratch: Recipe = base;

export const irmasFluffy: Recipe = () => ({
  ...base(),
  model: { ...base().model, head: "fluffy-attention" },
});

export const irmasMixed: Recipe = () => ({
  ...base(),
  augment: { timeShift: true, mixProbability: 0.7 },
});

/**
 * MobNet: eleven MobileNetV3, one an instrument, each with its own binary output. The document's are of the large size,
 * which is for the `paper` preset; these are timm's small one of half the width, 3.0 million parameters in all, as many
 * as ConvNeXt-atto has.
 *
 *     ./lumen train irmas_mobnet --seed 0      about twice as long as irmas_scratch
 */
export const irmasMobNet: Recipe = () => ({
  ...base(),
  model: {
    backbone: "mobnet",
    size: "small-050",
    head: "fluffy-deep",
    hidden: [],
    dropRate: 0,
  },
});
