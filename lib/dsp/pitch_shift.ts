/** Sounds higher or lower, of the same length. */
import { resample } from "../audio/resample.ts";
import { type StretchOptions, timeStretch } from "./time_stretch.ts";

/** Rates for the resampler, which counts in thousandths of a Hz: a shift is exact to 1e-8. */
const NOMINAL_RATE = 100_000;

/**
 * A sound some semitones higher, its duration kept, as librosa's `effects.pitch_shift`: stretched, then resampled to
 * its own length. What comes to lie above half the sample rate is gone; after a shift down there is nothing just
 * below it.
 *
 * @param y samples, mono
 * @param semitones above 0 is higher; 12 are an octave
 * @returns as many samples as y has
 * @throws RangeError when there are no samples, or the shift is not a number
 */
export function pitchShift(
  y: Float32Array,
  semitones: number,
  options: StretchOptions = {},
): Float32Array {
  const rate = 2 ** (-semitones / 12), out = new Float32Array(y.length);
  out.set(
    resample(timeStretch(y, rate, options), NOMINAL_RATE / rate, NOMINAL_RATE).subarray(
      0,
      y.length,
    ),
  );
  return out;
}
