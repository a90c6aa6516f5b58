/**
 * The discrete Fourier transform of real signals, in double precision, two signals at a time.
 *
 * The two lie in the two lanes of WebAssembly's SIMD registers, so the code is that of one signal; frames of a
 * spectrogram come in pairs anyhow. Double precision because the 1e-7 of a frame's largest bin that single
 * precision leaves is coarse for the quiet bands of a mel spectrogram.
 */
import {
  type Code,
  compileModule,
  f64x2,
  type FunctionBuilder,
  Heap,
  i32,
  type Local,
} from "../core/wasm.ts";

/** Bytes of a complex number of both lanes: re, re, im, im. */
const COMPLEX = 32, IMAGINARY = 16;
/** Bytes of a complex number in a table. */
const FACTOR = 16, FACTOR_IMAGINARY = 8;

interface Complex {
  re: Code;
  im: Code;
}

const add = (a: Complex, b: Complex): Complex => ({
  re: f64x2.add(a.re, b.re),
  im: f64x2.add(a.im, b.im),
});
const subtract = (a: Complex, b: Complex): Complex => ({
  re: f64x2.sub(a.re, b.re),
  im: f64x2.sub(a.im, b.im),
});
const multiply = (a: Complex, b: Complex): Complex => ({
  re: f64x2.sub(f64x2.mul(a.re, b.re), f64x2.mul(a.im, b.im)),
  im: f64x2.add(f64x2.mul(a.re, b.im), f64x2.mul(a.im, b.re)),
});
const scale = (factor: number, a: Complex): Complex => ({
  re: f64x2.mul(f64x2.const(factor), a.re),
  im: f64x2.mul(f64x2.const(factor), a.im),
});
/** a times -i. */
const turn = (a: Complex): Complex => ({ re: a.im, im: f64x2.neg(a.re) });

const load = (address: Local, offset = 0): Complex => ({
  re: f64x2.load(address.get, offset),
  im: f64x2.load(address.get, offset + IMAGINARY),
});
const loadFactor = (address: Local, offset = 0): Complex => ({
  re: f64x2.loadSplat(address.get, offset),
  im: f64x2.loadSplat(address.get, offset + FACTOR_IMAGINARY),
});

/** Keeps a complex value in two variables: an expression that is used twice is else computed twice. */
function keep(f: FunctionBuilder, value: Complex): Complex {
  return { re: f.let("v128", value.re).get, im: f.let("v128", value.im).get };
}

function store(f: FunctionBuilder, address: Local, { re, im }: Complex): void {
  f.run(f64x2.store(address.get, re), f64x2.store(address.get, im, IMAGINARY));
}

/** The transform of a few points: what a pass of Stockham's algorithm does everywhere. */
type Butterfly = (f: FunctionBuilder, x: Complex[]) => Complex[];

const butterfly2: Butterfly = (_, [a, b]) => [add(a, b), subtract(a, b)];

const butterfly4: Butterfly = (f, [a, b, c, d]) => {
  const s = keep(f, add(a, c)), t = keep(f, add(b, d));
  const u = keep(f, subtract(a, c)), v = keep(f, turn(subtract(b, d)));
  return [add(s, t), add(u, v), subtract(s, t), subtract(u, v)];
};

/** Any odd number of points, in pairs that mirror each other: what is the same in both is computed once. */
const oddButterfly = (radix: number): Butterfly => (f, [first, ...x]) => {
  const pairs = (radix - 1) / 2, numbers = Array.from({ length: pairs }, (_, k) => k + 1);
  const sums = numbers.map((k) => keep(f, add(x[k - 1], x[radix - k - 1])));
  const differences = numbers.map((k) => keep(f, turn(subtract(x[k - 1], x[radix - k - 1]))));
  const weighted = (terms: Complex[], weight: (angle: number) => number, r: number) =>
    terms
      .map((term, k) => scale(weight(2 * Math.PI * ((k + 1) * r % radix) / radix), term))
      .reduce(add);
  const y = [sums.reduce(add, first)];
  for (const r of numbers) {
    const even = keep(f, add(first, weighted(sums, Math.cos, r)));
    const odd = keep(f, weighted(differences, Math.sin, r));
    y[r] = add(even, odd);
    y[radix - r] = subtract(even, odd);
  }
  return y;
};

/**
 * One decimation-in-frequency pass of Stockham's self-sorting algorithm: for each of `groups` twiddle factors, a
 * butterfly of `radix` points over each of `stride` interleaved signals.
 */
function pass(radix: number, butterfly: Butterfly) {
  return {
    parameters: 5,
    build(f: FunctionBuilder) {
      const [from, to, groups, row, twiddles] = [0, 1, 2, 3, 4].map((k) => f.parameter(k));
      const step = f.let("i32", i32.mul(groups.get, row.get)); // bytes between a butterfly's inputs
      const count = f.let("i32", i32.const(0));
      const input = f.let("i32", from.get), output = f.let("i32", to.get), end = f.local("i32");
      f.loop(count, { below: groups.get, step: i32.const(1) }, () => {
        const factors = Array.from(
          { length: radix - 1 },
          (_, r) => keep(f, loadFactor(twiddles, r * FACTOR)),
        );
        f.run(end.set(i32.add(input.get, row.get)));
        f.loop(input, { below: end.get, step: i32.const(COMPLEX) }, () => {
          const address = f.let("i32", input.get);
          const x = Array.from({ length: radix }, (_, k) => {
            if (k > 0) f.run(address.set(i32.add(address.get, step.get)));
            return keep(f, load(address));
          });
          f.run(address.set(output.get));
          butterfly(f, x).forEach((value, r) => {
            if (r > 0) f.run(address.set(i32.add(address.get, row.get)));
            store(f, address, r > 0 ? multiply(keep(f, value), factors[r - 1]) : value);
          });
          f.run(output.set(i32.add(output.get, i32.const(COMPLEX))));
        });
        f.run(
          output.set(i32.add(output.get, i32.mul(row.get, i32.const(radix - 1)))),
          twiddles.set(i32.add(twiddles.get, i32.const((radix - 1) * FACTOR))),
        );
      });
    },
  };
}

/** A pass of any radix, in radix squared multiplications a butterfly: `roots` holds exp(-2 pi i k / radix). */
const passOfAny = {
  parameters: 7,
  build(f: FunctionBuilder) {
    const [from, to, groups, row, twiddles, radix, roots] = [0, 1, 2, 3, 4, 5, 6].map((k) =>
      f.parameter(k)
    );
    const step = f.let("i32", i32.mul(groups.get, row.get));
    const input = f.let("i32", from.get), output = f.let("i32", to.get), end = f.local("i32");
    const [count, r, k, address] = Array.from({ length: 4 }, () => f.local("i32"));
    const re = f.local("v128"), im = f.local("v128"), factor = f.local("i32");
    const one = { step: i32.const(1) };
    f.run(count.set(i32.const(0)));
    f.loop(count, { below: groups.get, ...one }, () => {
      f.run(end.set(i32.add(input.get, row.get)));
      f.loop(input, { below: end.get, step: i32.const(COMPLEX) }, () => {
        f.run(r.set(i32.const(0)));
        f.loop(r, { below: radix.get, ...one }, () => {
          f.run(re.set(f64x2.const(0)), im.set(f64x2.const(0)));
          f.run(k.set(i32.const(0)), address.set(input.get));
          f.loop(k, { below: radix.get, ...one }, () => {
            const turns = i32.remainder(i32.mul(k.get, r.get), radix.get);
            f.run(factor.set(i32.add(roots.get, i32.mul(turns, i32.const(FACTOR)))));
            const sum = keep(
              f,
              add({ re: re.get, im: im.get }, multiply(load(address), loadFactor(factor))),
            );
            f.run(re.set(sum.re), im.set(sum.im), address.set(i32.add(address.get, step.get)));
          });
          f.run(factor.set(i32.add(twiddles.get, i32.mul(r.get, i32.const(FACTOR)))));
          f.run(address.set(i32.add(output.get, i32.mul(r.get, row.get))));
          store(f, address, multiply({ re: re.get, im: im.get }, loadFactor(factor)));
        });
        f.run(output.set(i32.add(output.get, i32.const(COMPLEX))));
      });
      f.run(
        output.set(i32.add(output.get, i32.mul(row.get, i32.sub(radix.get, i32.const(1))))),
        twiddles.set(i32.add(twiddles.get, i32.mul(radix.get, i32.const(FACTOR)))),
      );
    });
  },
};

/** Where the kernels below are: bin k of a complex spectrum, the bin that mirrors it, and exp(-2 pi i k / n). */
interface Mirrored {
  z: Local;
  zMirror: Local;
  x: Local;
  xMirror: Local;
  turn: Local;
}

/**
 * Between the spectrum x of a real signal and the complex spectrum z of half the size that holds its even samples as
 * real and its odd ones as imaginary parts (Sorensen et al., 1987).
 *
 * @param ends what is done for bin 0, whose mirror image is bin n / 2
 * @param inner what is done for the others
 */
function mirrored(
  ends: (f: FunctionBuilder, at: Mirrored) => void,
  inner: (f: FunctionBuilder, at: Mirrored) => void,
) {
  return {
    parameters: 4,
    build(f: FunctionBuilder) {
      const [z, x, turn, half] = [0, 1, 2, 3].map((k) => f.parameter(k));
      const bytes = f.let("i32", i32.mul(half.get, i32.const(COMPLEX)));
      const zMirror = f.let("i32", i32.add(z.get, bytes.get));
      const xMirror = f.let("i32", i32.add(x.get, bytes.get));
      const at = { z, zMirror, x, xMirror, turn };
      const move = (local: Local, by: number) => local.set(i32.add(local.get, i32.const(by)));
      const advance = () => {
        f.run(move(z, COMPLEX), move(x, COMPLEX), move(turn, FACTOR));
        f.run(move(zMirror, -COMPLEX), move(xMirror, -COMPLEX));
      };
      ends(f, at);
      advance();
      const twice = f.let("i32", i32.const(2)); // 2 k, up to half: there a bin is its own mirror image
      f.loop(twice, { below: i32.add(half.get, i32.const(1)), step: i32.const(2) }, () => {
        inner(f, at);
        advance();
      });
    },
  };
}

const conjugate = (a: Complex): Complex => ({ re: a.re, im: f64x2.neg(a.im) });
const real = (re: Code): Complex => ({ re, im: f64x2.const(0) });

/** z to x. */
const unpack = mirrored((f, { z, x, xMirror }) => {
  const { re, im } = keep(f, load(z));
  store(f, x, real(f64x2.add(re, im)));
  store(f, xMirror, real(f64x2.sub(re, im)));
}, (f, { z, zMirror, x, xMirror, turn: factor }) => {
  const a = keep(f, load(z)), b = keep(f, conjugate(load(zMirror)));
  const even = keep(f, scale(0.5, add(a, b)));
  const odd = keep(f, scale(0.5, turn(subtract(a, b))));
  const turned = keep(f, multiply(odd, loadFactor(factor)));
  store(f, x, add(even, turned));
  store(f, xMirror, conjugate(subtract(even, turned)));
});

/** x to z with real and imaginary parts swapped: the transform of that is the inverse transform, swapped. */
const pack = mirrored((f, { z, x, xMirror }) => {
  const first = keep(f, load(x)), last = keep(f, load(xMirror)), half = f64x2.const(0.5);
  store(f, z, {
    re: f64x2.mul(half, f64x2.sub(first.re, last.re)),
    im: f64x2.mul(half, f64x2.add(first.re, last.re)),
  });
}, (f, { z, zMirror, x, xMirror, turn: factor }) => {
  const a = keep(f, load(x)), b = keep(f, conjugate(load(xMirror)));
  const even = keep(f, scale(0.5, add(a, b)));
  const turned = keep(f, scale(0.5, subtract(a, b)));
  const odd = keep(f, multiply(turned, conjugate(loadFactor(factor))));
  const value = keep(f, subtract(even, turn(odd))); // even + i odd
  const mirror = keep(f, subtract(conjugate(even), turn(conjugate(odd))));
  store(f, z, { re: value.im, im: value.re });
  store(f, zMirror, { re: mirror.im, im: mirror.re });
});

/** Swaps real and imaginary parts back and scales them. */
const unswap = {
  parameters: 4,
  build(f: FunctionBuilder) {
    const [from, to, size, factor] = [0, 1, 2, 3].map((k) => f.parameter(k));
    const end = f.let("i32", i32.add(to.get, i32.mul(size.get, i32.const(COMPLEX))));
    const scale = f.let("v128", f64x2.loadSplat(factor.get));
    f.loop(to, { below: end.get, step: i32.const(COMPLEX) }, () => {
      const { re, im } = keep(f, load(from));
      store(f, to, { re: f64x2.mul(im, scale.get), im: f64x2.mul(re, scale.get) });
      f.run(from.set(i32.add(from.get, i32.const(COMPLEX))));
    });
  },
};

const instantiate = compileModule({
  pass2: pass(2, butterfly2),
  pass3: pass(3, oddButterfly(3)),
  pass4: pass(4, butterfly4),
  pass5: pass(5, oddButterfly(5)),
  pass7: pass(7, oddButterfly(7)),
  passOfAny,
  unpack,
  pack,
  unswap,
});

/**
 * A transform of one size for two real signals, with its tables and working memory.
 *
 * Numbers of the two signals alternate: `samples` is [n, 2], `spectrum` is [bins, re and im, 2].
 */
export class RealFft {
  /** Number of bins: n / 2 + 1, rounded down. */
  readonly bins: number;
  /** Where `samples` and `spectrum` lie on the heap, in bytes, for kernels that go on from there. */
  readonly samplesAt: number;
  readonly spectrumAt: number;
  readonly #heap: Heap;
  readonly #functions: ReturnType<typeof instantiate>;
  /** Points of the complex transform inside: half as many as there are samples where that is whole. */
  readonly #size: number;
  readonly #passes: ((from: number, to: number) => void)[] = [];
  /** Two pieces of working memory: a pass reads one and writes the other. */
  readonly #work: [number, number];
  readonly #turns: number;
  readonly #scale: number;

  /**
   * @param n number of samples, at least 1; fastest where it has no prime factor above 7
   * @param heap where it works
   * @throws RangeError for any other n
   */
  constructor(readonly n: number, heap: Heap = new Heap()) {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`cannot transform ${n} samples`);
    this.#heap = heap;
    this.#functions = instantiate(heap.memory);
    this.bins = Math.floor(n / 2) + 1;
    const size = this.#size = n % 2 === 0 ? n / 2 : n;
    this.samplesAt = heap.take(n * COMPLEX / 2);
    this.spectrumAt = heap.take(this.bins * COMPLEX);
    this.#work = [heap.take(size * COMPLEX), heap.take(size * COMPLEX)];
    this.#turns = heap.put(turns(n, Math.floor(size / 2) + 1));
    this.#scale = heap.put(Float64Array.of(1 / size));
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
  get samples(): Float64Array {
    return this.#heap.view(this.samplesAt, 2 * this.n);
  }

  /** What `transform` writes and `inverse` reads; a view likewise. */
  get spectrum(): Float64Array {
    return this.#heap.view(this.spectrumAt, 4 * this.bins);
  }

  #plan(radix: number, left: number): (from: number, to: number) => void {
    const groups = left / radix, row = COMPLEX * this.#size / left;
    const { pass2, pass3, pass4, pass5, pass7, passOfAny } = this.#functions;
    const fast = { 2: pass2, 3: pass3, 4: pass4, 5: pass5, 7: pass7 }[radix];
    const twiddles = this.#heap.put(twiddleFactors(left, radix, fast ? 1 : 0));
    if (fast) return (from, to) => fast(from, to, groups, row, twiddles);
    const roots = this.#heap.put(turns(radix, radix));
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
    this.#functions.unpack(z, this.spectrumAt, this.#turns, this.#size);
  }

  /** x[t] = the whole spectrum's sum over k of X[k] exp(2 pi i k t / n), over n: undoes `transform`. */
  inverse(): void {
    if (this.#size === this.n) return this.#invertOdd();
    const [z] = this.#work, size = this.#size;
    this.#functions.pack(z, this.spectrumAt, this.#turns, size);
    this.#functions.unswap(this.#run(z), this.samplesAt, size, this.#scale);
  }

  /** An odd number of samples is transformed as complex numbers: twice the work, and rare. */
  #transformOdd(): void {
    const { samples, spectrum, bins } = this, z = this.#viewOf(this.#work[0]).fill(0);
    for (let t = 0; t < samples.length; t++) z[2 * t - t % 2] = samples[t];
    spectrum.set(this.#viewOf(this.#run(this.#work[0])).subarray(0, 4 * bins));
  }

  #invertOdd(): void {
    const { samples, spectrum, n } = this, z = this.#viewOf(this.#work[0]);
    for (let k = 0; k < n; k++) {
      const bin = 4 * Math.min(k, n - k), sign = 2 * k < n ? 1 : -1;
      for (const lane of [0, 1]) {
        z[4 * k + lane] = k === 0 ? 0 : sign * spectrum[bin + 2 + lane];
        z[4 * k + 2 + lane] = spectrum[bin + lane];
      }
    }
    const y = this.#viewOf(this.#run(this.#work[0]));
    for (let t = 0; t < samples.length; t++) samples[t] = y[2 * t - t % 2 + 2] / n;
  }

  #viewOf(at: number): Float64Array {
    return this.#heap.view(at, 4 * this.#size);
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
