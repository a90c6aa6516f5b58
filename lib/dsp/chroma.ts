/** Chromagrams: how strong each pitch class is, whatever the octave. */
import { constantQ, type ConstantQSettings } from "./cqt.ts";
import { powerFrames } from "./stft.ts";
import { estimateTuning } from "./tuning.ts";
import { C1 } from "./wavelets.ts";

/** Pitch classes by frames. */
export interface Chromagram {
  /** [nChroma, frames], frames fastest, C first; the largest of every frame is 1, or all are 0. */
  data: Float32Array;
  nChroma: number;
  frames: number;
}

/** What a chroma filter bank on Fourier bins depends on. */
export interface ChromaBankSettings {
  /** Hz. */
  sampleRate: number;
  nFft: number;
  /** Pitch classes in an octave, a multiple of 12 so that C is one of them. Default: 12. */
  nChroma?: number;
  /** Deviation from A = 440 Hz in parts of a class. Default: 0. */
  tuning?: number;
}

/** Where the octaves' weights are largest, in octaves above A0 / 2 (27.5 / 2 Hz is -1), and their standard deviation. */
const CENTRE_OCTAVE = 5, OCTAVE_WIDTH = 2;

/**
 * Filters from Fourier bins to pitch classes (D. Ellis, "Chroma feature analysis and synthesis", 2007), as
 * `librosa.filters.chroma`: bumps around every octave of a class, each bin's weights of unit length, and the bins under
 * a bell over the octaves around 440 Hz.
 *
 * @returns nChroma filters of nFft / 2 + 1 weights, C first
 * @throws RangeError when nChroma is no multiple of 12
 */
export function chromaBank(
  { sampleRate, nFft, nChroma = 12, tuning = 0 }: ChromaBankSettings,
): Float64Array[] {
  checkClasses(nChroma);
  const bins = Math.floor(nFft / 2) + 1, a0 = 27.5 * 2 ** (tuning / nChroma);
  const octave = Float64Array.from(
    { length: bins + 1 },
    (_, k) => Math.log2(Math.max(k, 1) * sampleRate / nFft / a0) - (k === 0 ? 1.5 : 0), // bin 0 is made up
  );
  const bank = Array.from({ length: nChroma }, () => new Float64Array(bins));
  for (let k = 0; k < bins; k++) {
    const width = Math.max(1, nChroma * (octave[k + 1] - octave[k]));
    let squares = 0;
    for (let c = 0; c < nChroma; c++) { // A is where octaves begin
      const turns = octave[k] - (c - 9 * nChroma / 12) / nChroma;
      const distance = nChroma * (turns - Math.round(turns));
      bank[c][k] = Math.exp(-0.5 * (2 * distance / width) ** 2);
      squares += bank[c][k] ** 2;
    }
    const bell = Math.exp(-0.5 * ((octave[k] - CENTRE_OCTAVE) / OCTAVE_WIDTH) ** 2);
    for (const filter of bank) filter[k] *= bell / Math.sqrt(squares);
  }
  return bank;
}

/** What folding constant-Q bins to pitch classes depends on. */
export interface ConstantQFoldSettings {
  nBins: number;
  /** A multiple of nChroma. Default: 12. */
  binsPerOctave?: number;
  /** Of the lowest bin, in Hz. Default: {@link C1}. */
  fMin?: number;
  /** A multiple of 12. Default: 12. */
  nChroma?: number;
}

/**
 * Filters from constant-Q bins to pitch classes, as `librosa.filters.cq_to_chroma`: a class takes its own bin and those
 * nearest to it.
 *
 * @returns nChroma filters of nBins weights, 0 or 1, C first
 * @throws RangeError when nChroma is no multiple of 12, or binsPerOctave none of nChroma
 */
export function constantQFold(
  { nBins, binsPerOctave = 12, fMin = C1, nChroma = 12 }: ConstantQFoldSettings,
): Float64Array[] {
  checkClasses(nChroma);
  const merged = binsPerOctave / nChroma;
  if (!Number.isInteger(merged)) {
    throw new RangeError(`cannot fold ${binsPerOctave} bins an octave into ${nChroma} classes`);
  }
  const lowest = Math.round(nChroma * Math.log2(fMin / C1));
  const classOf = (bin: number) => {
    const c = lowest + Math.floor((bin + Math.floor(merged / 2)) / merged);
    return (c % nChroma + nChroma) % nChroma;
  };
  const bank = Array.from({ length: nChroma }, () => new Float64Array(nBins));
  for (let bin = 0; bin < nBins; bin++) bank[classOf(bin)][bin] = 1;
  return bank;
}

function checkClasses(nChroma: number): void {
  if (!(nChroma > 0 && nChroma % 12 === 0)) {
    throw new RangeError(`cannot tell ${nChroma} pitch classes apart, only multiples of 12`);
  }
}

/** How a chromagram is made from Fourier bins. */
export interface ChromaSettings {
  /** Hz. */
  sampleRate: number;
  /** Default: 2048. */
  nFft?: number;
  /** Default: a quarter of nFft. */
  hopLength?: number;
  /** Default: 12. */
  nChroma?: number;
  /** In parts of a class. Default: estimated from the signal's power spectra. */
  tuning?: number;
}

/**
 * The chromagram of a power spectrogram, as `librosa.feature.chroma_stft`.
 *
 * @param y samples, mono
 * @throws RangeError when the signal is empty, or as {@link chromaBank}
 */
export function chroma(y: Float32Array, settings: ChromaSettings): Chromagram {
  const { sampleRate, nFft = 2048, hopLength = nFft >> 2, nChroma = 12 } = settings;
  const framing = { nFft, hopLength };
  const tuning = settings.tuning ??
    estimateTuning(y, { ...framing, sampleRate, power: 2, binsPerOctave: nChroma });
  const bank = chromaBank({ sampleRate, nFft, nChroma, tuning });
  const rows: Float64Array[] = [];
  powerFrames(y, framing, (_, power) => rows.push(weigh(bank, power)));
  return normalized(rows);
}

/** How a chromagram is made from constant-Q bins. */
export interface ConstantQChromaSettings
  extends Omit<ConstantQSettings, "nBins" | "filterScale" | "gamma" | "sparsity" | "scale"> {
  /** A multiple of nChroma. Default: 36. */
  binsPerOctave?: number;
  /** Default: 7. */
  nOctaves?: number;
  /** Default: 12. */
  nChroma?: number;
  /** In parts of a bin. Default: estimated from the signal. */
  tuning?: number;
}

/**
 * The chromagram of a constant-Q transform, as `librosa.feature.chroma_cqt`.
 *
 * @param y samples, mono
 * @throws RangeError as {@link constantQ} and {@link constantQFold}
 */
export function constantQChroma(y: Float32Array, settings: ConstantQChromaSettings): Chromagram {
  const { sampleRate, binsPerOctave = 36, nOctaves = 7, nChroma = 12 } = settings;
  const nBins = nOctaves * binsPerOctave;
  const bank = constantQFold({ ...settings, nBins, binsPerOctave, nChroma });
  const tuning = settings.tuning ?? estimateTuning(y, { sampleRate, binsPerOctave });
  const { data, frames } = constantQ(y, { ...settings, nBins, binsPerOctave, tuning });
  const rows = Array.from({ length: frames }, () => new Float64Array(nChroma));
  bank.forEach((filter, c) =>
    filter.forEach((weight, bin) => {
      if (weight === 0) return;
      for (let t = 0; t < frames; t++) rows[t][c] += data[bin * frames + t];
    })
  );
  return normalized(rows);
}

/** What each filter gives for a frame; four filters at once, so that their sums do not wait for one another. */
function weigh(bank: readonly Float64Array[], power: Float64Array): Float64Array {
  const out = new Float64Array(bank.length);
  for (let first = 0; first < bank.length; first += 4) {
    const [a, b, c, d] = bank.slice(first, first + 4);
    let sumA = 0, sumB = 0, sumC = 0, sumD = 0;
    for (let k = 0; k < power.length; k++) {
      const value = power[k];
      sumA += a[k] * value;
      sumB += b[k] * value;
      sumC += c[k] * value;
      sumD += d[k] * value;
    }
    out.set([sumA, sumB, sumC, sumD], first);
  }
  return out;
}

/** Every frame over its largest value. */
function normalized(frames: readonly Float64Array[]): Chromagram {
  const nChroma = frames[0].length, data = new Float32Array(nChroma * frames.length);
  frames.forEach((values, t) => {
    const largest = values.reduce((a, b) => Math.max(a, b));
    if (largest > 0) values.forEach((value, c) => data[c * frames.length + t] = value / largest);
  });
  return { data, nChroma, frames: frames.length };
}
