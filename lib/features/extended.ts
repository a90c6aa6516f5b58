/**
 * Perceptual and shape features beside the classical ones, frame by frame: Meyda 5.6.3's set, whose definitions are
 * those of Peeters ("A large set of audio features for sound description", CUIDADO, 2004).
 *
 * Where Meyda departs from them:
 * - Kurtosis: its fourth central moment lacks a square (6 m1 m2 for 6 m1^2 m2). Slope: its denominator lacks a factor
 *   (sum f^2 for N sum f^2), which turns the sign. Sharpness: from the 15th band on it leaves the loudness out, below
 *   it weighs each band's loudness with the number of the band before. These three are computed here; the tests hold
 *   Meyda's against them.
 * - Loudness, which is Meyda's and in the sharpness and the spread too: bands are 24 equal parts of the Bark range up to
 *   half the sample rate, not 1 Bark wide; their amplitudes are added, not their powers; the highest bin is in none;
 *   7518 Hz stands for the 7500 Hz of the Bark scale (Zwicker and Terhardt, 1980). It has no unit and follows the
 *   scale of the samples.
 */
import measureCrest from "meyda/dist/node/extractors/spectralCrest.js";
import measureLoudness from "meyda/dist/node/extractors/loudness.js";
import measurePerceptualSpread from "meyda/dist/node/extractors/perceptualSpread.js";
import measureSkewness from "meyda/dist/node/extractors/spectralSkewness.js";
import { createBarkScale } from "meyda/dist/node/utilities.js";
import { mean } from "../core/statistics.ts";
import {
  binWidth,
  magnitudes,
  magnitudesAt,
  type MagnitudeSpectrogram,
} from "../dsp/magnitudes.ts";
import { CLASSICAL_RATE } from "./classical.ts";

/** The features by name. */
export const EXTENDED_FEATURES = [
  "loudness",
  "sharpness",
  "perceptual_spread",
  "slope",
  "skewness",
  "kurtosis",
  "crest",
] as const;

/** A feature's name. */
export type ExtendedFeature = typeof EXTENDED_FEATURES[number];

/** Meyda's functions have no types that Deno finds. */
const meyda = {
  loudness: measureLoudness as (of: Frame) => { specific: Float32Array; total: number },
  perceptualSpread: measurePerceptualSpread as (of: Frame) => number,
  skewness: measureSkewness as (of: Frame) => number,
  crest: measureCrest as (of: Frame) => number,
};

/** What Meyda wants of a frame: magnitudes, and each bin's frequency in Bark. */
interface Frame {
  ampSpectrum: Float64Array;
  barkScale: Float32Array;
}

/**
 * The extended features of every frame. All are 0 in a frame of silence.
 *
 * @returns by feature a value for each frame: loudness (no unit), sharpness (no unit), perceptual spread (0..1: how far
 *   the loudness is from being in one band), slope of the magnitudes' regression on frequency over their sum (1 / Hz),
 *   skewness and kurtosis (3 for a bell) of frequency weighted by magnitude, crest (largest magnitude over the root of
 *   the mean square)
 */
export function extendedFrames(S: MagnitudeSpectrogram): Record<ExtendedFeature, Float64Array> {
  const barkScale: Float32Array = createBarkScale(S.bins, S.sampleRate, S.nFft);
  const values = {} as Record<ExtendedFeature, Float64Array>;
  for (const feature of EXTENDED_FEATURES) values[feature] = new Float64Array(S.frames);
  for (let t = 0; t < S.frames; t++) {
    const ampSpectrum = magnitudesAt(S, t), frame = { ampSpectrum, barkScale };
    if (ampSpectrum.every((magnitude) => magnitude === 0)) continue;
    const { specific, total } = meyda.loudness(frame);
    values.loudness[t] = total;
    values.sharpness[t] = sharpness(specific, total);
    values.perceptual_spread[t] = meyda.perceptualSpread(frame);
    values.slope[t] = slope(ampSpectrum) / binWidth(S);
    values.skewness[t] = meyda.skewness(frame);
    values.kurtosis[t] = kurtosis(ampSpectrum);
    values.crest[t] = meyda.crest(frame);
  }
  return values;
}

/**
 * A clip's extended features: the mean over its frames that are not silent, of 2,048 samples every 512.
 *
 * @param y samples at 22,050 Hz, mono
 * @returns a value for each of {@link EXTENDED_FEATURES}; zeros for a silent clip
 * @throws RangeError for an empty clip
 */
export function extendedFeatures(y: Float32Array): Float64Array {
  const S = magnitudes(y, { sampleRate: CLASSICAL_RATE, nFft: 2048, hopLength: 512 });
  const frames = extendedFrames(S),
    sounds = frames.loudness.map((loudness) => Number(loudness > 0));
  const share = mean(sounds);
  return Float64Array.from(
    EXTENDED_FEATURES,
    (feature) => share > 0 ? mean(frames[feature]) / share : 0,
  );
}

/** The mean band, weighted by loudness, high bands more (Zwicker's sharpness as Peeters simplifies it). */
function sharpness(specific: Float32Array, total: number): number {
  let sum = 0;
  specific.forEach((loudness, k) => {
    const band = k + 1;
    sum += band * (band < 15 ? 1 : 0.066 * Math.exp(0.171 * band)) * loudness;
  });
  return 0.11 * sum / total;
}

/** Slope of the regression line of the magnitudes on the bin, over their sum. */
function slope(magnitude: Float64Array): number {
  const n = magnitude.length, centre = (n - 1) / 2;
  let sum = 0, product = 0;
  for (let k = 0; k < n; k++) {
    sum += magnitude[k];
    product += (k - centre) * magnitude[k];
  }
  return product / (n * (n * n - 1) / 12) / sum;
}

/** The fourth central moment of the bin, weighted by magnitude, over the square of the second. */
function kurtosis(magnitude: Float64Array): number {
  let sum = 0, first = 0, second = 0, fourth = 0;
  for (let k = 0; k < magnitude.length; k++) {
    sum += magnitude[k];
    first += k * magnitude[k];
  }
  for (let k = 0; k < magnitude.length; k++) {
    const square = (k - first / sum) ** 2;
    second += square * magnitude[k];
    fourth += square * square * magnitude[k];
  }
  return fourth * sum / (second * second);
}
