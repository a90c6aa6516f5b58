/** Sounds longer or shorter, at the same pitch. */
import { phaseVocoder } from "./phase_vocoder.ts";
import { istft, stft } from "./stft.ts";

/** The frames in which a sound is stretched. */
export interface StretchOptions {
  /** Samples in a frame. Default: 2048. */
  nFft?: number;
  /** Samples from one frame to the next. Default: a quarter of a frame. */
  hopLength?: number;
}

/**
 * A sound `rate` times as fast, its pitch kept, as librosa's `effects.time_stretch`. At rate 1 it is the sound itself,
 * to the rounding of a transform and back.
 *
 * @param y samples, mono
 * @param rate above 0; 2 halves the duration
 * @returns length / rate samples, rounded
 * @throws RangeError when the rate is not a number above 0, or there are no samples
 */
export function timeStretch(
  y: Float32Array,
  rate: number,
  { nFft = 2048, hopLength = Math.floor(nFft / 4) }: StretchOptions = {},
): Float32Array {
  const framing = { nFft, hopLength };
  const length = Math.round(y.length / rate);
  return istft(phaseVocoder(stft(y, framing), rate), framing, { length });
}
