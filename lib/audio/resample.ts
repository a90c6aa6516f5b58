/** Sample-rate conversion by a band-limited filter (J. O. Smith, "Digital Audio Resampling"). */

/** Edge of the pass band, unless told, and of the stop band, as parts of the lower of the two Nyquist frequencies. */
const PASS = 0.9, STOP = 1;
/** In the stop band, dB. */
const ATTENUATION = 100;
/** Kaiser's formulas for that attenuation: the window's shape, and its length times the transition width. */
const BETA = 0.1102 * (ATTENUATION - 8.7);
const TAPS_TIMES_WIDTH = (ATTENUATION - 7.95) / (2.285 * Math.PI);
/** More positions between two samples than this are interpolated linearly (error -130 dB). */
const MOST_PHASES = 2048;

/** Filters for the positions between two input samples at which output samples lie. */
interface FilterBank {
  /** [phases + 1, taps]: phase p is for positions p / phases after a sample. */
  weights: Float64Array;
  phases: number;
  taps: number;
}

const banks = new Map<string, FilterBank>();

/**
 * Brings a signal from one sample rate to another, without delay: flat to 0.1 dB up to 0.9 of the lower
 * of the two Nyquist frequencies, at least 96 dB down above it.
 *
 * @param y samples
 * @param from, to rates in Hz, above 0
 * @param options.passBand flat up to this part of the lower Nyquist frequency, above 0 and below 1; where less is
 * enough the filter is shorter
 * @returns ceil(length to / from) samples; y itself where the rates are equal
 * @throws RangeError when a rate is not a positive number, or the pass band not in its range
 */
export function resample(
  y: Float32Array,
  from: number,
  to: number,
  { passBand = PASS }: { passBand?: number } = {},
): Float32Array {
  for (const rate of [from, to]) {
    if (!(rate > 0 && rate < Infinity)) {
      throw new RangeError(`cannot resample: a rate is ${rate} Hz`);
    }
  }
  if (!(passBand > 0 && passBand < STOP)) {
    throw new RangeError(`cannot resample: the pass band is ${passBand}, not between 0 and 1`);
  }
  if (from === to) return y;
  const { up, down } = ratio(from, to);
  const bank = bankFor(up, down, passBand);
  const out = new Float32Array(Math.ceil(y.length * up / down));
  // Silence before the first and after the last sample; doubles, or every product converts one.
  const padded = new Float64Array(y.length + 2 * bank.taps);
  padded.set(y, bank.taps / 2 - 1);
  const weights = new Float64Array(bank.taps);
  // Output t lies at t down / up. Outputs `up` apart lie equally far after an input sample.
  for (let first = 0; first < Math.min(up, out.length); first++) {
    const start = Math.floor(first * down / up);
    weightsAt((first * down % up) / up, bank, weights);
    filter(padded, weights, { out, first, start, up, down });
  }
  return out;
}

/** How far {@link resample}'s filter rings on either side, in samples of the lower of the two rates. */
export function filterReach({ passBand = PASS }: { passBand?: number } = {}): number {
  return Math.ceil(TAPS_TIMES_WIDTH / (STOP - passBand) / 2);
}

/** The filter for outputs that lie `position` (0 <= position < 1) after an input sample. */
function weightsAt(position: number, { weights, phases, taps }: FilterBank, into: Float64Array) {
  const row = Math.floor(position * phases + 1e-9), part = Math.max(0, position * phases - row);
  for (let k = 0, i = row * taps; k < taps; k++, i++) {
    into[k] = part < 1e-9 ? weights[i] : weights[i] + part * (weights[i + taps] - weights[i]);
  }
}

/** Every up-th output from `first` on, four at once: they share the loads of the weights. */
function filter(
  x: Float64Array,
  weights: Float64Array,
  { out, first, start, up, down }: {
    out: Float32Array;
    first: number;
    start: number;
    up: number;
    down: number;
  },
): void {
  const taps = weights.length;
  let t = first, from = start;
  for (; t + 3 * up < out.length; t += 4 * up, from += 4 * down) {
    let a = 0, b = 0, c = 0, d = 0;
    for (let k = 0, i = from; k < taps; k++, i++) {
      const weight = weights[k];
      a += weight * x[i];
      b += weight * x[i + down];
      c += weight * x[i + 2 * down];
      d += weight * x[i + 3 * down];
    }
    out[t] = a;
    out[t + up] = b;
    out[t + 2 * up] = c;
    out[t + 3 * up] = d;
  }
  for (; t < out.length; t += up, from += down) {
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += weights[k] * x[from + k];
    out[t] = sum;
  }
}

/** The rates' ratio in lowest terms; rates that are no whole numbers count in thousandths of a Hz. */
function ratio(from: number, to: number): { up: number; down: number } {
  const scale = Number.isInteger(from) && Number.isInteger(to) ? 1 : 1000;
  const [a, b] = [Math.round(from * scale), Math.round(to * scale)];
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return { up: b / x, down: a / x };
}

function bankFor(up: number, down: number, passBand: number): FilterBank {
  const key = `${up}/${down} ${passBand}`;
  const known = banks.get(key);
  if (known) return known;
  const bank = designBank(up, down, passBand);
  banks.set(key, bank);
  return bank;
}

/** A sinc with its cut-off in the middle of the transition band, under Kaiser's window. */
function designBank(up: number, down: number, passBand: number): FilterBank {
  const low = Math.min(1, up / down), phases = Math.min(up, MOST_PHASES);
  const cutoff = low * (passBand + STOP) / 2;
  const taps = 2 * Math.ceil(TAPS_TIMES_WIDTH / ((STOP - passBand) * low) / 2);
  const half = taps / 2, weights = new Float64Array((phases + 1) * taps);
  for (let p = 0; p <= phases; p++) {
    const row = weights.subarray(p * taps, (p + 1) * taps);
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const distance = k - (half - 1) - p / phases;
      row[k] = sinc(cutoff * distance) * kaiser(distance / half);
      sum += row[k];
    }
    // A constant stays the same constant at every position.
    for (let k = 0; k < taps; k++) row[k] /= sum;
  }
  return { weights, phases, taps };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser's window, without its constant factor, at x in -1..1. */
function kaiser(x: number): number {
  const inside = 1 - x * x;
  return inside <= 0 ? 0 : besselI0(BETA * Math.sqrt(inside));
}

/** The modified Bessel function of the first kind, order zero, by its power series. */
function besselI0(x: number): number {
  let sum = 1, term = 1;
  for (let k = 1; term > sum * 1e-16; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
