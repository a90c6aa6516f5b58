/** The key of a recording, from how much each tone sounds (D17). */
import { monoAt } from "../audio/mono.ts";
import type { Sound } from "../audio/sound.ts";
import { mean } from "../core/statistics.ts";
import { type Chromagram, constantQChroma } from "../dsp/chroma.ts";
import { extract } from "../dsp/hpss.ts";
import { type Key, type Mode, type Tone, TONES } from "./tonality.ts";

/**
 * How well each tone fits a key, from the tonic upward in semitones, as listeners rated it (C. Krumhansl and
 * E. Kessler, 1982).
 */
export const KEY_PROFILES: Readonly<Record<Mode, readonly number[]>> = {
  major: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  minor: [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
};

/** Hz: sounds are brought to it before they are analysed. */
export const KEY_SAMPLE_RATE = 22050;

/** A key that was found, and how sure that is. */
export interface KeyEstimate {
  key: Key;
  /** Of the tones with the key's profile, Pearson's, -1 to 1, to three decimals; the highest of all 24. */
  correlation: number;
  /** Of all 24 keys, C upward. */
  correlations: Record<Mode, number[]>;
  /** The next best key, where its correlation is above 0.9 of the best one's. */
  second: Key | null;
  /** The tone that sounds most. */
  mostFrequentTone: Tone;
  /** How much each tone sounds, C upward: sums over time. */
  tones: Float64Array;
}

/** A second key must come this near to the first. */
const NEAR = 0.9;

/**
 * The key whose profile correlates best with how much each tone sounds (Krumhansl, "Cognitive Foundations of Musical
 * Pitch", 1990); of equal ones, major before minor, then C upward.
 *
 * @param tones 12 numbers, C upward, on any scale
 * @throws RangeError when there are not 12 numbers, or all are equal, as in silence
 */
export function keyOfTones(tones: ArrayLike<number>): KeyEstimate {
  if (tones.length !== 12) throw new RangeError(`cannot tell a key from ${tones.length} tones`);
  const sums = Float64Array.from(tones);
  if (sums.every((value) => value === sums[0])) {
    throw new RangeError("cannot tell a key where all tones sound alike, as in silence");
  }
  const all = (["major", "minor"] as const).flatMap((mode) =>
    TONES.map((root, shift) => ({
      key: { root, mode },
      correlation: roundedCorrelation(sums, rotated(KEY_PROFILES[mode], shift)),
    }))
  );
  const [best, next] = all.toSorted((a, b) => b.correlation - a.correlation); // stable
  return {
    ...best,
    correlations: {
      major: all.slice(0, 12).map(({ correlation }) => correlation),
      minor: all.slice(12).map(({ correlation }) => correlation),
    },
    second: next.correlation > NEAR * best.correlation ? next.key : null,
    mostFrequentTone: TONES[sums.indexOf(sums.reduce((a, b) => Math.max(a, b)))],
    tones: sums,
  };
}

/** The profile of a key `shift` semitones above C. */
const rotated = (profile: readonly number[], shift: number) =>
  profile.map((_, k) => profile[(k - shift + 12) % 12]);

function roundedCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const meanA = mean(a), meanB = mean(b);
  let product = 0, squareA = 0, squareB = 0;
  for (let k = 0; k < a.length; k++) {
    product += (a[k] - meanA) * (b[k] - meanB);
    squareA += (a[k] - meanA) ** 2;
    squareB += (b[k] - meanB) ** 2;
  }
  return Math.round(1000 * product / Math.sqrt(squareA * squareB)) / 1000;
}

/**
 * The chromagram that keys are read from: of the harmonic part, 24 constant-Q bins an octave.
 *
 * The tuning is estimated, as librosa does it, in parts of a quarter tone: a recording that is off by more than 25
 * cents is heard a quarter tone away from where it is, and its key is often wrong.
 *
 * @param sound a {@link Sound}, or mono samples at {@link KEY_SAMPLE_RATE}
 * @throws RangeError when it is empty
 */
export function keyChroma(sound: Sound | Float32Array): Chromagram {
  const y = sound instanceof Float32Array ? sound : monoAt(sound, KEY_SAMPLE_RATE);
  return constantQChroma(extract("harmonic", y), {
    sampleRate: KEY_SAMPLE_RATE,
    binsPerOctave: 24,
  });
}

/** How much each of the 12 tones sounds, C upward: a chromagram's sum over time. */
export function sumTones({ data, frames }: Chromagram): Float64Array {
  const tones = new Float64Array(12);
  for (let k = 0; k < data.length; k++) tones[Math.floor(k / frames)] += data[k];
  return tones;
}

/**
 * The key of a recording: {@link keyOfTones} of its {@link keyChroma}, summed over time. Every frame counts the same,
 * however loud it is.
 *
 * @param sound a {@link Sound}, or mono samples at {@link KEY_SAMPLE_RATE}
 * @throws RangeError when it is empty or silent
 */
export function detectKey(sound: Sound | Float32Array): KeyEstimate {
  return keyOfTones(sumTones(keyChroma(sound)));
}
