/** How an onset strength envelope repeats: its local autocorrelation (Grosche, Müller and Kurth, ICASSP 2010). */
import { Pool } from "../core/pool.ts";
import { fastLength, RealFft } from "../dsp/fft.ts";
import { hann } from "../dsp/window.ts";

/** An autocorrelation tempogram. */
export interface Tempogram {
  /** [lags, frames], frames fastest: at most 1, which it is at lag 0 wherever there is an onset in the window. */
  data: Float32Array;
  /** Lag k is k frames of the envelope. */
  lags: number;
  frames: number;
}

/** Options of {@link tempogram} and {@link meanAutocorrelation}. */
export interface TempogramOptions {
  /** Values of the envelope in a window, and the number of lags. Default: 384, as librosa's. */
  winLength?: number;
}

/** Autocorrelations of one window length, two windows at a time. */
class WindowAnalyzer {
  readonly fft: RealFft;
  readonly #window: Float64Array;

  constructor(readonly winLength: number) {
    this.fft = new RealFft(fastLength(2 * winLength - 1)); // no lag wraps around
    this.#window = hann(winLength);
  }

  /**
   * Transforms the windows of the envelope, one centred on each of its values. Where they reach over the ends, the
   * envelope rises from and falls to zero in a straight line.
   *
   * @param visit is called when the spectra of windows `first` and `first + 1` are in `fft`; with 1 / energy of the
   * two, which is what makes the autocorrelation 1 at lag 0, or 0 where there is no energy or no second window
   */
  run(envelope: Float32Array, visit: (first: number, scales: [number, number]) => void): void {
    const { winLength, fft } = this, { samples } = fft, window = this.#window;
    const padded = ramped(envelope, Math.floor(winLength / 2));
    samples.fill(0);
    for (let first = 0; first < envelope.length; first += 2) {
      const next = Math.min(first + 1, envelope.length - 1);
      let energyA = 0, energyB = 0;
      for (let t = 0; t < winLength; t++) {
        const a = window[t] * padded[first + t], b = window[t] * padded[next + t];
        samples[2 * t] = a;
        samples[2 * t + 1] = b;
        energyA += a * a;
        energyB += b * b;
      }
      fft.transform();
      visit(first, [energyA > 0 ? 1 / energyA : 0, energyB > 0 && next > first ? 1 / energyB : 0]);
    }
  }
}

/** The envelope between straight lines from and to zero. */
function ramped(envelope: Float32Array, width: number): Float64Array {
  const n = envelope.length, padded = new Float64Array(n + 2 * width);
  padded.set(envelope, width);
  for (let k = 0; k < width; k++) {
    padded[k] = envelope[0] * k / width;
    padded[padded.length - 1 - k] = envelope[n - 1] * k / width;
  }
  return padded;
}

const analyzers = new Pool((winLength: number) => new WindowAnalyzer(winLength));

function check(envelope: Float32Array, winLength: number): void {
  if (envelope.length === 0) throw new RangeError("cannot correlate an empty envelope");
  if (!Number.isInteger(winLength) || winLength < 1) {
    throw new RangeError(`cannot correlate windows of ${winLength} values`);
  }
}

/**
 * The autocorrelation tempogram, as librosa's `feature.tempogram`: the autocorrelation of the envelope under Hann's
 * window around each of its values, over its value at lag 0.
 *
 * @param envelope onset strength
 * @throws RangeError when the envelope is empty, or the window is
 */
export function tempogram(
  envelope: Float32Array,
  { winLength = 384 }: TempogramOptions = {},
): Tempogram {
  check(envelope, winLength);
  const frames = envelope.length, data = new Float32Array(winLength * frames);
  analyzers.with(winLength, (analyzer) => {
    const { fft } = analyzer, { spectrum, samples } = fft;
    analyzer.run(envelope, (first, [a, b]) => {
      for (let k = 0; k < spectrum.length; k += 4) {
        spectrum[k] = a * (spectrum[k] ** 2 + spectrum[k + 2] ** 2);
        spectrum[k + 1] = b * (spectrum[k + 1] ** 2 + spectrum[k + 3] ** 2);
        spectrum[k + 2] = spectrum[k + 3] = 0;
      }
      fft.inverse();
      for (let lane = 0; lane < 2 && first + lane < frames; lane++) {
        for (let lag = 0, at = first + lane; lag < winLength; lag++, at += frames) {
          data[at] = samples[2 * lag + lane];
        }
      }
      samples.fill(0);
    });
  });
  return { data, lags: winLength, frames };
}

/**
 * The tempogram's mean over all frames, without the tempogram: one inverse transform of the mean spectrum.
 *
 * @param envelope onset strength
 * @returns a value for each lag from 0 to winLength - 1
 * @throws RangeError as {@link tempogram}
 */
export function meanAutocorrelation(
  envelope: Float32Array,
  { winLength = 384 }: TempogramOptions = {},
): Float64Array {
  check(envelope, winLength);
  return analyzers.with(winLength, (analyzer) => {
    const { fft } = analyzer, { spectrum } = fft, sum = new Float64Array(fft.bins);
    analyzer.run(envelope, (_, [a, b]) => {
      for (let bin = 0, k = 0; bin < sum.length; bin++, k += 4) {
        sum[bin] += a * (spectrum[k] ** 2 + spectrum[k + 2] ** 2) +
          b * (spectrum[k + 1] ** 2 + spectrum[k + 3] ** 2);
      }
    });
    spectrum.fill(0);
    for (let bin = 0; bin < sum.length; bin++) spectrum[4 * bin] = sum[bin] / envelope.length;
    fft.inverse();
    return Float64Array.from({ length: winLength }, (_, lag) => fft.samples[2 * lag]);
  });
}
