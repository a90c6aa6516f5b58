/** Peaks against valleys in octave bands (Jiang et al., "Music type classification by spectral contrast", 2002). */
import { binWidth, magnitudesAt, type MagnitudeSpectrogram } from "./magnitudes.ts";

/** Options of {@link spectralContrast}. */
export interface ContrastOptions {
  /** Hz at which the lowest octave begins; below it is a band of its own. Default: 200. */
  fMin?: number;
  /** Number of octaves; the highest reaches up to half the sample rate. Default: 6. */
  octaves?: number;
  /** The share of a band's bins that make its peak, and of those that make its valley. Default: 0.02. */
  quantile?: number;
}

/** As librosa's `power_to_db`, which it takes of magnitudes here: 10 and not 20 for a factor of ten. */
const SMALLEST = 1e-10, TOP_DB = 80;
const decibel = (value: number) => 10 * Math.log10(Math.max(SMALLEST, value));

/**
 * For every band and frame, the mean of the largest magnitudes over the mean of the smallest ones in dB, as librosa's
 * `spectral_contrast`.
 *
 * Peaks, and valleys, are not taken to be lower than 80 dB below the highest one of all bands and frames; silence has
 * a contrast of 0.
 *
 * @returns octaves + 1 bands, the lowest first, of a value for each frame
 * @throws RangeError when a band would be empty: it begins above half the sample rate, or the frames are too short to
 *   part the bins below fMin
 */
export function spectralContrast(
  S: MagnitudeSpectrogram,
  { fMin = 200, octaves = 6, quantile = 0.02 }: ContrastOptions = {},
): Float64Array[] {
  if (!(quantile > 0 && quantile < 1)) {
    throw new RangeError(`cannot take a quantile of ${quantile}, only inside (0, 1)`);
  }
  const bands = bandsOf(S, fMin, octaves);
  const peaks = bands.map(() => new Float64Array(S.frames)), valleys = peaks.map((p) => p.slice());
  let highestPeak = -Infinity, highestValley = -Infinity;
  for (let t = 0; t < S.frames; t++) {
    const frame = magnitudesAt(S, t);
    bands.forEach(({ from, to, bins }, b) => {
      const band = frame.slice(from, to);
      const count = Math.min(band.length, Math.max(1, roundHalfToEven(quantile * bins)));
      part(band, band.length - count);
      const peak = peaks[b][t] = decibel(mean(band.subarray(-count)));
      part(band, count);
      const valley = valleys[b][t] = decibel(mean(band.subarray(0, count)));
      highestPeak = Math.max(highestPeak, peak);
      highestValley = Math.max(highestValley, valley);
    });
  }
  return peaks.map((band, b) =>
    band.map((peak, t) =>
      Math.max(peak, highestPeak - TOP_DB) - Math.max(valleys[b][t], highestValley - TOP_DB)
    )
  );
}

/** Bins `from` to `to` (excluded) are looked at; `bins`, one more in all bands but the highest, are counted. */
interface Band {
  from: number;
  to: number;
  bins: number;
}

/** Every band takes one bin below its own from the band before, and leaves its last one to the next. */
function bandsOf(S: MagnitudeSpectrogram, fMin: number, octaves: number): Band[] {
  const hz = binWidth(S);
  if (!(fMin >= hz)) {
    throw new RangeError(
      `cannot find a contrast below ${fMin} Hz in frames of ${S.nFft} samples at ${S.sampleRate} Hz: bins are ${
        hz.toFixed(1)
      } Hz apart`,
    );
  }
  const edge = (k: number) => k === 0 ? 0 : fMin * 2 ** (k - 1);
  if (edge(octaves) >= S.sampleRate / 2) {
    throw new RangeError(
      `cannot look at ${octaves} octaves above ${fMin} Hz at a sample rate of ${S.sampleRate} Hz: the last begins at ${
        edge(octaves)
      } Hz`,
    );
  }
  const firstAtOrAbove = (f: number) => {
    let bin = Math.max(0, Math.floor(f / hz) - 1);
    while (bin * hz < f) bin++;
    return bin;
  };
  const lastAtOrBelow = (f: number) => {
    let bin = Math.ceil(f / hz) + 1;
    while (bin * hz > f) bin--;
    return bin;
  };
  return Array.from({ length: octaves + 1 }, (_, k) => {
    const from = Math.max(0, firstAtOrAbove(edge(k)) - 1);
    if (k === octaves) return { from, to: S.bins, bins: S.bins - from };
    const last = lastAtOrBelow(edge(k + 1));
    return { from, to: last, bins: last + 1 - from };
  });
}

/** Brings the `count` smallest values to the front (Hoare's selection, 1961). */
function part(values: Float64Array, count: number): void {
  let low = 0, high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let i = low, j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const value = values[i];
        values[i++] = values[j];
        values[j--] = value;
      }
    }
    if (count <= j) high = j;
    else if (count >= i) low = i;
    else return;
  }
}

/** As NumPy's `rint`. */
function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum / values.length;
}
