/** The mel scale and spectrograms on it, equal to librosa's (Slaney's scale and normalisation). */
import { frameCount, type Framing, powerFrames } from "./stft.ts";

/** Slaney's scale (Auditory Toolbox, 1998): linear below 1 kHz, logarithmic above. */
const HZ_PER_MEL = 200 / 3, KNEE_HZ = 1000, KNEE_MEL = KNEE_HZ / HZ_PER_MEL;
const LOG_STEP = Math.log(6.4) / 27;

/** Frequency in Hz to mel. */
export function hzToMel(hz: number): number {
  return hz < KNEE_HZ ? hz / HZ_PER_MEL : KNEE_MEL + Math.log(hz / KNEE_HZ) / LOG_STEP;
}

/** Mel to frequency in Hz. */
export function melToHz(mel: number): number {
  return mel < KNEE_MEL ? mel * HZ_PER_MEL : KNEE_HZ * Math.exp(LOG_STEP * (mel - KNEE_MEL));
}

/** What a mel filter bank depends on. */
export interface MelBankSettings {
  /** Hz. */
  sampleRate: number;
  nFft: number;
  nMels: number;
  /** Lowest frequency in Hz. */
  fMin: number;
  /** Highest frequency in Hz, at most half the sample rate. */
  fMax: number;
}

/** A triangular filter's weights, without the zeros around them. */
export interface MelBand {
  /** The first bin with a weight. */
  start: number;
  /** Per Hz: the triangle's area is one. Empty where the band is narrower than the bins are apart. */
  weights: Float64Array;
  /** The triangle's corner, peak and corner in Hz. */
  edges: [number, number, number];
}

/**
 * Triangular filters, evenly spaced in mel, each of area one (Slaney's normalisation).
 *
 * @returns nMels bands, low to high
 * @throws RangeError when the frequencies are not 0 <= fMin < fMax <= sampleRate / 2, or there is no band
 */
export function melBank({ sampleRate, nFft, nMels, fMin, fMax }: MelBankSettings): MelBand[] {
  if (!(fMin >= 0 && fMin < fMax && fMax <= sampleRate / 2)) {
    throw new RangeError(
      `cannot place mel bands from ${fMin} to ${fMax} Hz at a sample rate of ${sampleRate} Hz`,
    );
  }
  if (!Number.isInteger(nMels) || nMels < 1) throw new RangeError(`cannot make ${nMels} mel bands`);
  const low = hzToMel(fMin), step = (hzToMel(fMax) - low) / (nMels + 1);
  const corner = (k: number) => melToHz(low + k * step);
  return Array.from({ length: nMels }, (_, band) => {
    const edges: MelBand["edges"] = [corner(band), corner(band + 1), corner(band + 2)];
    return { ...triangle(edges, sampleRate / nFft, nFft), edges };
  });
}

function triangle([from, peak, to]: MelBand["edges"], hzPerBin: number, nFft: number) {
  const start = Math.floor(from / hzPerBin) + 1;
  const weights: number[] = [];
  for (let bin = start; bin <= nFft / 2 && bin * hzPerBin < to; bin++) {
    const hz = bin * hzPerBin;
    const slope = Math.min((hz - from) / (peak - from), (to - hz) / (to - peak));
    weights.push(slope * 2 / (to - from));
  }
  return { start, weights: Float64Array.from(weights) };
}

/** A spectrogram: bands by frames, in one run of numbers. */
export interface Spectrogram<T extends Float32Array | Uint8Array = Float32Array> {
  /** [nMels, frames], frames fastest; the lowest band first. */
  data: T;
  nMels: number;
  frames: number;
}

/**
 * The mel power spectrogram: each frame's power spectrum, weighted and summed by band.
 *
 * @param y samples, mono
 */
export function melPower(
  y: Float32Array | Float64Array,
  settings: MelBankSettings & Framing,
): Spectrogram {
  const bank = melBank(settings), frames = frameCount(y.length, settings);
  const data = new Float32Array(settings.nMels * frames);
  powerFrames(y, settings, (frame, power) => {
    for (let band = 0; band < bank.length; band++) {
      const { start, weights } = bank[band];
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * power[start + k];
      data[band * frames + frame] = sum;
    }
  });
  return { data, nMels: settings.nMels, frames };
}
