/** How far a recording is tuned from A = 440 Hz. */
import { powerFrames } from "./stft.ts";

/** Hz. */
const A4 = 440;

/** Peaks of all frames of a spectrogram: one entry a peak. */
export interface SpectralPeaks {
  /** Hz. */
  frequency: Float64Array;
  magnitude: Float64Array;
}

/** Where peaks are looked for. */
export interface PeakOptions {
  /** Hz. */
  sampleRate: number;
  /** Samples in a frame. Default: 2048. */
  nFft?: number;
  /** Default: a quarter of nFft. */
  hopLength?: number;
  /** Frequencies in Hz, the upper one excluded. Default: 150 to 4000, and not above half the sample rate. */
  fMin?: number;
  fMax?: number;
  /** A peak is higher than this part of its frame's maximum. Default: 0.1. */
  threshold?: number;
  /** 1 for magnitudes, 2 for powers. Default: 1. */
  power?: 1 | 2;
}

/**
 * Local maxima of every frame, their place and height interpolated by a parabola (J. O. Smith, "Spectral Audio Signal
 * Processing"); what `librosa.piptrack` finds.
 *
 * @param y samples, mono
 * @returns frame by frame, low to high within a frame
 * @throws RangeError when the signal is empty
 */
export function spectralPeaks(y: Float32Array, options: PeakOptions): SpectralPeaks {
  const { sampleRate, nFft = 2048, hopLength = nFft >> 2, threshold = 0.1, power = 1 } = options;
  const { fMin = 150, fMax = 4000 } = options, hzPerBin = sampleRate / nFft;
  const first = Math.max(1, Math.ceil(fMin / hzPerBin));
  const end = Math.min(Math.ceil(Math.min(fMax, sampleRate / 2) / hzPerBin), nFft >> 1);
  const level = power === 1 ? Math.sqrt : (value: number) => value;
  const frequency: number[] = [], magnitude: number[] = [];
  powerFrames(y, { nFft, hopLength }, (_, values) => {
    let largest = 0;
    for (let k = 0; k < values.length; k++) largest = Math.max(largest, values[k]);
    const floor = (power === 1 ? threshold ** 2 : threshold) * largest;
    for (let k = first; k < end; k++) {
      if (!(values[k] > floor && values[k] > values[k - 1] && values[k] >= values[k + 1])) continue;
      const left = level(values[k - 1]), peak = level(values[k]), right = level(values[k + 1]);
      const slope = (right - left) / 2, curvature = left + right - 2 * peak;
      const shift = Math.abs(slope) < Math.abs(curvature) ? -slope / curvature : 0;
      frequency.push((k + shift) * hzPerBin);
      magnitude.push(peak + slope * shift / 2);
    }
  });
  return { frequency: Float64Array.from(frequency), magnitude: Float64Array.from(magnitude) };
}

/** How fine a tuning is measured. */
export interface TuningOptions {
  /** Default: 12. */
  binsPerOctave?: number;
  /** Step of the result, as a part of a bin. Default: 0.01. */
  resolution?: number;
}

/**
 * The most frequent deviation of frequencies from the equal temperament on A = 440 Hz, as `librosa.pitch_tuning`.
 *
 * @param frequencies in Hz, above 0
 * @returns in parts of a bin, from -0.5 to below 0.5: the lower edge of the fullest step; 0 without frequencies
 */
export function pitchTuning(
  frequencies: Float64Array,
  { binsPerOctave = 12, resolution = 0.01 }: TuningOptions = {},
): number {
  if (frequencies.length === 0) return 0;
  const steps = Math.ceil(1 / resolution), counts = new Uint32Array(steps);
  for (const frequency of frequencies) {
    const bins = binsPerOctave * Math.log2(frequency / A4) + 0.5;
    counts[Math.min(steps - 1, Math.floor((bins - Math.floor(bins)) * steps))]++;
  }
  return counts.indexOf(counts.reduce((most, count) => Math.max(most, count))) / steps - 0.5;
}

/**
 * A recording's deviation from A = 440 Hz: that of the louder half of its spectral peaks, as
 * `librosa.estimate_tuning`.
 *
 * @param y samples, mono
 * @returns in parts of a bin, from -0.5 to below 0.5; 0 where there are no peaks
 * @throws RangeError when the signal is empty
 */
export function estimateTuning(y: Float32Array, options: PeakOptions & TuningOptions): number {
  const { frequency, magnitude } = spectralPeaks(y, options);
  const limit = median(magnitude);
  return pitchTuning(frequency.filter((_, k) => magnitude[k] >= limit), options);
}

/** The middle value, or the mean of the two middle ones; NaN of nothing. */
function median(values: Float64Array): number {
  const sorted = values.toSorted(), half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
