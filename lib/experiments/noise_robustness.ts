/**
 * How well a model that was trained without noise hears in noise (E28): held-out clips and mixtures with white and pink
 * noise, the same for every model.
 */
import { addMelNoise } from "../augment/mel_noise.ts";
import type { NoiseColor } from "../augment/noise.ts";
import { showProgress } from "../core/progress.ts";
import { type IrmasMels, MEL_BANDS, MEL_FRAMES, MEL_SIZE } from "../datasets/irmas_mels.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { mixSpectrograms, networkInputs } from "../datasets/mixtures.ts";
import { bestLabels, countOutcomes, decide, macroF1 } from "../evaluation/metrics.ts";
import type { ClipScores, MixtureScores } from "../evaluation/report.ts";
import { IRMAS_MELS_FRONT_END } from "../features/front_end.ts";

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
  const examples = [...heldOut.indices].map((clip) => [clip]), { members } = mixturesOfTwo;
  const bar = showProgress(
    "in noise",
    NOISE_CONDITIONS.length * (examples.length + members.length),
  );
  let finished = 0;
  const probabilities = async (examples: readonly number[][], condition: Condition) => {
    const all = new Float32Array(examples.length * INSTRUMENTS.length);
    for (let from = 0; from < examples.length; from += PIECE) {
      const piece = examples.slice(from, from + PIECE);
      all.set(
        await predict(noisyInputs(mels, piece, condition), piece.length),
        from * INSTRUMENTS.length,
      );
      bar.update(finished += piece.length);
    }
    return all;
  };
  const half = Math.ceil(members.length / 2) * INSTRUMENTS.length;
  const targets = new Uint8Array(members.length * INSTRUMENTS.length);
  for (const [row, clips] of members.entries()) {
    for (const clip of clips) targets[row * INSTRUMENTS.length + mels.labels[clip]] = 1;
  }
  const scores: NoiseScore[] = [];
  for (const condition of NOISE_CONDITIONS) {
    const best = bestLabels(await probabilities(examples, condition));
    const right = examples.map(([clip], row) => best[row] === mels.labels[clip] ? 1 : 0);
    const mixed = await probabilities(members, condition);
    const decisions = Uint8Array.from([
      ...decide(mixed.subarray(0, half), thresholds[0]),
      ...decide(mixed.subarray(half), thresholds[1]),
    ]);
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

/** Clips, or mixtures of several, as a network sees them in noise. */
function noisyInputs(
  mels: IrmasMels,
  examples: readonly number[][],
  { color, snr }: Condition,
): Float32Array {
  const out = new Float32Array(examples.length * MEL_SIZE);
  for (const [row, clips] of examples.entries()) {
    const inputs = clips.map((clip) => networkInputs(mels, [clip]));
    const data = inputs.length > 1
      ? mixSpectrograms(inputs, { scaling: IRMAS_MELS_FRONT_END })
      : inputs[0];
    const noisy = addMelNoise({ data, nMels: MEL_BANDS, frames: MEL_FRAMES }, {
      color,
      snr,
      key: clips.map((clip) => mels.names[clip]).join(),
      frontEnd: IRMAS_MELS_FRONT_END,
    });
    out.set(noisy.data, row * MEL_SIZE);
  }
  return out;
}
