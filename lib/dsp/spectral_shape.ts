/**
 * Where a spectrum's weight lies, frame by frame, as librosa's `spectral_*` (Klapuri and Davy, "Signal Processing
 * Methods for Music Transcription", 2007, chapter 5). A frame of silence has no weight anywhere: its centroid,
 * bandwidth and roll-off are 0 Hz, its flatness is 1.
 */
import { binWidth, type MagnitudeSpectrogram, perFrame } from "./magnitudes.ts";

/** The mean frequency, weighted by magnitude. @returns Hz, a value for each frame */
export function spectralCentroid(S: MagnitudeSpectrogram): Float64Array {
  const hz = binWidth(S);
  return perFrame(S, (magnitude) => {
    let sum = 0, moment = 0;
    for (let k = 0; k < magnitude.length; k++) {
      sum += magnitude[k];
      moment += k * magnitude[k];
    }
    return sum > 0 ? hz * moment / sum : 0;
  });
}

/**
 * The standard deviation of frequency around the centroid, weighted by magnitude.
 *
 * @param options.centroid of the same frames, where it is there already
 * @returns Hz, a value for each frame
 */
export function spectralBandwidth(
  S: MagnitudeSpectrogram,
  { centroid = spectralCentroid(S) }: { centroid?: Float64Array } = {},
): Float64Array {
  const hz = binWidth(S);
  return perFrame(S, (magnitude, frame) => {
    const centre = centroid[frame] / hz;
    let sum = 0, moment = 0;
    for (let k = 0; k < magnitude.length; k++) {
      sum += magnitude[k];
      moment += (k - centre) * (k - centre) * magnitude[k];
    }
    return sum > 0 ? hz * Math.sqrt(moment / sum) : 0;
  });
}

/**
 * The frequency of the first bin at which the magnitudes, summed from below, reach a share of all.
 *
 * @param options.share in (0, 1). Default: 0.85
 * @returns Hz, a value for each frame
 * @throws RangeError for another share
 */
export function spectralRolloff(
  S: MagnitudeSpectrogram,
  { share = 0.85 }: { share?: number } = {},
): Float64Array {
  if (!(share > 0 && share < 1)) {
    throw new RangeError(`cannot roll off at a share of ${share}, only inside (0, 1)`);
  }
  const hz = binWidth(S);
  return perFrame(S, (magnitude) => {
    let total = 0;
    for (let k = 0; k < magnitude.length; k++) total += magnitude[k];
    let bin = 0, sum = magnitude[0];
    while (sum < share * total) sum += magnitude[++bin];
    return hz * bin;
  });
}

/** Powers below this count as this, as in librosa. */
const SMALLEST_POWER = 1e-10;
/** Powers whose product is far from the ends of double precision, up to 1e38 each: one logarithm for all. */
const FACTORS = 8;

/**
 * The geometric mean of the powers over their arithmetic mean (Dubnov, "Generalization of spectral flatness
 * measure", 2004): 1 for a flat spectrum, near 0 for a tone.
 *
 * @returns 0..1, a value for each frame
 */
export function spectralFlatness(S: MagnitudeSpectrogram): Float64Array {
  return perFrame(S, (magnitude) => {
    let logarithms = 0, product = 1, sum = 0;
    for (let k = 0; k < magnitude.length; k++) {
      const power = Math.max(SMALLEST_POWER, magnitude[k] * magnitude[k]);
      sum += power;
      product *= power;
      if (k % FACTORS === 0) {
        logarithms += Math.log(product);
        product = 1;
      }
    }
    logarithms += Math.log(product);
    return Math.exp(logarithms / magnitude.length) / (sum / magnitude.length);
  });
}
