/** Sample-rate conversion in the frequency domain, for ratios of small numbers: overlapping blocks, their spectra cut or lengthened. */
import { compileModule, f64, f64x2, type FunctionBuilder, Heap, i32 } from "../core/wasm.ts";
import { RealFft } from "../dsp/fft.ts";

/** Bytes of a number in single precision, a double, a number of both blocks, and a complex number of both. */
const SINGLE = 4, DOUBLE = 8, PAIR = 16, COMPLEX_PAIR = 32;

const instantiate = compileModule({
  /** Samples of two blocks in single precision as pairs. */
  interleave: {
    parameters: 4,
    build(f: FunctionBuilder) {
      const [a, b, to, end] = [0, 1, 2, 3].map((k) => f.parameter(k));
      f.loop(to, { below: end.get, step: i32.const(PAIR) }, () => {
        f.run(f64x2.store(to.get, f64x2.of(f64.loadSingle(a.get), f64.loadSingle(b.get))));
        f.run(a.set(i32.add(a.get, i32.const(SINGLE))), b.set(i32.add(b.get, i32.const(SINGLE))));
      });
    },
  },
  /** Pairs as samples of two blocks in single precision. */
  separate: {
    parameters: 4,
    build(f: FunctionBuilder) {
      const [from, end, a, b] = [0, 1, 2, 3].map((k) => f.parameter(k));
      f.loop(from, { below: end.get, step: i32.const(PAIR) }, () => {
        f.run(f64.storeSingle(a.get, f64.load(from.get)));
        f.run(f64.storeSingle(b.get, f64.load(from.get, DOUBLE)));
        f.run(a.set(i32.add(a.get, i32.const(SINGLE))), b.set(i32.add(b.get, i32.const(SINGLE))));
      });
    },
  },
  /** Bins times the filter's. */
  filter: {
    parameters: 4,
    build(f: FunctionBuilder) {
      const [from, to, gains, end] = [0, 1, 2, 3].map((k) => f.parameter(k));
      f.loop(gains, { below: end.get, step: i32.const(DOUBLE) }, () => {
        const gain = f.let("v128", f64x2.loadSplat(gains.get));
        for (const part of [0, PAIR]) {
          f.run(f64x2.store(to.get, f64x2.mul(gain.get, f64x2.load(from.get, part)), part));
        }
        f.run(from.set(i32.add(from.get, i32.const(COMPLEX_PAIR))));
        f.run(to.set(i32.add(to.get, i32.const(COMPLEX_PAIR))));
      });
    },
  },
});

/** Samples of the longer transform: short enough for the processor's caches, long beside the filter. */
const BLOCK = 6000, LONGEST = 65536;

/** What a conversion depends on. */
export interface SpectralSettings {
  /** The ratio of the rates, `up` to `down`, in lowest terms. */
  up: number;
  down: number;
  /** The filter's impulse response at a time in samples of the lower rate; even. */
  response: (time: number) => number;
  /** Where it ends, in the same samples. */
  reach: number;
}

/** Whether a ratio can be converted so: blocks of a moderate length must hold whole numbers of samples of both rates. */
export function hasSpectralRatio({ up, down, reach }: Omit<SpectralSettings, "response">): boolean {
  return smooth(up) && smooth(down) &&
    planOf({ up, down, reach }).units * Math.max(up, down) <= LONGEST;
}

/** Whether a number has no prime factor above 7. */
function smooth(n: number): boolean {
  for (const factor of [2, 3, 5, 7]) while (n % factor === 0) n /= factor;
  return n === 1;
}

/** Blocks in units of `down` input and `up` output samples: their length, and what overlaps at either end. */
function planOf({ up, down, reach }: Omit<SpectralSettings, "response">) {
  const guard = Math.ceil(reach / Math.min(up, down));
  const least = Math.max(BLOCK / Math.max(up, down), 8 * guard, 2);
  return { units: 2 ** Math.ceil(Math.log2(least)), guard };
}

/**
 * Converts signals by overlap-save (Oppenheim and Schafer, "Discrete-Time Signal Processing", 8.7.3): the spectrum of
 * a block, times the filter's, read or filled up to half the other rate, is that of the same block at the other rate.
 * Two blocks at a time.
 */
export class SpectralResampler {
  readonly #up: number;
  readonly #down: number;
  readonly #units: number;
  readonly #guard: number;
  readonly #forward: RealFft;
  readonly #backward: RealFft;
  readonly #heap = new Heap();
  readonly #kernels = instantiate(this.#heap.memory);
  /** The filter's spectrum at the bins that both transforms have, with the factor between their scales. */
  readonly #filter: { at: number; bins: number };
  /** Samples of two blocks, one block after the other, at either rate. */
  readonly #blocks: number;

  constructor(settings: SpectralSettings) {
    const { up, down, reach, response } = settings, heap = this.#heap;
    const { units, guard } = planOf(settings);
    this.#up = up;
    this.#down = down;
    this.#units = units;
    this.#guard = guard;
    this.#forward = new RealFft(units * down, heap);
    this.#backward = new RealFft(units * up, heap);
    const higher = up > down ? this.#backward : this.#forward;
    const ratio = Math.max(up, down) / Math.min(up, down);
    const bins = Math.min(this.#forward.bins, this.#backward.bins);
    const filter = filterSpectrum(higher, {
      response: (t) => response(t / ratio),
      reach: reach * ratio,
    });
    this.#filter = { at: heap.put(filter.subarray(0, bins).map((v) => v * up / down)), bins };
    this.#blocks = heap.take(2 * SINGLE * units * Math.max(up, down));
  }

  /** @returns ceil(length up / down) samples */
  run(y: Float32Array): Float32Array {
    const out = new Float32Array(Math.ceil(y.length * this.#up / this.#down));
    const step = this.#units - 2 * this.#guard, blocks = Math.ceil(out.length / (step * this.#up));
    for (let block = 0; block < blocks; block += 2) {
      const starts = [block * step, (block + 1) * step];
      this.#load(y, starts);
      this.#forward.transform();
      this.#convert();
      this.#backward.inverse();
      this.#unload(out, starts, step);
    }
    return out;
  }

  /** Samples of two blocks that begin a guard before a unit; nothing before the first and after the last sample. */
  #load(y: Float32Array, starts: readonly number[]): void {
    const { n, samplesAt } = this.#forward, blocks = this.#viewBlocks(n).fill(0);
    starts.forEach((unit, k) => {
      const first = (unit - this.#guard) * this.#down, from = Math.max(0, first);
      if (from < y.length) blocks.set(y.subarray(from, first + n), k * n + from - first);
    });
    const second = this.#blocks + SINGLE * n;
    this.#kernels.interleave(this.#blocks, second, samplesAt, samplesAt + PAIR * n);
  }

  #convert(): void {
    const { at, bins } = this.#filter, { spectrumAt } = this.#backward;
    this.#kernels.filter(this.#forward.spectrumAt, spectrumAt, at, at + DOUBLE * bins);
    // nothing above half of a lower rate; at half the rate itself a real signal has no imaginary part
    const { spectrum } = this.#backward;
    spectrum.fill(0, bins < this.#backward.bins ? 4 * bins : spectrum.length - 2);
  }

  #unload(out: Float32Array, starts: readonly number[], step: number): void {
    const count = step * this.#up, from = this.#backward.samplesAt + PAIR * this.#guard * this.#up;
    this.#kernels.separate(from, from + PAIR * count, this.#blocks, this.#blocks + SINGLE * count);
    const blocks = this.#viewBlocks(count);
    starts.forEach((unit, k) => {
      const first = unit * this.#up, wanted = Math.min(count, out.length - first);
      if (wanted > 0) out.set(blocks.subarray(k * count, k * count + wanted), first);
    });
  }

  #viewBlocks(length: number): Float32Array {
    return new Float32Array(this.#heap.memory.buffer, this.#blocks, 2 * length);
  }
}

/** The spectrum of an even impulse response, 1 at frequency 0. */
function filterSpectrum(
  fft: RealFft,
  { response, reach }: { response: (time: number) => number; reach: number },
): Float64Array {
  const samples = fft.samples.fill(0);
  for (let t = 0; t <= reach; t++) {
    const value = response(t);
    samples[2 * t] = value;
    if (t > 0) samples[2 * (fft.n - t)] = value;
  }
  fft.transform();
  const { spectrum } = fft;
  return Float64Array.from({ length: fft.bins }, (_, k) => spectrum[4 * k] / spectrum[0]);
}
