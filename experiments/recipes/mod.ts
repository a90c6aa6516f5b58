/** All recipes by name. A recipe is a function that returns plain data. */
import type { Change, Settings } from "../../lib/experiments/family.ts";
import { parseConfig, type RunConfig, withSettings } from "../../lib/train/config.ts";
import {
  demo,
  demoChannels,
  demoLive,
  demoMusicnn,
  demoStems,
  demoWav2Vec2,
  demoYamnet,
} from "./demo.ts";
import { FAMILIES } from "./families/mod.ts";
import {
  best,
  irmasConvLstm,
  irmasFluffy,
  irmasGoodBoy,
  irmasLstm,
  irmasMixed,
  irmasMobNet,
  irmasScratch,
  irmasYamnet,
  irmasYamnetScratch,
  screen,
} from "./irmas.ts";
import {
  demoAfterMasked,
  demoAfterPatches,
  demoMasked,
  demoPatches,
  irmasAfterMasked,
  irmasAfterMetric,
  irmasAfterPatches,
  irmasMasked,
  irmasMetric,
  irmasPatches,
} from "./pretraining.ts";
import {
  paperAst,
  paperConvLstm,
  paperConvNext,
  paperConvNextBest,
  paperEfficientNet,
  paperGoodBoy,
  paperLstm,
  paperMobileNet,
  paperMobNet,
  paperResNeXt,
  paperWav2Vec2,
} from "./paper.ts";

/** A recipe: a configuration without its seed and name. */
export type Recipe = () => Settings;

export const RECIPES: Readonly<Record<string, Recipe>> = {
  demo,
  demo_live: demoLive,
  demo_yamnet: demoYamnet,
  demo_wav2vec2: demoWav2Vec2,
  demo_musicnn: demoMusicnn,
  demo_channels: demoChannels,
  demo_stems: demoStems,
  irmas_scratch: irmasScratch,
  screen,
  irmas_fluffy: irmasFluffy,
  irmas_mixed: irmasMixed,
  irmas_lstm: irmasLstm,
  irmas_conv_lstm: irmasConvLstm,
  irmas_good_boy: irmasGoodBoy,
  irmas_patches: irmasPatches,
  irmas_masked: irmasMasked,
  irmas_metric: irmasMetric,
  irmas_after_patches: irmasAfterPatches,
  irmas_after_masked: irmasAfterMasked,
  irmas_after_metric: irmasAfterMetric,
  demo_patches: demoPatches,
  demo_masked: demoMasked,
  demo_after_patches: demoAfterPatches,
  demo_after_masked: demoAfterMasked,
  irmas_mobnet: irmasMobNet,
  irmas_yamnet: irmasYamnet,
  irmas_yamnet_scratch: irmasYamnetScratch,
  best,
  paper_convnext: paperConvNext,
  paper_convnext_best: paperConvNextBest,
  paper_resnext: paperResNeXt,
  paper_efficientnet: paperEfficientNet,
  paper_mobilenet: paperMobileNet,
  paper_mobnet: paperMobNet,
  paper_ast: paperAst,
  paper_lstm: paperLstm,
  paper_conv_lstm: paperConvLstm,
  paper_good_boy: paperGoodBoy,
  paper_wav2vec2: paperWav2Vec2,
};

/** Recipes that belong together begin with the preset's name. */
export const PRESETS = ["paper"] as const;

/** The recipes of a preset. */
export const recipesOf = (preset: typeof PRESETS[number]) =>
  Object.keys(RECIPES).filter((name) => name.startsWith(`${preset}_`));

/** The changes that make a variant of a recipe, by name: those of all families. */
export const VARIANTS: ReadonlyMap<string, Change> = new Map(
  Object.values(FAMILIES).flatMap(({ variants = {} }) => Object.entries(variants)),
);

/**
 * A recipe's configuration.
 *
 * @param recipe a recipe's name, behind which variants' names may stand: `screen+complete+positive-weights`
 * @param options.settings changes, e.g. `["epochs=2"]`
 * @throws Error for an unknown recipe, variant or setting, with the known ones
 */
export function recipeConfig(
  recipe: string,
  { seed = 0, settings = [] }: { seed?: number; settings?: readonly string[] } = {},
): RunConfig {
  const [base, ...names] = recipe.split("+");
  if (!(base in RECIPES)) {
    throw new Error(`there is no recipe "${base}"; known: ${Object.keys(RECIPES).join(", ")}`);
  }
  const changes = names.map((name) => {
    const change = VARIANTS.get(name);
    if (!change) {
      throw new Error(
        `there is no variant "${name}"; known: ${[...VARIANTS.keys()].join(", ")}`,
      );
    }
    return change;
  });
  const changed = changes.reduce((settings, change) => change(settings), RECIPES[base]());
  return withSettings(parseConfig({ ...changed, recipe, seed }, recipe), settings);
}

/** {@link recipeConfig} with a seed, as families are planned with. */
export const resolveRecipe = (recipe: string, seed: number): RunConfig =>
  recipeConfig(recipe, { seed });
