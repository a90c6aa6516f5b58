/** Magnitude spectra of a signal's frames: what every spectral descriptor reads, so that it is transformed once. */
import type { MelBand, Spectrogram } from "./mel.ts";
import { frameCount, type Framing, powerFrames } from "./stft.ts";

/** Magnitudes |X| of frames, one after the other: bin k of frame t is at t bins + k, and at k sampleRate / nFft Hz. */
export interface MagnitudeSpectrogram {
  data: Float64Array;
  bins: number;
  frames: number;
  /** Hz. */
  sampleRate: number;
  /** Samples in a frame. */
  nFft: number;
}

/**
 * The magnitude of every frame's spectrum under Hann's window, as the absolute values of librosa's `stft`.
 *
 * @param y samples, mono
 * @throws RangeError as {@link powerFrames}
 */
export function magnitudes(
  y: Float32Array,
  settings: Framing & { sampleRate: number },
): MagnitudeSpectrogram {
  const { sampleRate, nFft } = settings, bins = Math.floor(nFft / 2) + 1;
  const frames = frameCount(y.length, settings), data = new Float64Array(frames * bins);
  powerFrames(y, settings, (frame, power) => {
    for (let k = 0, at = frame * bins; k < bins; k++, at++) data[at] = Math.sqrt(power[k]);
  });
  return { data, bins, frames, sampleRate, nFft };
}

/** One frame's magnitudes, as a view. */
export function magnitudesAt({ data, bins }: MagnitudeSpectrogram, frame: number): Float64Array {
  return data.subarray(frame * bins, (frame + 1) * bins);
}

/** Hz from one bin to the next; rounded as in NumPy's `rfftfreq`, since bins lie on the edges of bands. */
export function binWidth({ sampleRate, nFft }: MagnitudeSpectrogram): number {
  return 1 / (nFft * (1 / sampleRate));
}

/** One number for each frame, from its magnitudes. */
export function perFrame(
  S: MagnitudeSpectrogram,
  describe: (magnitude: Float64Array, frame: number) => number,
): Float64Array {
  return Float64Array.from({ length: S.frames }, (_, t) => describe(magnitudesAt(S, t), t));
}

/** The mel power spectrogram of magnitudes that are there already. @param bank of their sample rate and frame length */
export function melOfMagnitudes(
  S: MagnitudeSpectrogram,
  bank: readonly MelBand[],
): Spectrogram {
  const { frames, bins } = S, data = new Float32Array(bank.length * frames);
  const power = new Float64Array(bins);
  for (let t = 0; t < frames; t++) {
    const magnitude = magnitudesAt(S, t);
    for (let k = 0; k < bins; k++) power[k] = magnitude[k] * magnitude[k];
    for (let band = 0; band < bank.length; band++) {
      const { start, weights } = bank[band];
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * power[start + k];
      data[band * frames + t] = sum;
    }
  }
  return { data, nMels: bank.length, frames };
}
