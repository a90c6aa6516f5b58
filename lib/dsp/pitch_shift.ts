/** Sounds higher or lower, of the same length. */
import { resample } from "../audio/resample.ts";
import { type StretchOptions, timeStretch } from "./time_stretch.ts";

/**
 * The ratio of frequencies is one of whole numbers, for which the resampler has a filter for every position: the first
 * one that is this near (0.05 cents), or the nearest of terms up to 1000 (of shifts of a few cents, within 0.9 cents).
 */
const NEAR = 2 ** (0.05 / 1200) - 1, LARGEST_TERM = 1000;

/**
 * A sound some semitones higher, its duration kept, as librosa's `effects.pitch_shift`: stretched, then resampled to
 * its own length. What comes to lie above half the sample rate is gone; after a shift down there is nothing just
 * below it.
 *
 * @param y samples, mono
 * @param semitones above 0 is higher; 12 are an octave
 * @returns as many samples as y has
 * @throws RangeError when there are no samples, or the shift is more than five octaves or not a number
 */
export function pitchShift(
  y: Float32Array,
  semitones: number,
  options: StretchOptions = {},
): Float32Array {
  if (!(Math.abs(semitones) <= 60)) {
    throw new RangeError(`cannot shift a sound by ${semitones} semitones; 60 is the most`);
  }
  const [from, to] = nearRatio(2 ** (semitones / 12));
  const stretched = timeStretch(y, to / from, options), out = new Float32Array(y.length);
  out.set(resample(stretched, from, to).subarray(0, y.length));
  return out;
}

/** A ratio of whole numbers near a value: down the tree of Stern (1858) and Brocot (1861). */
function nearRatio(value: number): [number, number] {
  let [a, b] = [0, 1], [c, d] = [1, 0], best = [1, 1] as [number, number];
  const distance = ([p, q]: [number, number]) => Math.abs(p / q / value - 1);
  while (distance(best) > NEAR) {
    const p = a + c, q = b + d;
    if (p > LARGEST_TERM || q > LARGEST_TERM) break;
    if (distance([p, q]) < distance(best)) best = [p, q];
    if (p / q < value) [a, b] = [p, q];
    else [c, d] = [p, q];
  }
  return best;
}
