/** Where sounds begin: the onset strength envelope. */
import { powerToDecibel } from "../dsp/decibel.ts";
import { melPower } from "../dsp/mel.ts";

/** Options of {@link onsetStrength}; the defaults are librosa's. */
export interface OnsetOptions {
  /** Hz. */
  sampleRate: number;
  /** Samples in a frame. Default: 2048. */
  nFft?: number;
  /** Samples from one value of the envelope to the next. Default: 512. */
  hopLength?: number;
  /** Mel bands, from fMin to fMax Hz. Default: 128, from 0 to half the sample rate. */
  nMels?: number;
  fMin?: number;
  fMax?: number;
}

/**
 * The onset strength envelope: how many decibels a frame's mel bands have gained on the frame before, on average
 * over all bands; losses count as nothing (Böck and Widmer, "Maximum filter vibrato suppression for onset
 * detection", DAFx 2013, without the maximum filter). As librosa's `onset.onset_strength`.
 *
 * @param y samples, mono
 * @returns one value, at least 0, for each centred frame; it stands half a frame later than it was found, because
 * a centred frame hears what begins that far ahead
 * @throws RangeError when the signal is empty or the settings do not fit, as {@link melPower}
 */
export function onsetStrength(
  y: Float32Array,
  { sampleRate, nFft = 2048, hopLength = 512, nMels = 128, fMin = 0, fMax = sampleRate / 2 }:
    OnsetOptions,
): Float32Array {
  const mel = melPower(y, { sampleRate, nFft, hopLength, nMels, fMin, fMax });
  const decibel = powerToDecibel(mel.data, { reference: 1 }), { frames } = mel;
  const twice = new Float64Array(frames); // x + |x| is twice the gain, without a branch to mispredict
  for (let band = 0; band < nMels; band++) {
    for (let t = 1, at = band * frames + 1; t < frames; t++, at++) {
      const change = decibel[at] - decibel[at - 1];
      twice[t] += change + Math.abs(change);
    }
  }
  const delay = Math.floor(nFft / (2 * hopLength));
  return Float32Array.from(twice, (_, t) => t < delay ? 0 : twice[t - delay] / (2 * nMels));
}
