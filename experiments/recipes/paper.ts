/**
 * The document's networks with its settings: IRMAS's sound files, published ImageNet weights, pictures of 224 or 384 rows.
 * They are for a GPU; what each would take on this machine says
 *
 *     ./lumen train --preset paper --dry-run
 *     ./lumen train convnext --preset paper --dry-run
 *
 * Where the document says nothing the defaults of its authors' program stand: AdamW with weight decay 1e-2; the head's
 * rate falls from 3e-4 to the rate that is given for a network, from where the one cycle goes up to 5e-4. The document
 * shows decibels, and so is this; its program fed powers (E23).
 */
import { DEFAULT_FRONT_END, WAVEFORM_FRONT_END } from "../../lib/features/front_end.ts";
import { BASE_CONFIG, type RunConfig } from "../../lib/train/config.ts";
import type { Recipe } from "./mod.ts";

/** Weights by their names on the hub: of pictures ImageNet-1K, of the first training unless it says otherwise. */
const WEIGHTS = {
  convnext: "timm/convnext_small.fb_in1k",
  resnext: "timm/resnext50_32x4d.tv2_in1k",
  efficientnet: "timm/tf_efficientnetv2_s.in1k",
  mobilenet: "timm/mobilenetv3_large_100.ra_in1k",
  ast: "MIT/ast-finetuned-audioset-10-10-0.4593",
  wav2vec2: "m3hrdadfi/wav2vec2-base-100k-gtzan-music-genres",
};

const HIGHEST_RATE = 5e-4, LAST_RATE = 1e-8;

/** What all have in common. @param rate from where the cycle goes up */
const settings = ({ rate }: { rate: number }): Omit<ReturnType<Recipe>, "frontEnd" | "model"> => ({
  data: { source: "irmas", boosted: false },
  loss: { name: "binary-cross-entropy" },
  optimizer: { ...BASE_CONFIG.optimizer, weightDecay: 1e-2 },
  schedule: {
    name: "one-cycle-three-phase",
    maxLearningRate: HIGHEST_RATE,
    warmLearningRate: 3e-4,
    warmFraction: 0.3,
    startDivisor: HIGHEST_RATE / rate,
    endDivisor: rate / LAST_RATE,
  },
  epochs: 10,
  headEpochs: 3,
  batchSize: 16,
  augment: { timeShift: false, mixProbability: 0 },
});

/** @param rows of the picture, and frames: what is as wide as high is 2.24 s or 3.84 s long */
function recipe(
  model: RunConfig["model"],
  { rows }: { rows: number },
): ReturnType<Recipe> {
  return {
    ...settings({ rate: 1e-4 }),
    frontEnd: {
      ...DEFAULT_FRONT_END,
      chunkSeconds: rows * DEFAULT_FRONT_END.hopLength / DEFAULT_FRONT_END.sampleRate,
    },
    model: { ...model, height: rows },
  };
}

const head = { head: "deep", hidden: [] as number[], dropRate: 0 } as const;

const convNext = (of: Partial<Pick<RunConfig["model"], "head">> = {}): RunConfig["model"] => ({
  backbone: "convnext",
  size: "small",
  layerScale: 1e-6,
  stochasticDepthRate: 0,
  weights: WEIGHTS.convnext,
  ...head,
  ...of,
});

/** M11, F1 .346: the baseline of the augmentations and of the losses. */
export const paperConvNext: Recipe = () => recipe(convNext(), { rows: 224 });

/** The best one that needs no other data (.4112): Fluffy, the sum of two clips, shifted in time. */
export const paperConvNextBest: Recipe = () => ({
  ...recipe(convNext({ head: "fluffy-deep" }), { rows: 384 }),
  augment: { timeShift: true, mixProbability: 1 },
});

/** M9, .316. */
export const paperResNeXt: Recipe = () =>
  recipe({ backbone: "resnext", size: "50-32x4d", weights: WEIGHTS.resnext, ...head }, {
    rows: 224,
  });

/** M10, .342: one clip at a time, four for an update. */
export const paperEfficientNet: Recipe = () => ({
  ...recipe({
    backbone: "efficientnet-v2",
    size: "s",
    stochasticDepthRate: 0.2,
    weights: WEIGHTS.efficientnet,
    ...head,
  }, { rows: 384 }),
  batchSize: 1,
  accumulate: 4,
});

/** M12, .318. */
export const paperMobileNet: Recipe = () =>
  recipe({ backbone: "mobilenet-v3", size: "large", weights: WEIGHTS.mobilenet, ...head }, {
    rows: 224,
  });

/** M15, .2433: eleven of them, one an instrument. */
export const paperMobNet: Recipe = () =>
  recipe({
    backbone: "mobnet",
    size: "large",
    weights: WEIGHTS.mobilenet,
    ...head,
    head: "fluffy-deep",
  }, { rows: 224 });

const AST_DEVIATION = 2 * 4.5689974, AST_MEAN = -4.2677393;
/**
 * The natural logarithm of the largest power that a clip with its peak at 1 has in Kaldi's bands: the median of 37 clips of
 * the small demo (a tenth of them below 3.7, a tenth above 6.5).
 */
const LOUDEST = 5;
const DECIBELS_A_NEPER = 10 / Math.LN10;

/**
 * M14: the Audio Spectrogram Transformer on 10 s, fine-tuned from AudioSet's weights. Its input is Kaldi's, but for the
 * level, which decibels below a clip's maximum do not keep.
 */
export const paperAst: Recipe = () => ({
  ...settings({ rate: 5e-5 }),
  frontEnd: {
    ...DEFAULT_FRONT_END,
    filters: "kaldi",
    fMin: 20,
    chunkSeconds: 10,
    networkMean: (AST_MEAN - LOUDEST) * DECIBELS_A_NEPER,
    networkDeviation: AST_DEVIATION * DECIBELS_A_NEPER,
  },
  model: { backbone: "ast", size: "base", weights: WEIGHTS.ast, ...head },
  epochs: 4,
  headEpochs: 1,
  batchSize: 1,
});

/** What began with random weights: the program's own rate, batches and number of epochs, and no epochs of the head alone. */
const fromScratch = (): Omit<ReturnType<Recipe>, "frontEnd" | "model"> => ({
  ...settings({ rate: 5e-5 }),
  epochs: 40,
  headEpochs: 0,
  batchSize: 4,
});

/** M20, 0.2: 130 steps of 128 bands. The document says no sizes of the LSTM. */
export const paperLstm: Recipe = () => ({
  ...fromScratch(),
  frontEnd: {
    ...DEFAULT_FRONT_END,
    hopLength: 512,
    chunkSeconds: 130 * 512 / DEFAULT_FRONT_END.sampleRate,
  },
  model: { backbone: "lstm", bands: 128, units: 256, layers: 1, ...head },
});

/** M21: convolutions, then an LSTM over their columns. */
export const paperConvLstm: Recipe = () => ({
  ...fromScratch(),
  frontEnd: DEFAULT_FRONT_END,
  model: { backbone: "conv-lstm", ...head },
});

/** M22, .35: the same convolutions with an attentive head for each instrument. */
export const paperGoodBoy: Recipe = () => ({
  ...fromScratch(),
  frontEnd: DEFAULT_FRONT_END,
  model: { backbone: "good-boy", ...head, head: "fluffy-attention" },
});

/** M23: wav2vec 2.0's convolutions, an attentive head for each instrument, and positive weights. */
export const paperWav2Vec2: Recipe = () => ({
  ...settings({ rate: 5e-5 }),
  frontEnd: WAVEFORM_FRONT_END,
  model: {
    backbone: "wav2vec2",
    size: "base",
    weights: WEIGHTS.wav2vec2,
    ...head,
    head: "fluffy-attention",
  },
  loss: { name: "binary-cross-entropy", positiveWeights: "balanced" },
  epochs: 40,
  headEpochs: 5,
  batchSize: 2,
});
