/** Peaks against valleys in octave bands (Jiang et al., "Music type classification by spectral contrast", 2002). */
import { binWidth, type MagnitudeSpectrogram } from "./magnitudes.ts";

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
  const bands = bandsOf(S, { fMin, octaves }).map((band) => levelsOf(S, { ...band, quantile }));
  const floorOf = (levels: Float64Array[]) =>
    levels.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), -Infinity) - TOP_DB;
  const lowestPeak = floorOf(bands.map(({ peak }) => peak));
  const lowestValley = floorOf(bands.map(({ valley }) => valley));
  return bands.map(({ peak, valley }) =>
    peak.map((level, t) => Math.max(level, lowestPeak) - Math.max(valley[t], lowestValley))
  );
}

/** Bins `from` to `to` (excluded) are looked at; `bins`, one more in all bands but the highest, are counted. */
interface Band {
  from: number;
  to: number;
  bins: number;
}

/** Every band takes one bin below its own from the band before, and leaves its last one to the next. */
function bandsOf(
  S: MagnitudeSpectrogram,
  { fMin, octaves }: { fMin: number; octaves: number },
): Band[] {
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

/** The level of a band's peak and valley in every frame, in dB. */
function levelsOf(
  S: MagnitudeSpectrogram,
  { from, to, bins, quantile }: Band & { quantile: number },
) {
  const count = Math.min(to - from, Math.max(1, roundHalfToEven(quantile * bins)));
  const peak = new Float64Array(S.frames), valley = new Float64Array(S.frames);
  const list = new Float64Array(count);
  for (let t = 0, start = from; t < S.frames; t++, start += S.bins) {
    const end = start + to - from;
    peak[t] = decibel(meanOfExtremes(S.data, { start, end, sign: 1, list }));
    valley[t] = decibel(meanOfExtremes(S.data, { start, end, sign: -1, list }));
  }
  return { peak, valley };
}

/** The mean of some largest (sign 1) or smallest (sign -1) values: few of many, so they are inserted in a list. */
function meanOfExtremes(
  values: Float64Array,
  { start, end, sign, list }: { start: number; end: number; sign: 1 | -1; list: Float64Array },
): number {
  const last = list.length - 1;
  list.fill(-Infinity); // falling from here on
  for (let k = start; k < end; k++) {
    const value = sign * values[k];
    if (value <= list[last]) continue;
    let at = last;
    for (; at > 0 && list[at - 1] < value; at--) list[at] = list[at - 1];
    list[at] = value;
  }
  let sum = 0;
  for (let k = 0; k <= last; k++) sum += list[k];
  return sign * sum / list.length;
}

/** As NumPy's `rint`. */
function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
