/** The constant-Q transform's wavelets: windowed turns of equal number, in the frequency domain. */
import type { RealFft } from "./fft.ts";
import { hann } from "./window.ts";

/** C1 in Hz: the lowest C of a piano, where constant-Q transforms begin unless told. */
export const C1 = 440 * 2 ** (-45 / 12);

/** Which wavelets there are. */
export interface WaveletSettings {
  /** Number of wavelets. Default: 84. */
  nBins?: number;
  /** Default: 12. */
  binsPerOctave?: number;
  /** Frequency of the lowest one in Hz, where the tuning is 0. Default: {@link C1}. */
  fMin?: number;
  /** All frequencies are higher by this part of a bin. Default: 0. */
  tuning?: number;
  /** Their length in relation to the one that just tells neighbours apart. Default: 1. */
  filterScale?: number;
  /**
   * Hz that every bandwidth is wider than the constant quotient wants: low wavelets become shorter. "erb" makes the
   * bandwidths proportional to the ear's (Glasberg and Moore, 1990). Default: 0.
   */
  gamma?: number | "erb";
}

/** Frequency and duration of wavelets, low to high. */
export interface Wavelets {
  /** Hz. */
  frequency: Float64Array;
  /** Seconds. */
  duration: Float64Array;
  /** Hz that the highest one reaches up to. */
  cutoff: number;
}

/** Hann's equivalent noise bandwidth in bins: its mean square over its squared mean, of 1000 samples as in librosa. */
const HANN_BANDWIDTH = 1.50018310546875;

/** The ear's bandwidth at f Hz: ERB_OFFSET + ERB_SLOPE f. */
const ERB_OFFSET = 24.7, ERB_SLOPE = 0.108;

/**
 * The wavelets of a constant-Q transform, or of a variable-Q one where gamma is not 0 (Schoerkhuber and Klapuri,
 * "Constant-Q transform toolbox for music processing", 2010), as librosa places them.
 *
 * @throws RangeError when there is no bin, or fMin, filterScale or gamma is not in its range
 */
export function placeWavelets(settings: WaveletSettings): Wavelets {
  const { nBins = 84, binsPerOctave = 12, fMin = C1, tuning = 0, filterScale = 1, gamma = 0 } =
    settings;
  for (const [name, count] of Object.entries({ nBins, binsPerOctave })) {
    if (!Number.isInteger(count) || count < 1) {
      throw new RangeError(`cannot place wavelets: ${name} is ${count}, not 1 or more`);
    }
  }
  if (!(fMin > 0)) throw new RangeError(`cannot place wavelets from ${fMin} Hz on`);
  if (!(filterScale > 0)) throw new RangeError(`cannot scale wavelets by ${filterScale}`);
  if (gamma !== "erb" && !(gamma >= 0)) throw new RangeError(`cannot widen bands by ${gamma} Hz`);
  const lowest = fMin * 2 ** (tuning / binsPerOctave);
  // whole octaves apart exactly: their wavelets are the same at half the sample rate
  const frequency = Float64Array.from(
    { length: nBins },
    (_, k) =>
      2 ** Math.floor(k / binsPerOctave) * 2 ** (k % binsPerOctave / binsPerOctave) * lowest,
  );
  const step = 2 ** (2 / binsPerOctave), relativeBandwidth = (step - 1) / (step + 1);
  const quotient = filterScale / relativeBandwidth;
  const offset = gamma === "erb" ? ERB_OFFSET / ERB_SLOPE : gamma / relativeBandwidth;
  const highest = frequency[nBins - 1];
  return {
    frequency,
    duration: frequency.map((f) => quotient / (f + offset)),
    cutoff: highest * (1 + HANN_BANDWIDTH / 2 / quotient) + offset * relativeBandwidth / 2,
  };
}

/** A wavelet's spectrum, without the zeros around it. */
export interface WaveletSpectrum {
  /** The first bin that is not 0. */
  start: number;
  /** Real and imaginary parts, alternating. */
  values: Float64Array;
}

/** Samples that all of these wavelets fit into: a power of two. */
export function waveletFrame(durations: Float64Array, sampleRate: number): number {
  return 2 ** Math.ceil(Math.log2(durations.reduce((a, b) => Math.max(a, b)) * sampleRate));
}

/**
 * The spectrum of a wavelet in the middle of a frame: a complex sine under Hann's window, magnitudes of sum one.
 *
 * @param wavelet frequency in Hz, duration in seconds
 * @param options.fft of the frame's size
 * @param options.sparsity part of the summed magnitudes that the weakest bins, which are left out, make up
 * @throws RangeError when the wavelet has fewer than 2 samples
 */
export function waveletSpectrum(
  { frequency, duration }: { frequency: number; duration: number },
  { fft, sampleRate, sparsity }: { fft: RealFft; sampleRate: number; sparsity: number },
): WaveletSpectrum {
  const half = duration * sampleRate / 2, from = Math.floor(-half), n = Math.floor(half) - from;
  if (n < 2) {
    throw new RangeError(
      `cannot make a wavelet of ${frequency} Hz: it is shorter than two samples at ${sampleRate} Hz`,
    );
  }
  const { samples, spectrum, bins } = fft, window = hann(n), before = (fft.n - n) >> 1;
  samples.fill(0);
  for (let k = 0, sum = n / 2; k < n; k++) { // Hann's window adds up to n / 2
    const angle = 2 * Math.PI * frequency / sampleRate * (from + k);
    samples[2 * (before + k)] = window[k] / sum * Math.cos(angle);
    samples[2 * (before + k) + 1] = window[k] / sum * Math.sin(angle);
  }
  fft.transform();
  const values = new Float64Array(2 * bins), magnitude = new Float64Array(bins);
  for (let k = 0; k < bins; k++) { // the spectra of the real part and of i times the imaginary part
    values[2 * k] = spectrum[4 * k] - spectrum[4 * k + 3];
    values[2 * k + 1] = spectrum[4 * k + 2] + spectrum[4 * k + 1];
    magnitude[k] = Math.hypot(values[2 * k], values[2 * k + 1]);
  }
  return sparse(values, magnitude, sparsity);
}

/** Drops the weakest bins. */
function sparse(values: Float64Array, magnitude: Float64Array, sparsity: number): WaveletSpectrum {
  const sorted = magnitude.toSorted(), limit = sparsity * sorted.reduce((a, b) => a + b);
  let weakest = 0;
  for (let sum = sorted[0]; sum < limit; sum += sorted[++weakest]);
  const isKept = (m: number) => m >= sorted[weakest];
  const start = magnitude.findIndex(isKept), end = magnitude.findLastIndex(isKept) + 1;
  for (let k = start; k < end; k++) if (!isKept(magnitude[k])) values.fill(0, 2 * k, 2 * k + 2);
  return { start, values: values.slice(2 * start, 2 * end) };
}
