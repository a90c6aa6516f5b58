/** Power and decibels. */
import { bits, compileModule, f64x2, type FunctionBuilder, Heap, i32 } from "../core/wasm.ts";

/** Doubles: the exponent's place and bias, the bits of the mantissa, and those of 1. */
const EXPONENT = 52, BIAS = 1023, MANTISSA = 0x000f_ffff_ffff_ffffn, ONE = 0x3ff0_0000_0000_0000n;
/** An integer below 2^52 in the mantissa of this is itself plus 2^52. */
const TWO_52 = 2 ** 52, TWO_52_BITS = 0x4330_0000_0000_0000n;
/** Of the logarithm's series below: the first one that is left out is below 1e-13. */
const TERMS = 8;

/**
 * Decibels of two powers at once: 10 log10(x), x a normal number above 0.
 *
 * x = 2^e m with m from 1 / sqrt 2 to sqrt 2; log m = 2 atanh s = 2 (s + s^3 / 3 + s^5 / 5 ...) with
 * s = (m - 1) / (m + 1), below 0.172.
 */
const decibelKernel = compileModule({
  decibel: {
    parameters: 4,
    build(f: FunctionBuilder) {
      const [from, to, count, settings] = [0, 1, 2, 3].map((k) => f.parameter(k));
      const smallest = f.let("v128", f64x2.loadSplat(settings.get));
      const offset = f.let("v128", f64x2.loadSplat(settings.get, 8));
      const floor = f.let("v128", f64x2.loadSplat(settings.get, 16));
      const end = f.let("i32", i32.add(to.get, i32.mul(count.get, i32.const(4))));
      const [x, e, m, high, s, square] = Array.from({ length: 6 }, () => f.local("v128"));
      f.loop(to, { below: end.get, step: i32.const(8) }, () => {
        f.run(x.set(f64x2.max(f64x2.loadSingles(from.get), smallest.get)));
        const exponent = bits.or(bits.shiftRight(x.get, EXPONENT), bits.const(TWO_52_BITS));
        f.run(e.set(f64x2.sub(exponent, f64x2.const(TWO_52 + BIAS))));
        f.run(m.set(bits.or(bits.and(x.get, bits.const(MANTISSA)), bits.const(ONE))));
        f.run(high.set(f64x2.greater(m.get, f64x2.const(Math.SQRT2))));
        const one = f64x2.const(1);
        f.run(e.set(f64x2.add(e.get, bits.and(high.get, one))));
        f.run(m.set(bits.select(f64x2.mul(m.get, f64x2.const(0.5)), m.get, high.get)));
        f.run(s.set(f64x2.div(f64x2.sub(m.get, one), f64x2.add(m.get, one))));
        f.run(square.set(f64x2.mul(s.get, s.get)));
        // 10 log10(m) by Horner's rule, from the last term of the series to the first
        const factor = (term: number) => f64x2.const(20 / Math.LN10 / (2 * term + 1));
        let series = factor(TERMS - 1);
        for (let term = TERMS - 2; term >= 0; term--) {
          series = f64x2.add(f64x2.mul(series, square.get), factor(term));
        }
        const whole = f64x2.mul(e.get, f64x2.const(10 * Math.log10(2)));
        const decibel = f64x2.add(f64x2.mul(series, s.get), f64x2.sub(whole, offset.get));
        f.run(f64x2.storeSingles(to.get, f64x2.max(decibel, floor.get)));
        f.run(from.set(i32.add(from.get, i32.const(8))));
      });
    },
  },
});

/** Values that are on the heap at once. */
const BLOCK = 4096;
const heap = new Heap();
const settingsAt = heap.take(24), valuesAt = heap.take(4 * BLOCK);
const { decibel: runKernel } = decibelKernel(heap.memory);

/** Powers below this count as this, as in librosa. */
const SMALLEST = 1e-10;

/** Options of {@link powerToDecibel}. */
export interface DecibelOptions {
  /** The power that is 0 dB: a number, or the largest of the values. Default: "max". */
  reference?: number | "max";
  /** The floor lies this far below the largest value; no floor where it is Infinity. Default: 80. */
  topDb?: number;
}

/**
 * 10 log10(power / reference), not lower than topDb below the largest value; as `librosa.power_to_db`.
 *
 * Differs from it for a signal without any power: against its own maximum that is the floor everywhere,
 * not 0 dB everywhere, so that silence is never the loudest thing there is.
 */
export function powerToDecibel(
  power: Float32Array,
  { reference = "max", topDb = 80 }: DecibelOptions = {},
): Float32Array {
  let largest = 0;
  for (let k = 0; k < power.length; k++) largest = Math.max(largest, power[k]);
  const zero = reference === "max" ? largest : reference;
  if (zero === 0) return new Float32Array(power.length).fill(-topDb);
  const offset = 10 * Math.log10(Math.max(SMALLEST, zero));
  const floor = 10 * Math.log10(Math.max(SMALLEST, largest)) - offset - topDb;
  const decibel = new Float32Array(power.length);
  heap.view(settingsAt, 3).set([SMALLEST, offset, floor]);
  const values = new Float32Array(heap.memory.buffer, valuesAt, BLOCK);
  for (let from = 0; from < power.length; from += BLOCK) {
    const part = power.subarray(from, from + BLOCK);
    values.set(part);
    runKernel(valuesAt, valuesAt, part.length, settingsAt);
    decibel.set(values.subarray(0, part.length), from);
  }
  return decibel;
}

/** reference 10^(dB / 10): the inverse of {@link powerToDecibel} above its floor. */
export function decibelToPower(decibel: ArrayLike<number>, reference = 1): Float32Array {
  const power = new Float32Array(decibel.length);
  for (let k = 0; k < power.length; k++) power[k] = reference * 10 ** (decibel[k] / 10);
  return power;
}
