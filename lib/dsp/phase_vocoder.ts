/** The phase vocoder: a short-time spectrum faster or slower, at the same frequencies. */
import { Pool } from "../core/pool.ts";
import {
  bits,
  type Code,
  compileModule,
  f64x2,
  type FunctionBuilder,
  Heap,
  i32,
} from "../core/wasm.ts";
import type { ComplexSpectrogram } from "./stft.ts";

/** Bytes of a number in single precision, and of two doubles. */
const SINGLE = 4, PAIR = 16;

const vocoderKernel = compileModule({
  /**
   * One frame of the result, two bins at a time, and each bin's phase for the next one. Frames are the real parts of
   * all bins, then the imaginary ones, in single precision; phases are unit complex numbers, as pairs of doubles.
   */
  step: {
    parameters: 6,
    build(f: FunctionBuilder) {
      const [from, to, phase, out, bins, weights] = [0, 1, 2, 3, 4, 5].map((k) => f.parameter(k));
      const imaginary = f.let("i32", i32.mul(bins.get, i32.const(SINGLE)));
      const end = f.let("i32", i32.add(out.get, imaginary.get));
      const weightFrom = f.let("v128", f64x2.loadSplat(weights.get));
      const weightTo = f.let("v128", f64x2.loadSplat(weights.get, 8));
      const one = f.let("v128", f64x2.const(1)), zero = f.let("v128", f64x2.const(0));
      const polar = (at: Code) => {
        const re = f.let("v128", f64x2.loadSingles(at));
        const im = f.let("v128", f64x2.loadSingles(i32.add(at, imaginary.get)));
        const square = f64x2.add(f64x2.mul(re.get, re.get), f64x2.mul(im.get, im.get));
        const magnitude = f.let("v128", f64x2.sqrt(square));
        const sounds = f.let("v128", f64x2.greater(magnitude.get, zero.get));
        const inverse = f.let("v128", f64x2.div(one.get, magnitude.get));
        // the phase of what is zero is 0
        const x = bits.select(f64x2.mul(re.get, inverse.get), one.get, sounds.get);
        const y = bits.select(f64x2.mul(im.get, inverse.get), zero.get, sounds.get);
        return { magnitude, x: f.let("v128", x), y: f.let("v128", y) };
      };
      f.loop(out, { below: end.get, step: i32.const(2 * SINGLE) }, () => {
        const a = polar(from.get), b = polar(to.get);
        const magnitude = f.let(
          "v128",
          f64x2.add(
            f64x2.mul(weightFrom.get, a.magnitude.get),
            f64x2.mul(weightTo.get, b.magnitude.get),
          ),
        );
        const x = f.let("v128", f64x2.load(phase.get));
        const y = f.let("v128", f64x2.load(phase.get, PAIR));
        f.run(f64x2.storeSingles(out.get, f64x2.mul(magnitude.get, x.get)));
        const outIm = i32.add(out.get, imaginary.get);
        f.run(f64x2.storeSingles(outIm, f64x2.mul(magnitude.get, y.get)));
        // b over a, of magnitude one: how far the phase turns in one hop
        const cos = f.let(
          "v128",
          f64x2.add(f64x2.mul(a.x.get, b.x.get), f64x2.mul(a.y.get, b.y.get)),
        );
        const sin = f.let(
          "v128",
          f64x2.sub(f64x2.mul(a.x.get, b.y.get), f64x2.mul(a.y.get, b.x.get)),
        );
        const turnedX = f64x2.sub(f64x2.mul(x.get, cos.get), f64x2.mul(y.get, sin.get));
        const turnedY = f64x2.add(f64x2.mul(x.get, sin.get), f64x2.mul(y.get, cos.get));
        f.run(f64x2.store(phase.get, turnedX), f64x2.store(phase.get, turnedY, PAIR));
        for (const place of [from, to]) f.run(place.set(i32.add(place.get, i32.const(2 * SINGLE))));
        f.run(phase.set(i32.add(phase.get, i32.const(2 * PAIR))));
      });
    },
  },
});

/** The kernel with its memory, for spectra of one number of bins. */
class Vocoder {
  readonly #heap = new Heap();
  readonly #step = vocoderKernel(this.#heap.memory).step;
  /** Bins in memory: an even number. */
  readonly #width: number;
  /** Two neighbouring frames of the spectrum, and one of the result. */
  readonly #frames: [number, number];
  readonly #out: number;
  readonly #phase: number;
  readonly #weights: number;

  constructor(readonly bins: number) {
    this.#width = bins + bins % 2;
    const frame = 2 * SINGLE * this.#width;
    this.#frames = [this.#heap.take(frame), this.#heap.take(frame)];
    this.#out = this.#heap.take(frame);
    this.#phase = this.#heap.take(PAIR * this.#width);
    this.#weights = this.#heap.take(PAIR);
  }

  run(spectrum: ComplexSpectrogram, rate: number): ComplexSpectrogram {
    const { bins } = this, width = this.#width, frames = Math.ceil(spectrum.frames / rate);
    const re = new Float32Array(frames * bins), im = new Float32Array(frames * bins);
    const view = (at: number) => new Float32Array(this.#heap.memory.buffer, at, 2 * width);
    const slots = this.#frames.map(view), out = view(this.#out), loaded = [-1, -1];
    const load = (frame: number) => {
      const slot = frame % 2;
      if (loaded[slot] !== frame) copyFrame(spectrum, frame, slots[slot]);
      loaded[slot] = frame;
      return this.#frames[slot];
    };
    const weights = this.#heap.view(this.#weights, 2);
    for (let t = 0; t < frames; t++) {
      const first = Math.floor(t * rate), part = t * rate - first;
      const from = load(first), to = load(first + 1);
      if (t === 0) this.#begin(slots[0]);
      weights.set([1 - part, part]);
      this.#step(from, to, this.#phase, this.#out, width, this.#weights);
      re.set(out.subarray(0, bins), t * bins);
      im.set(out.subarray(width, width + bins), t * bins);
    }
    return { re, im, bins, frames };
  }

  /** The first frame's phases, as pairs. */
  #begin(frame: Float32Array): void {
    const phase = this.#heap.view(this.#phase, 2 * this.#width);
    for (let k = 0; k < this.#width; k++) {
      const re = frame[k], im = frame[this.#width + k], magnitude = Math.hypot(re, im);
      const at = 4 * (k >> 1) + k % 2;
      phase[at] = magnitude > 0 ? re / magnitude : 1;
      phase[at + 2] = magnitude > 0 ? im / magnitude : 0;
    }
  }
}

/** Copies a frame to where it is worked on; behind the last one there is silence. */
function copyFrame({ re, im, bins }: ComplexSpectrogram, frame: number, into: Float32Array): void {
  into.fill(0);
  into.set(re.subarray(frame * bins, (frame + 1) * bins));
  into.set(im.subarray(frame * bins, (frame + 1) * bins), into.length / 2);
}

const vocoders = new Pool((bins: number) => new Vocoder(bins));

/**
 * A short-time spectrum played `rate` times as fast, at the same frequencies (Flanagan and Golden, 1966; in the form
 * of Ellis, "A phase vocoder in Matlab", 2002), as librosa's `phase_vocoder`.
 *
 * Frame t of the result has the magnitudes between the frames around t rate, and its phases turn from one frame to
 * the next by as much as between those two. The hop length does not matter: the result has the same one.
 *
 * @param rate above 0; above 1 is faster
 * @returns frames / rate frames, rounded up
 * @throws RangeError when the rate is not a number above 0
 */
export function phaseVocoder(spectrum: ComplexSpectrogram, rate: number): ComplexSpectrogram {
  if (!(rate > 0 && rate < Infinity)) {
    throw new RangeError(`cannot play a spectrum ${rate} times as fast`);
  }
  return vocoders.with(spectrum.bins, (vocoder) => vocoder.run(spectrum, rate));
}
