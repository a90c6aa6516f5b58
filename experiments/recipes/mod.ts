/** All recipes by name. A recipe is a function that returns plain data. */
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
import {
  irmasConvLstm,
  irmasFluffy,
  irmasGoodBoy,
  irmasLstm,
  irmasMixed,
  irmasMobNet,
  irmasScratch,
  irmasYamnet,
  irmasYamnetScratch,
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
export type Recipe = () => Omit<RunConfig, "recipe" | "seed">;

export const RECIPES: Readonly<Record<string, Recipe>> = {
  demo,
  demo_live: demoLive,
  demo_yamnet: demoYamnet,
  demo_wav2vec2: demoWav2Vec2,
  demo_musicnn: demoMusicnn,
  demo_channels: demoChannels,
  demo_stems: demoStems,
  irmas_scratch: irmasScratch,
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
  paper_convnext: paperConvNext,
  paper_convnext_best: paperConvNextBest,
  paper_resnext: paperResNeXt,
  paper_efficientnet: paperEfficientNet,
  paper_mobilenet: paperMobileNet,
  paper_mobnet: paperMobNet,
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

/**
 * A recipe's configuration.
 *
 * @param options.settings changes, e.g. `["epochs=2"]`
 * @throws Error for an unknown recipe or setting, with the known ones
 */
export function recipeConfig(
  recipe: string,
  { seed = 0, settings = [] }: { seed?: number; settings?: readonly string[] } = {},
): RunConfig {
  if (!(recipe in RECIPES)) {
    throw new Error(`there is no recipe "${recipe}"; known: ${Object.keys(RECIPES).join(", ")}`);
  }
  return withSettings(parseConfig({ ...RECIPES[recipe](), recipe, seed }, recipe), settings);
}
