/**
 * ConvNeXt-atto with Fluffy heads on rendered audio: what a newcomer has. The head is trained first, then all.
 *
 *     ./lumen train demo --seed 0              about a minute on two cores (small), four (full)
 */
import { parseWaveSteps } from "../../lib/augment/steps.ts";
import { DEFAULT_FRONT_END, WAVEFORM_FRONT_END } from "../../lib/features/front_end.ts";
import { BASE_CONFIG } from "../../lib/train/config.ts";
import type { Recipe } from "./mod.ts";

export const demo: Recipe = () => ({
  ...structuredClone(BASE_CONFIG),
  data: { source: "demo", size: "full" },
  frontEnd: DEFAULT_FRONT_END,
  model: { ...BASE_CONFIG.model, hidden: [], head: "fluffy-attention" },
  epochs: 8,
  headEpochs: 1,
  batchSize: 16,
  augment: { timeShift: true, mixProbability: 0.7 },
});

/**
 * The same from sound, mixed and shifted while the network trains: the mean of three clips, each with its peak at 1,
 * rolled in time.
 *
 *     ./lumen train demo_live --seed 0         as long
 */
export const demoLive: Recipe = () => ({
  ...demo(),
  live: {
    waveform: parseWaveSteps([{ kind: "sum", clips: 3 }, { kind: "time-shift" }]),
    spectrogram: [],
  },
});

/** Decibels to a unit of YAMNet's input, natural logarithms of magnitudes. */
const DECIBELS_A_NEPER = 20 / Math.LN10;

/**
 * YAMNet with its published weights and Fluffy heads. Its input is approximated by decibels of power in Slaney's bands
 * over the frequencies that it knows, on its scale; a clip's maximum stands for e^4, as in loud recordings.
 *
 *     ./lumen train demo_yamnet --seed 0       two minutes (full)
 */
export const demoYamnet: Recipe = () => ({
  ...demo(),
  frontEnd: {
    ...DEFAULT_FRONT_END,
    nMels: 64,
    fMin: 125,
    fMax: 7500,
    networkMean: -4 * DECIBELS_A_NEPER,
    networkDeviation: DECIBELS_A_NEPER,
  },
  model: {
    backbone: "yamnet",
    pretrained: true,
    head: "fluffy-attention",
    hidden: [],
    dropRate: 0.2,
  },
  schedule: { ...BASE_CONFIG.schedule, maxLearningRate: 5e-4 },
  epochs: 6,
  headEpochs: 2,
});

/**
 * The convolutions of wav2vec 2.0 on the sound itself, mixed as in `demo_live`, with Fluffy heads (M23): a narrow network
 * from random weights. The published one, of 512 channels, is for a GPU: model.size=base model.weights=FILE, a file or
 * folder of "facebook/wav2vec2-base".
 *
 *     ./lumen train demo_wav2vec2 --seed 0     about 5 minutes (full)
 */
export const demoWav2Vec2: Recipe = () => ({
  ...demoLive(),
  frontEnd: WAVEFORM_FRONT_END,
  model: {
    backbone: "wav2vec2",
    size: "narrow",
    head: "fluffy-attention",
    hidden: [],
    dropRate: 0.2,
  },
  headEpochs: 0,
  augment: { timeShift: false, mixProbability: 0 },
});

/**
 * musicnn with its published weights, frozen, and Fluffy heads. Its input, log10(1 + 10,000 power), is approximated by
 * tenths of decibels of power in the same bands: a clip's maximum stands for 5.2, what most clips have, and 52 dB below
 * it for 0.
 *
 *     ./lumen train demo_musicnn --seed 0      three minutes
 */
export const demoMusicnn: Recipe = () => ({
  ...demo(),
  frontEnd: {
    ...DEFAULT_FRONT_END,
    nFft: 512,
    hopLength: 256,
    nMels: 96,
    topDb: 52,
    networkMean: -52,
    networkDeviation: 10,
  },
  model: {
    backbone: "musicnn",
    pretrained: true,
    head: "fluffy-deep",
    hidden: [],
    dropRate: 0,
  },
  trained: ["head."],
  // five times the usual: the heads alone learn, and with 2e-3 they are far from done after six epochs
  schedule: { ...BASE_CONFIG.schedule, maxLearningRate: 1e-2 },
  epochs: 6,
  headEpochs: 0,
});

/**
 * Mel spectrogram, chroma and scalogram (F7): as three channels of one picture, as the document had them, or each with a
 * ConvNeXt-atto of its own (X4), as the document thought better. Clips are not summed: what to compare them with is
 * `demo` with `--set augment.mixProbability=0`.
 *
 *     ./lumen train demo_channels --seed 0     as long as demo, and three minutes once for the scalograms
 *     ./lumen train demo_stems --seed 0        three times as long
 */
const withInputs = (join: "channels" | "stems"): Recipe => () => ({
  ...demo(),
  model: {
    ...BASE_CONFIG.model,
    hidden: [],
    head: "fluffy-attention",
    inputs: { of: ["mel", "chroma", "scalogram"], join },
  },
  augment: { timeShift: true, mixProbability: 0 },
});

export const demoChannels = withInputs("channels");
export const demoStems = withInputs("stems");
