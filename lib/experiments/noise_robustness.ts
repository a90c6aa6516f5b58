/**
 * How well a model that was trained without noise hears in noise (E28): held-out clips and mixtures with white and pink
 * noise, the same for every model.
 */
import { addMelNoise } from "../augment/mel_noise.ts";
import type { NoiseColor } from "../augment/noise.ts";
import { joined } from "../core/joined.ts";
import { showProgress } from "../core/progress.ts";
import { type IrmasMels, MEL_BANDS, MEL_FRAMES } from "../datasets/irmas_mels.ts";
import { mixSpectrograms, networkInputs } from "../datasets/mixtures.ts";
import { bestLabels, countOutcomes, macroF1 } from "../evaluation/metrics.ts";
import type { ClipScores, MixtureScores } from "../evaluation/report.ts";
import { decideHalves } from "../evaluation/threshold.ts";
import { IRMAS_MELS_FRONT_END } from "../features/front_end.ts";
import { mixtureTargets } from "./scored_clips.ts";

/** The noises; the lower the ratio (dB), the louder. */
export const NOISE_CONDITIONS = (["white", "pink"] as const).flatMap((color) =>
  [20, 10, 0].map((snr) => ({ color, snr }))
);

/** What is left in one noise. */
export interface NoiseScore {
  color: NoiseColor;
  /** dB */
  snr: number;
  /** Share of held-out clips whose best-scored instrument is the right one. */
  accuracy: number;
  /** 1 for each of them that is right, 0 for the others, in the order of the held-out scores. */
  right: string;
  /** Macro-F1 of mixtures of two, at the thresholds that were tuned without noise. */
  mixturesOfTwo: number;
}

/** Spectrograms in one call of the model. */
const PIECE = 256;

/**
 * Scores a model in every noise. A clip's noise is the same at every ratio but for its level.
 *
 * @param options.predict from network input `[count, 128, 94]` to probabilities `[count, 11]`
 * @param options.heldOut, options.mixturesOfTwo what it was scored on without noise
 * @param options.thresholds of the mixtures' first half, and of their second
 */
export async function scoreInNoise(
  mels: IrmasMels,
  { predict, heldOut, mixturesOfTwo, thresholds }: {
    predict: (batch: Float32Array, count: number) => Promise<Float32Array>;
    heldOut: Pick<ClipScores, "indices">;
    mixturesOfTwo: Pick<MixtureScores, "members">;
    thresholds: readonly number[];
  },
): Promise<NoiseScore[]> {
  const clips = [...heldOut.indices].map((clip) => [clip]), { members } = mixturesOfTwo;
  const bar = showProgress("in noise", NOISE_CONDITIONS.length * (clips.length + members.length));
  let finished = 0;
  const probabilities = async (examples: readonly Example[], condition: Condition) => {
    const parts: Float32Array[] = [];
    for (let from = 0; from < examples.length; from += PIECE) {
      const piece = examples.slice(from, from + PIECE);
      parts.push(await predict(noisyInputs(piece, condition), piece.length));
      bar.update(finished += piece.length);
    }
    return joined(parts);
  };
  const targets = mixtureTargets(members.map((own) => own.map((clip) => mels.names[clip])));
  const alone = examplesOf(mels, clips), mixed = examplesOf(mels, members);
  const scores: NoiseScore[] = [];
  for (const condition of NOISE_CONDITIONS) {
    const best = bestLabels(await probabilities(alone, condition));
    const right = clips.map(([clip], row) => best[row] === mels.labels[clip] ? 1 : 0);
    const decisions = decideHalves(await probabilities(mixed, condition), thresholds);
    scores.push({
      ...condition,
      accuracy: right.filter(Boolean).length / right.length,
      right: right.join(""),
      mixturesOfTwo: macroF1(countOutcomes(decisions, targets)),
    });
  }
  bar.done();
  return scores;
}

type Condition = typeof NOISE_CONDITIONS[number];

/** A clip, or a mixture of several, as a network sees it without noise. */
interface Example {
  data: Float32Array;
  /** Of the generator of its noise. */
  key: string;
}

/** Each is made once for all noises. */
const examplesOf = (mels: IrmasMels, members: readonly number[][]): Example[] =>
  members.map((clips) => {
    const inputs = clips.map((clip) => networkInputs(mels, [clip]));
    const data = inputs.length > 1
      ? mixSpectrograms(inputs, { scaling: IRMAS_MELS_FRONT_END })
      : inputs[0];
    return { data, key: clips.map((clip) => mels.names[clip]).join() };
  });

const noisyInputs = (examples: readonly Example[], { color, snr }: Condition): Float32Array =>
  joined(
    examples.map(({ data, key }) =>
      addMelNoise({ data, nMels: MEL_BANDS, frames: MEL_FRAMES }, {
        color,
        snr,
        key,
        frontEnd: IRMAS_MELS_FRONT_END,
      }).data
    ),
  );
