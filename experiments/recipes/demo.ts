/**
 * ConvNeXt-atto with Fluffy heads on rendered audio: what a newcomer has. The head is trained first, then all.
 *
 *     ./lumen train demo --seed 0              about a minute on two cores (small), four (full)
 */
import { parseWaveSteps } from "../../lib/augment/steps.ts";
import { DEFAULT_FRONT_END } from "../../lib/features/front_end.ts";
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
