/** The inner loops of short-time analysis and synthesis, two frames at a time. */
import {
  type Code,
  compileModule,
  f64,
  f64x2,
  type FunctionBuilder,
  i32,
  type Local,
} from "../core/wasm.ts";

/** Bytes of a number in single precision, a double, a number of both frames, and a complex number of both. */
export const SINGLE = 4, DOUBLE = 8, PAIR = 16, COMPLEX_PAIR = 32;

/** What is done with the numbers of two frames around their transforms. */
export const frameKernels = compileModule({
  /** Samples of two frames in single precision, under a window, as pairs. */
  windowed: {
    parameters: 5,
    build(f: FunctionBuilder) {
      const [a, b, window, to, n] = [0, 1, 2, 3, 4].map((k) => f.parameter(k));
      const k = f.let("i32", i32.const(0));
      const at = (base: Code, bytes: number) => i32.add(base, i32.mul(k.get, i32.const(bytes)));
      f.loop(k, { below: n.get, step: i32.const(1) }, () => {
        const samples = f64x2.of(
          f64.loadSingle(at(a.get, SINGLE)),
          f64.loadSingle(at(b.get, SINGLE)),
        );
        f.run(f64x2.store(
          at(to.get, PAIR),
          f64x2.mul(samples, f64x2.loadSplat(at(window.get, DOUBLE))),
        ));
      });
    },
  },
  /** |X|^2 of every bin of both frames. */
  power: {
    parameters: 3,
    build(f: FunctionBuilder) {
      const [spectrum, to, bins] = [0, 1, 2].map((k) => f.parameter(k));
      const end = f.let("i32", i32.add(to.get, i32.mul(bins.get, i32.const(PAIR))));
      const re = f.local("v128"), im = f.local("v128");
      f.loop(to, { below: end.get, step: i32.const(PAIR) }, () => {
        f.run(re.set(f64x2.load(spectrum.get)), im.set(f64x2.load(spectrum.get, PAIR)));
        const square = f64x2.add(f64x2.mul(re.get, re.get), f64x2.mul(im.get, im.get));
        f.run(f64x2.store(to.get, square));
        f.run(spectrum.set(i32.add(spectrum.get, i32.const(COMPLEX_PAIR))));
      });
    },
  },
  /** Spectra of both frames, kept in single precision: real parts of the one, of the other, imaginary parts likewise. */
  separate: {
    parameters: 3,
    build(f: FunctionBuilder) {
      const [spectrum, to, bins] = [0, 1, 2].map((k) => f.parameter(k));
      eachBin(f, { spectrum, parts: to, bins }, ([reA, reB, imA, imB]) => {
        f.run(
          f64.storeSingle(reA, f64.load(spectrum.get)),
          f64.storeSingle(reB, f64.load(spectrum.get, DOUBLE)),
          f64.storeSingle(imA, f64.load(spectrum.get, PAIR)),
          f64.storeSingle(imB, f64.load(spectrum.get, PAIR + DOUBLE)),
        );
      });
    },
  },
  /** Undoes `separate`. */
  join: {
    parameters: 3,
    build(f: FunctionBuilder) {
      const [from, spectrum, bins] = [0, 1, 2].map((k) => f.parameter(k));
      eachBin(f, { spectrum, parts: from, bins }, (parts) => {
        const [reA, reB, imA, imB] = parts.map((part) => f64.loadSingle(part));
        f.run(
          f64x2.store(spectrum.get, f64x2.of(reA, reB)),
          f64x2.store(spectrum.get, f64x2.of(imA, imB), PAIR),
        );
      });
    },
  },
  /** Adds a frame, under a window, to what lies at `to`; the other frame to what lies at `next`. n is even. */
  overlapAdd: {
    parameters: 5,
    build(f: FunctionBuilder) {
      const [samples, window, to, next, n] = [0, 1, 2, 3, 4].map((k) => f.parameter(k));
      const k = f.local("i32");
      for (const [lane, sum] of [[0, to], [1, next]] as const) {
        f.run(k.set(i32.const(0)));
        f.loop(k, { below: i32.mul(n.get, i32.const(DOUBLE)), step: i32.const(2 * DOUBLE) }, () => {
          const at = i32.add(samples.get, i32.mul(k.get, i32.const(PAIR / DOUBLE)));
          const frame = f64x2.lanes(f64x2.load(at), f64x2.load(at, PAIR), lane);
          const product = f64x2.mul(frame, f64x2.load(i32.add(window.get, k.get)));
          const place = i32.add(sum.get, k.get);
          f.run(f64x2.store(place, f64x2.add(f64x2.load(place), product)));
        });
      }
    },
  },
});

/** For every bin: where it is in the four parts of `separate`. */
function eachBin(
  f: FunctionBuilder,
  { spectrum, parts, bins }: { spectrum: Local; parts: Local; bins: Local },
  body: (parts: Code[]) => void,
): void {
  const part = f.let("i32", i32.mul(bins.get, i32.const(SINGLE)));
  const end = f.let("i32", i32.add(parts.get, part.get));
  const second = f.let("i32", i32.add(parts.get, part.get));
  const third = f.let("i32", i32.add(second.get, part.get));
  const fourth = f.let("i32", i32.add(third.get, part.get));
  f.loop(parts, { below: end.get, step: i32.const(SINGLE) }, () => {
    body([parts.get, second.get, third.get, fourth.get]);
    for (const place of [second, third, fourth]) {
      f.run(place.set(i32.add(place.get, i32.const(SINGLE))));
    }
    f.run(spectrum.set(i32.add(spectrum.get, i32.const(COMPLEX_PAIR))));
  });
}
