/**
 * The discrete Fourier transform of real signals: of two at a time in double, of four in single precision.
 *
 * The signals lie in the lanes of WebAssembly's SIMD registers, so the code is that of one signal; frames of a
 * spectrogram and blocks of a long signal come in numbers anyhow. Spectrograms need doubles: the 1e-7 of a frame's
 * largest bin that single precision leaves is coarse for the quiet bands of a mel spectrogram. Where the result goes
 * back to samples in single precision, that is enough.
 */
import { compileModule, f32x4, f64x2, Heap, type Lanes } from "../core/wasm.ts";
import { COMPLEX, fftKernels } from "./fft_kernels.ts";

/** Numbers of a precision: in memory, in registers, and what is done with them. */
interface Precision<Numbers> {
  array: { from(values: Iterable<number>): Numbers };
  lanes: Lanes;
  instantiate: (memory: WebAssembly.Memory) => Kernels;
}
type Kernels = Record<keyof ReturnType<typeof fftKernels>, (...integers: number[]) => void>;

const DOUBLE: Precision<Float64Array> = {
  array: Float64Array,
  lanes: f64x2,
  instantiate: compileModule(fftKernels(f64x2)),
};
const SINGLE: Precision<Float32Array> = {
  array: Float32Array,
  lanes: f32x4,
  instantiate: compileModule(fftKernels(f32x4)),
};

/**
 * A transform of one size for as many real signals as there are lanes, with its tables and working memory.
 *
 * Numbers of the signals take turns: `samples` is [n, lanes], `spectrum` is [bins, re and im, lanes].
 */
abstract class LaneFft<Numbers extends Float64Array | Float32Array> {
  /** Number of bins: n / 2 + 1, rounded down. */
  readonly bins: number;
  /** Where `samples` and `spectrum` lie on the heap, in bytes, for kernels that go on from there. */
  readonly samplesAt: number;
  readonly spectrumAt: number;
  readonly #precision: Precision<Numbers>;
  readonly #kernels: Kernels;
  /** Points of the complex transform inside: half as many as there are samples where that is whole. */
  readonly #size: number;
  readonly #passes: ((from: number, to: number) => void)[] = [];
  /** Two pieces of working memory: a pass reads one and writes the other. */
  readonly #work: [number, number];
  readonly #turns: number;
  readonly #scale: number;

  constructor(
    readonly n: number,
    protected readonly heap: Heap,
    precision: Precision<Numbers>,
  ) {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`cannot transform ${n} samples`);
    this.#precision = precision;
    this.#kernels = precision.instantiate(heap.memory);
    this.bins = Math.floor(n / 2) + 1;
    const size = this.#size = n % 2 === 0 ? n / 2 : n;
    this.samplesAt = heap.take(n * COMPLEX / 2);
    this.spectrumAt = heap.take(this.bins * COMPLEX);
    this.#work = [heap.take(size * COMPLEX), heap.take(size * COMPLEX)];
    this.#turns = this.#put(turns(n, Math.floor(size / 2) + 1));
    this.#scale = this.#put([1 / size]);
    for (let left = size, radix = 4; left > 1;) {
      if (left % radix !== 0) {
        radix = nextRadix(radix, left);
        continue;
      }
      this.#passes.push(this.#plan(radix, left));
      left /= radix;
    }
  }

  /** What `transform` reads and `inverse` writes. A view that is good until more is taken from the heap. */
  get samples(): Numbers {
    return this.view(this.samplesAt, this.#precision.lanes.count * this.n);
  }

  /** What `transform` writes and `inverse` reads; a view likewise. */
  get spectrum(): Numbers {
    return this.view(this.spectrumAt, 2 * this.#precision.lanes.count * this.bins);
  }

  /** Numbers on the heap. */
  protected abstract view(at: number, length: number): Numbers;

  #put(table: Iterable<number>): number {
    return this.heap.put(this.#precision.array.from(table));
  }

  #plan(radix: number, left: number): (from: number, to: number) => void {
    const groups = left / radix, row = COMPLEX * this.#size / left;
    const { pass2, pass3, pass4, pass5, pass7, passOfAny } = this.#kernels;
    const fast = { 2: pass2, 3: pass3, 4: pass4, 5: pass5, 7: pass7 }[radix];
    const twiddles = this.#put(twiddleFactors(left, radix, fast ? 1 : 0));
    if (fast) return (from, to) => fast(from, to, groups, row, twiddles);
    const roots = this.#put(turns(radix, radix));
    return (from, to) => passOfAny(from, to, groups, row, twiddles, radix, roots);
  }

  /** Transforms what lies at `from`. @returns where the result lies: one of the two pieces of working memory */
  #run(from: number): number {
    for (const pass of this.#passes) {
      const to = from === this.#work[0] ? this.#work[1] : this.#work[0];
      pass(from, to);
      from = to;
    }
    return from;
  }

  /** X[k] = sum over t of x[t] exp(-2 pi i k t / n), for k from 0 to n / 2. Leaves `samples` as they are. */
  transform(): void {
    if (this.#size === this.n) return this.#transformOdd();
    const z = this.#run(this.samplesAt);
    this.#kernels.unpack(z, this.spectrumAt, this.#turns, this.#size);
  }

  /** x[t] = the whole spectrum's sum over k of X[k] exp(2 pi i k t / n), over n: undoes `transform`. */
  inverse(): void {
    if (this.#size === this.n) return this.#invertOdd();
    const [z] = this.#work, size = this.#size;
    this.#kernels.pack(z, this.spectrumAt, this.#turns, size);
    this.#kernels.unswap(this.#run(z), this.samplesAt, size, this.#scale);
  }

  /** An odd number of samples is transformed as complex numbers: twice the work, and rare. */
  #transformOdd(): void {
    const { samples, spectrum } = this, { count } = this.#precision.lanes;
    const z = this.#complex(this.#work[0]);
    z.fill(0);
    for (let t = 0; t < samples.length; t++) z[2 * t - t % count] = samples[t];
    spectrum.set(this.#complex(this.#run(this.#work[0])).subarray(0, spectrum.length));
  }

  #invertOdd(): void {
    const { samples, spectrum, n } = this, { count } = this.#precision.lanes;
    const z = this.#complex(this.#work[0]);
    for (let k = 0; k < n; k++) {
      const at = 2 * count * k, bin = 2 * count * Math.min(k, n - k), sign = 2 * k < n ? 1 : -1;
      for (let lane = 0; lane < count; lane++) {
        z[at + lane] = k === 0 ? 0 : sign * spectrum[bin + count + lane];
        z[at + count + lane] = spectrum[bin + lane];
      }
    }
    const y = this.#complex(this.#run(this.#work[0]));
    for (let t = 0; t < samples.length; t++) samples[t] = y[2 * t - t % count + count] / n;
  }

  #complex(at: number): Numbers {
    return this.view(at, 2 * this.#precision.lanes.count * this.#size);
  }
}

/** Of two signals in double precision. */
export class RealFft extends LaneFft<Float64Array> {
  /**
   * @param n number of samples, at least 1; fastest where it has no prime factor above 7
   * @param heap where it works
   * @throws RangeError for any other n
   */
  constructor(n: number, heap: Heap = new Heap()) {
    super(n, heap, DOUBLE);
  }

  protected override view(at: number, length: number): Float64Array {
    return this.heap.view(at, length);
  }
}

/** Of four signals in single precision. */
export class SingleRealFft extends LaneFft<Float32Array> {
  /** As {@link RealFft}. */
  constructor(n: number, heap: Heap = new Heap()) {
    super(n, heap, SINGLE);
  }

  protected override view(at: number, length: number): Float32Array {
    return this.heap.singles(at, length);
  }
}

/** exp(-2 pi i k / n) for the first `count` k, as pairs. */
function turns(n: number, count: number): Float64Array {
  return Float64Array.from({ length: 2 * count }, (_, k) => {
    const angle = 2 * Math.PI * (k >> 1) / n;
    return k % 2 === 0 ? Math.cos(angle) : -Math.sin(angle);
  });
}

/** exp(-2 pi i p r / n) for every p below n / radix and, fastest, r from `first` to radix - 1, as pairs. */
function twiddleFactors(n: number, radix: number, first: number): Float64Array {
  const factors: number[] = [];
  for (let p = 0; p < n / radix; p++) {
    for (let r = first; r < radix; r++) {
      const angle = 2 * Math.PI * p * r / n;
      factors.push(Math.cos(angle), -Math.sin(angle));
    }
  }
  return Float64Array.from(factors);
}

/** 4, 2, 3, 5, 7, 9 ..., and at last the prime that is left. */
function nextRadix(radix: number, left: number): number {
  if (radix === 4) return 2;
  if (radix === 2) return 3;
  return radix * radix > left ? left : radix + 2;
}

/** The smallest number of samples from n on that a transform is fastest for: even, without a prime factor above 5. */
export function fastLength(n: number): number {
  for (let length = n + n % 2;; length += 2) {
    let left = length;
    for (const factor of [2, 3, 5]) while (left % factor === 0) left /= factor;
    if (left === 1) return length;
  }
}
