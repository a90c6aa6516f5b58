/**
 * Harmonic-percussive separation: what lasts is a horizontal ridge of a spectrogram, what strikes a vertical one
 * (D. FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010), with margins between the two
 * (Driedger, Müller and Disch, ISMIR 2014).
 */
import { runningMedian } from "./running_median.ts";
import { type ComplexSpectrogram, type Framing, istft, stft } from "./stft.ts";

/** Something for either of the two parts. */
export interface Parts<T> {
  harmonic: T;
  percussive: T;
}

/** How the parts are told apart. A single number holds for both. */
export interface HpssOptions {
  /** Length of the medians' windows: in frames for the harmonic part, in bins for the percussive. Default: 31. */
  kernelSize?: number | Parts<number>;
  /** The masks' exponent, above 0: 2 is Wiener's filter, Infinity gives each cell to one part alone. Default: 2. */
  power?: number;
  /** How many times stronger than the other one a part must be, at least 1. Above 1 a rest is in neither. Default: 1. */
  margin?: number | Parts<number>;
}

type Part = keyof Parts<unknown>;
const OTHER = { harmonic: "percussive", percussive: "harmonic" } as const;

const forBoth = (value: number | Parts<number>): Parts<number> =>
  typeof value === "number" ? { harmonic: value, percussive: value } : value;

/**
 * Splits a spectrum in two, as `librosa.decompose.hpss`. With margins of 1 the parts add up to the whole.
 *
 * @throws RangeError when a kernel size is no whole number above 0, the power not above 0, or a margin below 1
 */
export function hpss(
  spectrum: ComplexSpectrogram,
  options: HpssOptions = {},
): Parts<ComplexSpectrogram> {
  const ridges = medians(spectrum, options);
  const part = (which: Part) => masked(spectrum, mask(ridges, which, options));
  return { harmonic: part("harmonic"), percussive: part("percussive") };
}

/**
 * The masks that {@link hpss} multiplies the spectrum by, laid out as the spectrum is.
 *
 * @throws RangeError as {@link hpss}
 */
export function hpssMasks(
  spectrum: ComplexSpectrogram,
  options: HpssOptions = {},
): Parts<Float32Array> {
  const ridges = medians(spectrum, options);
  return {
    harmonic: mask(ridges, "harmonic", options),
    percussive: mask(ridges, "percussive", options),
  };
}

/** How a signal is separated: options of the separation, and frames of 2048 samples a quarter apart unless told. */
export interface SeparationOptions extends HpssOptions, Partial<Framing> {}

/**
 * Splits a signal in two, as `librosa.effects.hpss`.
 *
 * @param y samples, mono
 * @returns signals of the same length
 * @throws RangeError as {@link hpss}, or when the signal cannot be cut into frames
 */
export function separate(y: Float32Array, options: SeparationOptions = {}): Parts<Float32Array> {
  const framing = framingOf(options), { harmonic, percussive } = hpss(stft(y, framing), options);
  const signal = (part: ComplexSpectrogram) => istft(part, framing, { length: y.length });
  return { harmonic: signal(harmonic), percussive: signal(percussive) };
}

/** One of the parts of {@link separate}, in half the time; as `librosa.effects.harmonic` and `percussive`. */
export function extract(part: Part, y: Float32Array, options: SeparationOptions = {}) {
  const framing = framingOf(options), spectrum = stft(y, framing);
  const only = masked(spectrum, mask(medians(spectrum, options), part, options));
  return istft(only, framing, { length: y.length });
}

function framingOf({ nFft = 2048, hopLength = nFft >> 2, ...rest }: SeparationOptions): Framing {
  return { ...rest, nFft, hopLength };
}

/** What lasts: medians over time; what strikes: medians over frequency. */
function medians(
  { re, im, bins, frames }: ComplexSpectrogram,
  { kernelSize = 31 }: HpssOptions,
): Parts<Float32Array> {
  const magnitude = new Float32Array(re.length);
  for (let k = 0; k < re.length; k++) magnitude[k] = Math.sqrt(re[k] * re[k] + im[k] * im[k]);
  const size = forBoth(kernelSize), shape = { rows: frames, columns: bins };
  return {
    harmonic: runningMedian(magnitude, { ...shape, size: size.harmonic, axis: 0 }),
    percussive: runningMedian(magnitude, { ...shape, size: size.percussive, axis: 1 }),
  };
}

/** A part's share of every cell: x^p / (x^p + (margin y)^p). */
function mask(
  ridges: Parts<Float32Array>,
  part: Part,
  { power = 2, margin = 1 }: HpssOptions,
): Float32Array {
  const margins = forBoth(margin);
  for (const value of [margins.harmonic, margins.percussive]) {
    if (!(value >= 1)) throw new RangeError(`cannot separate with a margin of ${value}, below 1`);
  }
  if (!(power > 0)) throw new RangeError(`cannot separate with a power of ${power}, not above 0`);
  const x = ridges[part], y = ridges[OTHER[part]], factor = margins[part];
  const nothing = margins.harmonic === 1 && margins.percussive === 1 ? 0.5 : 0; // 0 / (0 + 0)
  const out = new Float32Array(x.length);
  for (let k = 0; k < out.length; k++) {
    const own = x[k], other = factor * y[k];
    if (power === Infinity) {
      out[k] = own > other ? 1 : 0;
    } else if (own === 0 && other === 0) {
      out[k] = nothing;
    } else if (power === 2) { // the default, without the slow general power
      out[k] = own * own / (own * own + other * other);
    } else {
      out[k] = 1 / (1 + (other / own) ** power);
    }
  }
  return out;
}

function masked(
  { re, im, bins, frames }: ComplexSpectrogram,
  mask: Float32Array,
): ComplexSpectrogram {
  const part = { re: new Float32Array(re.length), im: new Float32Array(im.length), bins, frames };
  for (let k = 0; k < mask.length; k++) {
    part.re[k] = mask[k] * re[k];
    part.im[k] = mask[k] * im[k];
  }
  return part;
}
