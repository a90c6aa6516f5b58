/** The 28 classical features of the study (D8). */
import { ChirpTransform } from "../dsp/chirp_transform.ts";
import { powerToDecibel } from "../dsp/decibel.ts";
import { permutationEntropy, spectralEntropy, svdEntropy } from "../dsp/entropy.ts";
import { hjorthParameters } from "../dsp/hjorth.ts";
import { type MagnitudeSpectrogram, melOfMagnitudes } from "../dsp/magnitudes.ts";
import { type MelBand, melBank } from "../dsp/mel.ts";
import { mfcc } from "../dsp/mfcc.ts";
import { spectralContrast } from "../dsp/spectral_contrast.ts";
import {
  spectralBandwidth,
  spectralCentroid,
  spectralFlatness,
  spectralRolloff,
} from "../dsp/spectral_shape.ts";
import { rootMeanSquare, zeroCrossingRate } from "../dsp/waveform_frames.ts";
import { hann } from "../dsp/window.ts";

/** Hz: the rate at which the study computed them. */
export const CLASSICAL_RATE = 22050;

const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, k) => `${name}${k + 1}`);

/** The features by the names of the published table, in its order. */
export const CLASSICAL_FEATURES: readonly string[] = [
  ...numbered("mfcc", 10),
  "zcr",
  "rms",
  "rolloff",
  "centroid",
  "bandwidth",
  ...numbered("contrast", 7),
  "flatness",
  "permutation_entropy",
  "spectral_entropy",
  "svd_entropy",
  "hjorth_mobility",
  "hjorth_complexity",
];

/** Fewer samples leave the contrast's lowest band, up to 200 Hz, without a bin. */
const FEWEST_SAMPLES = Math.ceil(CLASSICAL_RATE / 200);

/**
 * A clip's 28 features, as librosa 0.11 and antropy 0.2.3 compute them where the study's code runs.
 *
 * The first 23 come from one frame that is as long as the clip. librosa centres it on the clip's first sample: it
 * holds silence and then the first half of the clip, under the falling half of Hann's window. **So they tell nothing
 * of the second half**, and level and zero crossings, over the frame's whole length, are about half of the clip's.
 * The last five are of the whole clip.
 *
 * Silence and constant signals have the lowest value of everything that is not defined for them: 0 (flatness: 1).
 *
 * @param y samples at 22,050 Hz, mono, at least 111
 * @returns 28 values in the order of {@link CLASSICAL_FEATURES}: centroid, bandwidth and roll-off in Hz, contrast in
 *   dB, RMS on the scale of the samples
 * @throws RangeError for a shorter clip, or one with samples that are no numbers
 */
export function classicalFeatures(y: Float32Array): Float64Array {
  check(y);
  const { spectrum: S, mel } = analyzerFor(y.length).run(y);
  const framing = { nFft: y.length, hopLength: y.length + 1 };
  const centroid = spectralCentroid(S), hjorth = hjorthParameters(y);
  return Float64Array.of(
    ...mfcc({ ...mel, data: powerToDecibel(mel.data, { reference: 1 }) }, { nMfcc: 10 }).data,
    zeroCrossingRate(y, framing)[0],
    rootMeanSquare(y, framing)[0],
    spectralRolloff(S)[0],
    centroid[0],
    spectralBandwidth(S, { centroid })[0],
    ...spectralContrast(S).map(([value]) => value),
    spectralFlatness(S)[0],
    permutationEntropy(y),
    spectralEntropy(y),
    svdEntropy(y),
    hjorth.mobility,
    hjorth.complexity,
  );
}

function check(y: Float32Array): void {
  if (y.length < FEWEST_SAMPLES) {
    throw new RangeError(
      `cannot compute the 28 features of ${y.length} samples; a clip needs ${FEWEST_SAMPLES} (5 ms) at least`,
    );
  }
  const wrong = y.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new RangeError(`cannot compute the 28 features: sample ${wrong} is ${y[wrong]}`);
  }
}

/** The one frame of clips of one length. */
class ClipAnalyzer {
  readonly #transform: ChirpTransform;
  readonly #window: Float64Array;
  readonly #bank: MelBand[];

  constructor(readonly length: number) {
    const half = Math.floor(length / 2);
    this.#window = hann(length).subarray(half);
    // Where in the frame the clip begins changes phases alone.
    this.#transform = new ChirpTransform(length, length - half);
    this.#bank = melBank({
      sampleRate: CLASSICAL_RATE,
      nFft: length,
      nMels: 128,
      fMin: 0,
      fMax: CLASSICAL_RATE / 2,
    });
  }

  run(y: Float32Array) {
    const data = this.#transform.magnitudes(this.#window.map((weight, t) => weight * y[t]));
    const spectrum: MagnitudeSpectrogram = {
      data,
      bins: data.length,
      frames: 1,
      sampleRate: CLASSICAL_RATE,
      nFft: this.length,
    };
    return { spectrum, mel: melOfMagnitudes(spectrum, this.#bank) };
  }
}

/** Clips of a collection are often of one length, and tables for many lengths would fill the memory. */
let latest: ClipAnalyzer | undefined;

function analyzerFor(length: number): ClipAnalyzer {
  if (latest?.length !== length) latest = new ClipAnalyzer(length);
  return latest;
}
