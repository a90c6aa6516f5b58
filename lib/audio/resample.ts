/** Sample-rate conversion by a band-limited filter (J. O. Smith, "Digital Audio Resampling"). */
import { compileModule, f64, f64x2, type FunctionBuilder, Heap, i32 } from "../core/wasm.ts";
import { hasSpectralRatio, SpectralResampler } from "./spectral_resampler.ts";

/** Edge of the pass band, unless told, and of the stop band, as parts of the lower of the two Nyquist frequencies. */
const PASS = 0.9, STOP = 1;
/** In the stop band, dB. */
const ATTENUATION = 100;
/** Kaiser's formulas for that attenuation: the window's shape, and its length times the transition width. */
const BETA = 0.1102 * (ATTENUATION - 8.7);
const TAPS_TIMES_WIDTH = (ATTENUATION - 7.95) / (2.285 * Math.PI);
/** Values of the filter's curve in a sample; between them it is a straight line (error -119 dB). */
const RESOLUTION = 1024;
/** More positions between two samples than this are interpolated linearly (error -130 dB). */
const MOST_PHASES = 2048;

/** Bytes of a double. */
const DOUBLE = 8;
/** Input samples that are in memory at once. */
const BLOCK = 16384;
/** Ratios whose filters are kept. */
const KEPT = 8;
/** Outputs that share the loads of the weights. */
const TOGETHER = 4;

const filterKernel = compileModule({
  /** Sums of samples times weights, for outputs whose samples begin `stride` bytes apart. */
  filter: {
    parameters: 6,
    build(f: FunctionBuilder) {
      const [x, stride, weights, weightsEnd, out, outEnd] = [0, 1, 2, 3, 4, 5].map((k) =>
        f.parameter(k)
      );
      const sums = Array.from({ length: TOGETHER }, () => f.local("v128"));
      const places = Array.from({ length: TOGETHER }, () => f.local("i32"));
      const at = f.local("i32"), step = i32.const(2 * DOUBLE);
      f.loop(out, { below: outEnd.get, step: i32.const(TOGETHER * DOUBLE) }, () => {
        for (const place of places) f.run(place.set(x.get), x.set(i32.add(x.get, stride.get)));
        for (const sum of sums) f.run(sum.set(f64x2.const(0)));
        f.run(at.set(weights.get));
        f.loop(at, { below: weightsEnd.get, step }, () => {
          const weight = f.let("v128", f64x2.load(at.get));
          sums.forEach((sum, k) => {
            const product = f64x2.mul(weight.get, f64x2.load(places[k].get));
            f.run(sum.set(f64x2.add(sum.get, product)));
            f.run(places[k].set(i32.add(places[k].get, step)));
          });
        });
        sums.forEach((sum, k) => {
          const total = f64.add(f64x2.lane(sum.get, 0), f64x2.lane(sum.get, 1));
          f.run(f64.store(out.get, total, k * DOUBLE));
        });
      });
    },
  },
});

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
  return resamplerFor({ ...ratio(from, to), passBand }).run(y);
}

/** How far {@link resample}'s filter rings on either side, in samples of the lower of the two rates. */
export function filterReach({ passBand = PASS }: { passBand?: number } = {}): number {
  return Math.ceil(reachOf(passBand));
}

const reachOf = (passBand: number) => TAPS_TIMES_WIDTH / (STOP - passBand) / 2;

/** What a filter depends on: the ratio of the rates, and its pass band. */
interface Settings {
  up: number;
  down: number;
  passBand: number;
}

/** The rates' ratio in lowest terms; rates that are no whole numbers count in thousandths of a Hz. */
function ratio(from: number, to: number): { up: number; down: number } {
  const scale = Number.isInteger(from) && Number.isInteger(to) ? 1 : 1000;
  const [a, b] = [Math.round(from * scale), Math.round(to * scale)];
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return { up: b / x, down: a / x };
}

const resamplers = new Map<string, Resampler | SpectralResampler>();

/** One of the last few resamplers that were used, or a new one. */
function resamplerFor(settings: Settings): Resampler | SpectralResampler {
  const key = JSON.stringify(settings), resampler = resamplers.get(key) ?? makeResampler(settings);
  resamplers.delete(key);
  resamplers.set(key, resampler);
  if (resamplers.size > KEPT) resamplers.delete(resamplers.keys().next().value!);
  return resampler;
}

/** In the frequency domain, five times as fast, where the ratio allows it. */
function makeResampler({ up, down, passBand }: Settings): Resampler | SpectralResampler {
  const reach = reachOf(passBand), cutoff = (passBand + STOP) / 2;
  if (!hasSpectralRatio({ up, down, reach })) return new Resampler({ up, down, passBand });
  const response = (time: number) => sinc(cutoff * time) * kaiser(time / reach);
  return new SpectralResampler({ up, down, reach, response });
}

/** The filters of one setting, with their memory: output t lies at t down / up, counted in input samples. */
class Resampler {
  readonly #up: number;
  readonly #down: number;
  readonly #taps: number;
  readonly #heap = new Heap();
  readonly #filter = filterKernel(this.#heap.memory).filter;
  /** [phases + 1, taps]: row p is for positions p / phases after a sample. */
  readonly #weights: number;
  readonly #phases: number;
  readonly #samples: { at: number; length: number };
  /** Outputs whose samples are in memory at once. */
  readonly #count: number;
  readonly #out: { at: number; length: number };

  constructor({ up, down, passBand }: Settings) {
    const heap = this.#heap;
    this.#up = up;
    this.#down = down;
    this.#taps = 2 * Math.ceil(reachOf(passBand) / Math.min(1, up / down));
    this.#count = Math.max(1, Math.floor(BLOCK * up / down));
    const samples = BLOCK + this.#taps + TOGETHER * Math.min(down, BLOCK);
    this.#samples = { at: heap.take(DOUBLE * samples), length: samples };
    const outputs = Math.ceil(this.#count / up) + TOGETHER;
    this.#out = { at: heap.take(DOUBLE * outputs), length: outputs };
    this.#phases = Math.min(up, MOST_PHASES);
    this.#weights = heap.put(this.#bank(curveOf(passBand)));
  }

  run(y: Float32Array): Float32Array {
    const out = new Float32Array(Math.ceil(y.length * this.#up / this.#down));
    for (let from = 0; from < out.length; from += this.#count) {
      this.#runBlock(y, out, { from, to: Math.min(out.length, from + this.#count) });
    }
    return out;
  }

  /** Outputs `up` apart lie equally far after an input sample: they have one filter. */
  #runBlock(y: Float32Array, out: Float32Array, { from, to }: { from: number; to: number }): void {
    const up = this.#up, down = this.#down, { at, length } = this.#samples;
    const begin = Math.floor(from * down / up) - this.#taps / 2 + 1, first = Math.max(0, begin);
    // doubles, or every product converts one; silence before the first and after the last sample
    const samples = this.#heap.view(at, length).fill(0);
    samples.set(y.subarray(first, Math.max(first, begin + length)), first - begin);
    const results = this.#heap.view(this.#out.at, this.#out.length);
    for (let t = from; t < Math.min(to, from + up); t++) {
      const count = Math.ceil((to - t) / up), start = Math.floor(t * down / up);
      const x = at + DOUBLE * (start - this.#taps / 2 + 1 - begin);
      const position = (t * down % up) * this.#phases / up, row = Math.floor(position);
      this.#apply(row, x, count);
      for (let k = 0, place = t; k < count; k++, place += up) out[place] = results[k];
      const part = position - row;
      if (part === 0) continue;
      this.#apply(row + 1, x, count);
      for (let k = 0, place = t; k < count; k++, place += up) {
        out[place] += part * (results[k] - out[place]);
      }
    }
  }

  /** `count` outputs by one row of the weights; the first one's samples begin at x. */
  #apply(row: number, x: number, count: number): void {
    const weights = this.#weights + DOUBLE * row * this.#taps, { at } = this.#out;
    const stride = count > 1 ? DOUBLE * this.#down : 0;
    this.#filter(x, stride, weights, weights + DOUBLE * this.#taps, at, at + DOUBLE * count);
  }

  /** Sincs with their cut-off in the middle of the transition band, under Kaiser's window. */
  #bank(curve: Float64Array): Float64Array {
    const taps = this.#taps, phases = this.#phases, last = curve.length - 2;
    const scale = Math.min(1, this.#up / this.#down) * RESOLUTION;
    const bank = new Float64Array((phases + 1) * taps);
    for (let p = 0; p <= phases; p++) {
      const row = bank.subarray(p * taps, (p + 1) * taps), middle = taps / 2 - 1 + p / phases;
      let sum = 0;
      for (let k = 0; k < taps; k++) {
        const place = Math.abs(k - middle) * scale, index = Math.min(Math.floor(place), last);
        const part = Math.min(1, place - index);
        row[k] = curve[index] + part * (curve[index + 1] - curve[index]);
        sum += row[k];
      }
      // A constant stays the same constant at every position.
      for (let k = 0; k < taps; k++) row[k] /= sum;
    }
    return bank;
  }
}

const curves = new Map<number, Float64Array>();

/** A filter's curve from its middle to its end, in samples of the lower rate: the same for every ratio. */
function curveOf(passBand: number): Float64Array {
  const known = curves.get(passBand);
  if (known) return known;
  const reach = reachOf(passBand), cutoff = (passBand + STOP) / 2;
  const curve = Float64Array.from({ length: Math.ceil(reach * RESOLUTION) + 2 }, (_, k) => {
    const distance = k / RESOLUTION;
    return sinc(cutoff * distance) * kaiser(distance / reach);
  });
  curves.set(passBand, curve);
  return curve;
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
