/**
 * What a Fourier transform does to its numbers, as WebAssembly kernels: written once for two signals in double and for
 * four in single precision.
 */
import { type Code, type FunctionBuilder, i32, type Lanes, type Local } from "../core/wasm.ts";

/** Bytes of a complex number of all lanes: real parts, then imaginary parts. */
export const COMPLEX = 32;
const IMAGINARY = 16;

interface Complex {
  re: Code;
  im: Code;
}

/** Keeps a complex value in two variables: an expression that is used twice is else computed twice. */
function keep(f: FunctionBuilder, value: Complex): Complex {
  return { re: f.let("v128", value.re).get, im: f.let("v128", value.im).get };
}

/** Complex numbers in the lanes of registers. */
class Arithmetic {
  /** Bytes of a complex number in a table, which is the same for all lanes. */
  readonly factor: number;

  constructor(readonly lanes: Lanes) {
    this.factor = 2 * lanes.bytes;
  }

  add(a: Complex, b: Complex): Complex {
    return { re: this.lanes.add(a.re, b.re), im: this.lanes.add(a.im, b.im) };
  }

  subtract(a: Complex, b: Complex): Complex {
    return { re: this.lanes.sub(a.re, b.re), im: this.lanes.sub(a.im, b.im) };
  }

  multiply(a: Complex, b: Complex): Complex {
    const { add, sub, mul } = this.lanes;
    return {
      re: sub(mul(a.re, b.re), mul(a.im, b.im)),
      im: add(mul(a.re, b.im), mul(a.im, b.re)),
    };
  }

  scale(factor: number, a: Complex): Complex {
    const { const: number, mul } = this.lanes;
    return { re: mul(number(factor), a.re), im: mul(number(factor), a.im) };
  }

  /** a times -i. */
  turn(a: Complex): Complex {
    return { re: a.im, im: this.lanes.neg(a.re) };
  }

  conjugate(a: Complex): Complex {
    return { re: a.re, im: this.lanes.neg(a.im) };
  }

  real(re: Code): Complex {
    return { re, im: this.lanes.const(0) };
  }

  load(address: Local): Complex {
    const { load } = this.lanes;
    return { re: load(address.get), im: load(address.get, IMAGINARY) };
  }

  loadFactor(address: Local, offset = 0): Complex {
    const { loadSplat, bytes } = this.lanes;
    return { re: loadSplat(address.get, offset), im: loadSplat(address.get, offset + bytes) };
  }

  store(f: FunctionBuilder, address: Local, { re, im }: Complex): void {
    const { store } = this.lanes;
    f.run(store(address.get, re), store(address.get, im, IMAGINARY));
  }
}

/** The transform of a few points: what a pass of Stockham's algorithm does everywhere. */
type Butterfly = (f: FunctionBuilder, x: Complex[]) => Complex[];

const butterfly2 = (c: Arithmetic): Butterfly => (_, [a, b]) => [c.add(a, b), c.subtract(a, b)];

const butterfly4 = (c: Arithmetic): Butterfly => (f, [p, q, r, s]) => {
  const even = keep(f, c.add(p, r)), odd = keep(f, c.add(q, s));
  const u = keep(f, c.subtract(p, r)), v = keep(f, c.turn(c.subtract(q, s)));
  return [c.add(even, odd), c.add(u, v), c.subtract(even, odd), c.subtract(u, v)];
};

/** Any odd number of points, in pairs that mirror each other: what is the same in both is computed once. */
const oddButterfly = (c: Arithmetic, radix: number): Butterfly => (f, [first, ...x]) => {
  const pairs = (radix - 1) / 2, numbers = Array.from({ length: pairs }, (_, k) => k + 1);
  const sums = numbers.map((k) => keep(f, c.add(x[k - 1], x[radix - k - 1])));
  const differences = numbers.map((k) => keep(f, c.turn(c.subtract(x[k - 1], x[radix - k - 1]))));
  const weighted = (terms: Complex[], weight: (angle: number) => number, r: number) =>
    terms
      .map((term, k) => c.scale(weight(2 * Math.PI * ((k + 1) * r % radix) / radix), term))
      .reduce((a, b) => c.add(a, b));
  const y = [sums.reduce((a, b) => c.add(a, b), first)];
  for (const r of numbers) {
    const even = keep(f, c.add(first, weighted(sums, Math.cos, r)));
    const odd = keep(f, weighted(differences, Math.sin, r));
    y[r] = c.add(even, odd);
    y[radix - r] = c.subtract(even, odd);
  }
  return y;
};

/**
 * One decimation-in-frequency pass of Stockham's self-sorting algorithm: for each of `groups` twiddle factors, a
 * butterfly of `radix` points over each of `stride` interleaved signals.
 */
function pass(c: Arithmetic, radix: number, butterfly: Butterfly) {
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
          (_, r) => keep(f, c.loadFactor(twiddles, r * c.factor)),
        );
        f.run(end.set(i32.add(input.get, row.get)));
        f.loop(input, { below: end.get, step: i32.const(COMPLEX) }, () => {
          const address = f.let("i32", input.get);
          const x = Array.from({ length: radix }, (_, k) => {
            if (k > 0) f.run(address.set(i32.add(address.get, step.get)));
            return keep(f, c.load(address));
          });
          f.run(address.set(output.get));
          butterfly(f, x).forEach((value, r) => {
            if (r > 0) f.run(address.set(i32.add(address.get, row.get)));
            c.store(f, address, r > 0 ? c.multiply(keep(f, value), factors[r - 1]) : value);
          });
          f.run(output.set(i32.add(output.get, i32.const(COMPLEX))));
        });
        f.run(
          output.set(i32.add(output.get, i32.mul(row.get, i32.const(radix - 1)))),
          twiddles.set(i32.add(twiddles.get, i32.const((radix - 1) * c.factor))),
        );
      });
    },
  };
}

/** A pass of any radix, in radix squared multiplications a butterfly: `roots` holds exp(-2 pi i k / radix). */
const passOfAny = (c: Arithmetic) => ({
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
          f.run(re.set(c.lanes.const(0)), im.set(c.lanes.const(0)));
          f.run(k.set(i32.const(0)), address.set(input.get));
          f.loop(k, { below: radix.get, ...one }, () => {
            const turns = i32.remainder(i32.mul(k.get, r.get), radix.get);
            f.run(factor.set(i32.add(roots.get, i32.mul(turns, i32.const(c.factor)))));
            const sum = keep(
              f,
              c.add({ re: re.get, im: im.get }, c.multiply(c.load(address), c.loadFactor(factor))),
            );
            f.run(re.set(sum.re), im.set(sum.im), address.set(i32.add(address.get, step.get)));
          });
          f.run(factor.set(i32.add(twiddles.get, i32.mul(r.get, i32.const(c.factor)))));
          f.run(address.set(i32.add(output.get, i32.mul(r.get, row.get))));
          c.store(f, address, c.multiply({ re: re.get, im: im.get }, c.loadFactor(factor)));
        });
        f.run(output.set(i32.add(output.get, i32.const(COMPLEX))));
      });
      f.run(
        output.set(i32.add(output.get, i32.mul(row.get, i32.sub(radix.get, i32.const(1))))),
        twiddles.set(i32.add(twiddles.get, i32.mul(radix.get, i32.const(c.factor)))),
      );
    });
  },
});

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
  c: Arithmetic,
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
        f.run(move(z, COMPLEX), move(x, COMPLEX), move(turn, c.factor));
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

/** z to x. */
const unpack = (c: Arithmetic) =>
  mirrored(c, (f, { z, x, xMirror }) => {
    const { re, im } = keep(f, c.load(z));
    c.store(f, x, c.real(c.lanes.add(re, im)));
    c.store(f, xMirror, c.real(c.lanes.sub(re, im)));
  }, (f, { z, zMirror, x, xMirror, turn: factor }) => {
    const a = keep(f, c.load(z)), b = keep(f, c.conjugate(c.load(zMirror)));
    const even = keep(f, c.scale(0.5, c.add(a, b)));
    const odd = keep(f, c.scale(0.5, c.turn(c.subtract(a, b))));
    const turned = keep(f, c.multiply(odd, c.loadFactor(factor)));
    c.store(f, x, c.add(even, turned));
    c.store(f, xMirror, c.conjugate(c.subtract(even, turned)));
  });

/** x to z with real and imaginary parts swapped: the transform of that is the inverse transform, swapped. */
const pack = (c: Arithmetic) =>
  mirrored(c, (f, { z, x, xMirror }) => {
    const first = keep(f, c.load(x)), last = keep(f, c.load(xMirror)), half = c.lanes.const(0.5);
    c.store(f, z, {
      re: c.lanes.mul(half, c.lanes.sub(first.re, last.re)),
      im: c.lanes.mul(half, c.lanes.add(first.re, last.re)),
    });
  }, (f, { z, zMirror, x, xMirror, turn: factor }) => {
    const a = keep(f, c.load(x)), b = keep(f, c.conjugate(c.load(xMirror)));
    const even = keep(f, c.scale(0.5, c.add(a, b)));
    const turned = keep(f, c.scale(0.5, c.subtract(a, b)));
    const odd = keep(f, c.multiply(turned, c.conjugate(c.loadFactor(factor))));
    const value = keep(f, c.subtract(even, c.turn(odd))); // even + i odd
    const mirror = keep(f, c.subtract(c.conjugate(even), c.turn(c.conjugate(odd))));
    c.store(f, z, { re: value.im, im: value.re });
    c.store(f, zMirror, { re: mirror.im, im: mirror.re });
  });

/** Swaps real and imaginary parts back and scales them. */
const unswap = (c: Arithmetic) => ({
  parameters: 4,
  build(f: FunctionBuilder) {
    const [from, to, size, factor] = [0, 1, 2, 3].map((k) => f.parameter(k));
    const end = f.let("i32", i32.add(to.get, i32.mul(size.get, i32.const(COMPLEX))));
    const scale = f.let("v128", c.lanes.loadSplat(factor.get));
    f.loop(to, { below: end.get, step: i32.const(COMPLEX) }, () => {
      const { re, im } = keep(f, c.load(from));
      c.store(f, to, { re: c.lanes.mul(im, scale.get), im: c.lanes.mul(re, scale.get) });
      f.run(from.set(i32.add(from.get, i32.const(COMPLEX))));
    });
  },
});

/** The kernels, for as many signals as there are lanes. */
export function fftKernels(lanes: Lanes) {
  const c = new Arithmetic(lanes);
  return {
    pass2: pass(c, 2, butterfly2(c)),
    pass3: pass(c, 3, oddButterfly(c, 3)),
    pass4: pass(c, 4, butterfly4(c)),
    pass5: pass(c, 5, oddButterfly(c, 5)),
    pass7: pass(c, 7, oddButterfly(c, 7)),
    passOfAny: passOfAny(c),
    unpack: unpack(c),
    pack: pack(c),
    unswap: unswap(c),
  };
}
