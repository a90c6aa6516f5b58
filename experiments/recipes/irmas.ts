/**
 * ConvNeXt-atto on real IRMAS spectrograms, one fold held out by recording.
 *
 *     ./lumen train irmas_scratch --seed 0     about 5 minutes on two cores
 *
 * `irmas_scratch` has the architecture, fold and settings of bench/peers/convnext_irmas.py, so that the two
 * frameworks can be compared; `irmas_fluffy` has a head for each instrument; `irmas_mixed` adds a second clip to
 * most examples.
 */
import { parseMelSteps } from "../../lib/augment/steps.ts";
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

/**
 * The same with every 2 x 2 cells of a spectrogram averaged in front of the network: a quick look, for comparisons of many
 * variants. What it costs in accuracy, and whether it ranks variants as the whole spectrograms do, is measured (E19).
 *
 *     ./lumen train screen --seed 0
 *     ./lumen train screen+family-0.3          a variant of it; `./lumen experiment` lists them
 */
export const screen: Recipe = () => ({ ...base(), model: { ...base().model, shrink: 2 } });

export const irmasFluffy: Recipe = () => ({
  ...base(),
  model: { ...base().model, head: "fluffy-attention" },
});

export const irmasMixed: Recipe = () => ({
  ...base(),
  augment: { timeShift: true, mixProbability: 0.7 },
});

const HEAD = { hidden: [], dropRate: 0.2 };

/**
 * The networks that the document began with (M20 to M22), from random weights as it had them; the sizes of the LSTM are
 * ours, as it says none.
 *
 *     ./lumen train irmas_lstm --seed 0        about 4 minutes on two cores
 *     ./lumen train irmas_conv_lstm --seed 0   about 4 minutes
 *     ./lumen train irmas_good_boy --seed 0    about 4 minutes
 */
export const irmasLstm: Recipe = () => ({
  ...base(),
  model: { backbone: "lstm", bands: 128, units: 256, layers: 1, head: "deep", ...HEAD },
});

export const irmasConvLstm: Recipe = () => ({
  ...base(),
  model: { backbone: "conv-lstm", head: "deep", ...HEAD },
});

export const irmasGoodBoy: Recipe = () => ({
  ...base(),
  model: { backbone: "good-boy", head: "fluffy-attention", ...HEAD },
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

/**
 * YAMNet, fine-tuned from its published weights and from scratch (M26). Its own input, 25 ms windows every 10 ms in 64
 * bands, is approximated from the spectrograms, which have 128 ms windows every 32 ms.
 *
 *     ./lumen train irmas_yamnet --seed 0          about 8 minutes on two cores
 *     ./lumen train irmas_yamnet_scratch --seed 0  about 8 minutes
 */
export const irmasYamnet: Recipe = () => ({
  ...base(),
  model: { backbone: "yamnet", pretrained: true, heard: "irmas-mels", head: "pooled", ...HEAD },
  schedule: { ...base().schedule, maxLearningRate: 5e-4 },
  headEpochs: 1,
});

export const irmasYamnetScratch: Recipe = () => ({
  ...base(),
  model: { backbone: "yamnet", pretrained: false, heard: "irmas-mels", head: "pooled", ...HEAD },
});

/**
 * What the comparisons taught, together: log-mel spectrograms, a backbone that has heard AudioSet, sums of as many clips as
 * recordings have instruments, and no copy of a tested clip in training.
 *
 *     ./lumen train best --seed 0
 *     ./lumen train best+fold-1 --seed 0       with another fifth of the recordings held out
 */
export const best: Recipe = () => ({
  ...irmasYamnet(),
  data: { ...base().data, withoutCopies: true },
  augment: {
    timeShift: true,
    mixProbability: 0,
    spectrogram: parseMelSteps([{ kind: "exponential-sum", most: 3, scale: 2 }]),
  },
});
