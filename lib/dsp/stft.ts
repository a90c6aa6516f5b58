/** Short-time Fourier analysis: a signal in overlapping frames, the spectrum of each, and back. */
import { Pool } from "../core/pool.ts";
import {
  type Code,
  compileModule,
  f64,
  f64x2,
  type FunctionBuilder,
  Heap,
  i32,
} from "../core/wasm.ts";
import { RealFft } from "./fft.ts";
import { hann } from "./window.ts";

/** How a signal is cut into frames. */
export interface Framing {
  /** Samples in a frame. */
  nFft: number;
  /** Samples from one frame to the next. */
  hopLength: number;
  /** Whether frame t is centred on sample t hopLength, as librosa's are, or begins there. Default: true. */
  center?: boolean;
  /** What lies around the signal where frames are centred, for nFft / 2 samples. Default: zeros, as librosa's. */
  padMode?: "constant" | "reflect";
}

/** Samples before the first one that the first frame reaches. */
const overhang = ({ nFft, center = true }: Framing) => center ? Math.floor(nFft / 2) : 0;

/** Frames of a signal of n samples. Centred: one for every multiple of the hop length, from 0 to n. */
export function frameCount(n: number, framing: Framing): number {
  const { nFft, hopLength } = framing;
  if (!Number.isInteger(hopLength) || hopLength < 1) {
    throw new RangeError(`cannot cut frames at a hop length of ${hopLength}`);
  }
  return Math.max(0, 1 + Math.floor((n + 2 * overhang(framing) - nFft) / hopLength));
}

const PAIR = 16, SINGLE = 4, INDEX = 8, COMPLEX_PAIR = 32;

const instantiate = compileModule({
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
          f64x2.mul(samples, f64x2.loadSplat(at(window.get, INDEX))),
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
});

/** Frames whose samples are copied to where they are transformed at once. */
const BLOCK = 64;

/** Cuts frames out of signals, windows and transforms them, two at a time. Hann's window unless told. */
export class FrameAnalyzer {
  readonly fft: RealFft;
  readonly heap = new Heap();
  readonly #functions = instantiate(this.heap.memory);
  readonly #window: number;
  readonly #power: number;
  #block = { at: 0, length: 0 };

  constructor(nFft: number, window: Float64Array = hann(nFft)) {
    this.fft = new RealFft(nFft, this.heap);
    this.#window = this.heap.put(window);
    this.#power = this.heap.take(PAIR * this.fft.bins);
  }

  /**
   * Transforms every frame, under the window.
   *
   * @param visit is called when the spectra of frame `first` and, where `count` is 2, the next one are in `fft`
   * @returns the number of frames
   * @throws RangeError when the signal is empty, or too short to be reflected
   */
  run(
    y: Float32Array,
    framing: Framing,
    visit: (first: number, count: 1 | 2) => void,
  ): number {
    const { nFft, hopLength } = framing, frames = frameCount(y.length, framing);
    checkSignal(y, framing);
    const length = (BLOCK - 1) * hopLength + nFft;
    if (this.#block.length < length) this.#block = { at: this.heap.take(SINGLE * length), length };
    for (let from = 0; from < frames; from += BLOCK) {
      const count = Math.min(BLOCK, frames - from);
      const samples = new Float32Array(this.heap.memory.buffer, this.#block.at, length);
      copyPadded(samples, y, from * hopLength - overhang(framing), framing);
      for (let k = 0; k < count; k += 2) {
        const both = k + 1 < count;
        const a = this.#block.at + SINGLE * k * hopLength, b = both ? a + SINGLE * hopLength : a;
        this.#functions.windowed(a, b, this.#window, this.fft.samplesAt, nFft);
        this.fft.transform();
        visit(from + k, both ? 2 : 1);
      }
    }
    return frames;
  }

  /** |X|^2 of the frames that `fft` holds. @returns where the bins' pairs lie on the heap */
  power(): number {
    this.#functions.power(this.fft.spectrumAt, this.#power, this.fft.bins);
    return this.#power;
  }
}

function checkSignal(y: Float32Array, framing: Framing): void {
  const reach = overhang(framing), { padMode, nFft } = framing;
  if (y.length === 0) throw new RangeError("cannot analyse an empty signal");
  if (padMode === "reflect" && y.length <= reach) {
    throw new RangeError(
      `cannot reflect a signal of ${y.length} samples by ${reach}: it is too short`,
    );
  }
  if (y.length + 2 * reach < nFft) {
    throw new RangeError(`cannot cut a frame of ${nFft} out of ${y.length} samples`);
  }
}

/** The samples from `start` on, which may lie before the signal's first or after its last. */
function copyPadded(
  into: Float32Array,
  y: Float32Array,
  start: number,
  { padMode }: Framing,
): void {
  const from = Math.max(start, 0), to = Math.min(start + into.length, y.length);
  into.fill(0);
  if (from < to) into.set(y.subarray(from, to), from - start);
  if (padMode !== "reflect") return;
  for (let t = start; t < Math.min(0, start + into.length); t++) into[t - start] = y[-t];
  const last = y.length - 1, end = Math.min(start + into.length, 2 * last + 1);
  for (let t = Math.max(start, y.length); t < end; t++) into[t - start] = y[2 * last - t];
}

const analyzers = new Pool((nFft: number) => new FrameAnalyzer(nFft));

/**
 * The power spectrum |X|^2 of every frame under Hann's window.
 *
 * @param visit gets each frame's number and its nFft / 2 + 1 powers, in memory that the next frame reuses
 * @returns the number of frames
 * @throws RangeError when the signal is too short to be reflected, or empty
 */
export function powerFrames(
  y: Float32Array,
  framing: Framing,
  visit: (frame: number, power: Float64Array) => void,
): number {
  return analyzers.with(framing.nFft, (analyzer) => {
    const { bins } = analyzer.fft, power = new Float64Array(bins);
    return analyzer.run(y, framing, (first, count) => {
      const pairs = analyzer.heap.view(analyzer.power(), 2 * bins);
      for (let lane = 0; lane < count; lane++) {
        for (let k = 0; k < bins; k++) power[k] = pairs[2 * k + lane];
        visit(first + lane, power);
      }
    });
  });
}

/** A short-time spectrum. Frames lie one after the other: bin k of frame t is at t bins + k. */
export interface ComplexSpectrogram {
  re: Float32Array;
  im: Float32Array;
  bins: number;
  frames: number;
}

/**
 * The short-time Fourier transform under Hann's window, as librosa's `stft`.
 *
 * @returns nFft / 2 + 1 bins of every frame
 * @throws RangeError as {@link powerFrames}
 */
export function stft(y: Float32Array, framing: Framing): ComplexSpectrogram {
  return analyzers.with(framing.nFft, (analyzer) => {
    const { bins } = analyzer.fft, frames = frameCount(y.length, framing);
    const re = new Float32Array(frames * bins), im = new Float32Array(frames * bins);
    analyzer.run(y, framing, (first, count) => {
      const { spectrum } = analyzer.fft;
      for (let lane = 0; lane < count; lane++) {
        for (let k = lane, at = (first + lane) * bins; k < 4 * bins; k += 4, at++) {
          re[at] = spectrum[k];
          im[at] = spectrum[k + 2];
        }
      }
    });
    return { re, im, bins, frames };
  });
}

/**
 * The signal whose frames are nearest to a short-time spectrum's in the sense of least squares (Griffin and Lim,
 * 1984), as librosa's `istft`: every frame's inverse transform under Hann's window, overlapped and added, over the
 * sum of the squared windows.
 *
 * @param framing of the spectrum; `padMode` does not matter
 * @param options.length samples wanted; default: as many as the frames reach, without the overhang at both ends
 */
export function istft(
  { re, im, bins, frames }: ComplexSpectrogram,
  framing: Framing,
  { length }: { length?: number } = {},
): Float32Array {
  const { nFft, hopLength } = framing, reach = overhang(framing);
  if (bins !== Math.floor(nFft / 2) + 1) {
    throw new RangeError(`a spectrum of ${bins} bins does not belong to frames of ${nFft} samples`);
  }
  const whole = frames === 0 ? 0 : nFft + hopLength * (frames - 1);
  const n = length ?? Math.max(0, whole - 2 * reach), window = hann(nFft);
  const sum = new Float64Array(Math.max(whole, n + reach)), weight = new Float64Array(sum.length);
  analyzers.with(nFft, ({ fft }) => {
    for (let first = 0; first < frames; first += 2) {
      const count = Math.min(2, frames - first), { spectrum } = fft;
      for (let lane = 0; lane < count; lane++) {
        for (let k = lane, at = (first + lane) * bins; k < 4 * bins; k += 4, at++) {
          spectrum[k] = re[at];
          spectrum[k + 2] = im[at];
        }
      }
      fft.inverse();
      const { samples } = fft;
      for (let lane = 0; lane < count; lane++) {
        const start = (first + lane) * hopLength;
        for (let t = 0; t < nFft; t++) {
          sum[start + t] += window[t] * samples[2 * t + lane];
          weight[start + t] += window[t] * window[t];
        }
      }
    }
  });
  return Float32Array.from({ length: n }, (_, t) => {
    const w = weight[t + reach];
    return w > Number.MIN_VALUE ? sum[t + reach] / w : sum[t + reach];
  });
}
