/** Short-time Fourier analysis: a signal in overlapping frames, the spectrum of each, and back. */
import { Pool } from "../core/pool.ts";
import { Heap } from "../core/wasm.ts";
import { RealFft } from "./fft.ts";
import { frameKernels, PAIR, SINGLE } from "./frame_kernels.ts";
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

/** Frames whose samples are copied to where they are transformed at once. */
const BLOCK = 64;

/** Cuts frames out of signals, windows and transforms them, two at a time. Hann's window unless told. */
export class FrameAnalyzer {
  readonly fft: RealFft;
  readonly heap = new Heap();
  readonly #functions = frameKernels(this.heap.memory);
  readonly #window: number;
  readonly #power: number;
  readonly #parts: number;
  #block = { at: 0, length: 0 };
  #sum = { at: 0, length: 0 };

  constructor(nFft: number, window: Float64Array = hann(nFft)) {
    this.fft = new RealFft(nFft, this.heap);
    const even = new Float64Array(nFft + nFft % 2); // kernels take two samples at once
    even.set(window);
    this.#window = this.heap.put(even);
    this.#power = this.heap.take(PAIR * this.fft.bins);
    this.#parts = this.heap.take(4 * SINGLE * this.fft.bins);
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

  /** The spectra that `fft` holds: [real and imaginary parts, 2 frames, bins]. A view until more is taken from the heap. */
  spectra(): Float32Array {
    this.#functions.separate(this.fft.spectrumAt, this.#parts, this.fft.bins);
    return this.#partsView;
  }

  get #partsView(): Float32Array {
    return new Float32Array(this.heap.memory.buffer, this.#parts, 4 * this.fft.bins);
  }

  /**
   * Transforms frames back and adds them where they overlap, under the window.
   *
   * @param visit gets the number of a hop, and the sums of its samples in memory that the next hop reuses
   */
  synthesize(
    { re, im, bins, frames }: ComplexSpectrogram,
    hopLength: number,
    visit: (hop: number, samples: Float64Array) => void,
  ): void {
    const { fft, heap } = this, { n: nFft } = fft, length = nFft + nFft % 2 + hopLength;
    if (this.#sum.length < length) this.#sum = { at: heap.take(8 * length), length };
    const sum = heap.view(this.#sum.at, length).fill(0), parts = this.#partsView;
    for (let first = 0; first < frames; first += 2) {
      const from = first * bins, both = first + 1 < frames, to = from + (both ? 2 : 1) * bins;
      if (!both) parts.fill(0);
      parts.set(re.subarray(from, to));
      parts.set(im.subarray(from, to), 2 * bins);
      this.#functions.join(this.#parts, fft.spectrumAt, bins);
      fft.inverse();
      const at = this.#sum.at, next = at + 8 * hopLength;
      this.#functions.overlapAdd(fft.samplesAt, this.#window, at, next, nFft);
      const hops = first + 2 < frames ? 2 : Math.ceil(length / hopLength);
      for (let hop = 0; hop < hops; hop++) {
        visit(first + hop, sum.subarray(hop * hopLength, (hop + 1) * hopLength));
      }
      sum.copyWithin(0, 2 * hopLength).fill(0, Math.max(0, length - 2 * hopLength));
    }
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
      const spectra = analyzer.spectra();
      re.set(spectra.subarray(0, count * bins), first * bins);
      im.set(spectra.subarray(2 * bins, (2 + count) * bins), first * bins);
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
  spectrum: ComplexSpectrogram,
  framing: Framing,
  { length }: { length?: number } = {},
): Float32Array {
  const { nFft, hopLength } = framing, { bins, frames } = spectrum, reach = overhang(framing);
  if (bins !== Math.floor(nFft / 2) + 1) {
    throw new RangeError(`a spectrum of ${bins} bins does not belong to frames of ${nFft} samples`);
  }
  const whole = frames === 0 ? 0 : nFft + hopLength * (frames - 1);
  const y = new Float32Array(length ?? Math.max(0, whole - 2 * reach));
  const weights = windowWeights(frames, framing);
  analyzers.with(nFft, (analyzer) => {
    analyzer.synthesize(spectrum, hopLength, (hop, samples) => {
      const weight = weights(hop), start = hop * hopLength - reach;
      const end = Math.min(samples.length, weight.length, y.length - start);
      for (let t = Math.max(0, -start); t < end; t++) {
        y[start + t] = weight[t] > Number.MIN_VALUE ? samples[t] / weight[t] : samples[t];
      }
    });
  });
  return y;
}

/** The squares of all windows that reach a sample, added up, for the samples of each hop. */
function windowWeights(
  frames: number,
  { nFft, hopLength }: Framing,
): (hop: number) => Float64Array {
  const window = hann(nFft), overlapping = Math.ceil(nFft / hopLength);
  // Between the first and the last hops all are alike: a few frames show everything there is.
  const few = Math.min(frames, 2 * overlapping);
  const sum = new Float64Array(hopLength * (few + overlapping));
  for (let frame = 0; frame < few; frame++) {
    for (let t = 0; t < nFft; t++) sum[frame * hopLength + t] += window[t] ** 2;
  }
  return (hop) => {
    const alike = hop > overlapping ? Math.max(overlapping, hop - (frames - few)) : hop;
    return sum.subarray(alike * hopLength, (alike + 1) * hopLength);
  };
}
