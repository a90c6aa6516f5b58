/** Sample-rate conversion in the frequency domain, for ratios of small numbers: overlapping blocks, their spectra cut or lengthened. */
import { compileModule, f32x4, type FunctionBuilder, Heap, i32 } from "../core/wasm.ts";
import { RealFft, SingleRealFft } from "../dsp/fft.ts";

/**
 * Blocks at a time. In single precision, as the samples themselves: the transforms add an error of 2e-7 of the
 * signal's (-134 dB), far below what the stop band lets through.
 */
const BLOCKS = f32x4.count;

/** Bytes of a number, of a number of every block, and of a complex number of every block. */
const SINGLE = 4, NUMBER = SINGLE * BLOCKS, COMPLEX = 2 * NUMBER;

const lanes = Array.from({ length: BLOCKS }, (_, lane) => lane);

const instantiate = compileModule({
  /** The blocks' samples, which lie `stride` bytes apart, as numbers of every block. */
  interleave: {
    parameters: 4,
    build(f: FunctionBuilder) {
      const [from, stride, to, end] = [0, 1, 2, 3].map((k) => f.parameter(k));
      const places = lanes.map((lane) =>
        f.let("i32", i32.add(from.get, i32.mul(stride.get, i32.const(lane))))
      );
      f.loop(to, { below: end.get, step: i32.const(NUMBER) }, () => {
        const number = lanes.reduce(
          (value, lane) => f32x4.loadLane(places[lane].get, value, lane),
          f32x4.const(0),
        );
        f.run(f32x4.store(to.get, number));
        for (const place of places) f.run(place.set(i32.add(place.get, i32.const(SINGLE))));
      });
    },
  },
  /** The other way round. */
  separate: {
    parameters: 4,
    build(f: FunctionBuilder) {
      const [from, end, to, stride] = [0, 1, 2, 3].map((k) => f.parameter(k));
      const places = lanes.map((lane) =>
        f.let("i32", i32.add(to.get, i32.mul(stride.get, i32.const(lane))))
      );
      f.loop(from, { below: end.get, step: i32.const(NUMBER) }, () => {
        const number = f.let("v128", f32x4.load(from.get));
        places.forEach((place, lane) => {
          f.run(f32x4.storeLane(place.get, number.get, lane));
          f.run(place.set(i32.add(place.get, i32.const(SINGLE))));
        });
      });
    },
  },
  /** Bins times the filter's. */
  filter: {
    parameters: 4,
    build(f: FunctionBuilder) {
      const [from, to, gains, end] = [0, 1, 2, 3].map((k) => f.parameter(k));
      f.loop(gains, { below: end.get, step: i32.const(SINGLE) }, () => {
        const gain = f.let("v128", f32x4.loadSplat(gains.get));
        for (const part of [0, NUMBER]) {
          f.run(f32x4.store(to.get, f32x4.mul(gain.get, f32x4.load(from.get, part)), part));
        }
        f.run(from.set(i32.add(from.get, i32.const(COMPLEX))));
        f.run(to.set(i32.add(to.get, i32.const(COMPLEX))));
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
 */
export class SpectralResampler {
  readonly #up: number;
  readonly #down: number;
  readonly #units: number;
  readonly #guard: number;
  readonly #forward: SingleRealFft;
  readonly #backward: SingleRealFft;
  readonly #heap = new Heap();
  readonly #kernels = instantiate(this.#heap.memory);
  /** The filter's spectrum at the bins that both transforms have, with the factor between their scales. */
  readonly #filter: { at: number; bins: number };
  /** Samples of the blocks, one block after the other, at either rate. */
  readonly #blocks: number;

  constructor(settings: SpectralSettings) {
    const { up, down, reach, response } = settings, heap = this.#heap;
    const { units, guard } = planOf(settings);
    this.#up = up;
    this.#down = down;
    this.#units = units;
    this.#guard = guard;
    this.#forward = new SingleRealFft(units * down, heap);
    this.#backward = new SingleRealFft(units * up, heap);
    const ratio = Math.max(up, down) / Math.min(up, down);
    const bins = Math.min(this.#forward.bins, this.#backward.bins);
    const filter = filterSpectrum(new RealFft(units * Math.max(up, down)), {
      response: (t) => response(t / ratio),
      reach: reach * ratio,
    });
    const scaled = Float32Array.from(filter.subarray(0, bins), (v) => v * up / down);
    this.#filter = { at: heap.put(scaled), bins };
    this.#blocks = heap.take(NUMBER * units * Math.max(up, down));
  }

  /** @returns ceil(length up / down) samples */
  run(y: Float32Array): Float32Array {
    const out = new Float32Array(Math.ceil(y.length * this.#up / this.#down));
    const step = this.#units - 2 * this.#guard, units = Math.ceil(out.length / this.#up);
    for (let unit = 0; unit < units; unit += BLOCKS * step) {
      this.#load(y, { unit, step });
      this.#forward.transform();
      this.#convert();
      this.#backward.inverse();
      this.#unload(out, { unit, step });
    }
    return out;
  }

  /** Samples of blocks that begin a guard before a unit; nothing before the first and after the last sample. */
  #load(y: Float32Array, { unit, step }: { unit: number; step: number }): void {
    const { n, samplesAt } = this.#forward, stride = step * this.#down;
    const first = (unit - this.#guard) * this.#down, from = Math.max(0, first);
    const samples = this.#view((BLOCKS - 1) * stride + n).fill(0);
    samples.set(y.subarray(from, first + samples.length), from - first);
    this.#kernels.interleave(this.#blocks, SINGLE * stride, samplesAt, samplesAt + NUMBER * n);
  }

  #convert(): void {
    const { at, bins } = this.#filter, { spectrumAt } = this.#backward;
    this.#kernels.filter(this.#forward.spectrumAt, spectrumAt, at, at + SINGLE * bins);
    // nothing above half of a lower rate; at half the rate itself a real signal has no imaginary part
    const { spectrum } = this.#backward;
    if (bins < this.#backward.bins) spectrum.fill(0, 2 * BLOCKS * bins);
    else spectrum.fill(0, spectrum.length - BLOCKS);
  }

  /** What is between the guards: the blocks' middles follow each other. */
  #unload(out: Float32Array, { unit, step }: { unit: number; step: number }): void {
    const count = step * this.#up,
      from = this.#backward.samplesAt + NUMBER * this.#guard * this.#up;
    this.#kernels.separate(from, from + NUMBER * count, this.#blocks, SINGLE * count);
    const first = unit * this.#up;
    out.set(this.#view(Math.min(BLOCKS * count, out.length - first)), first);
  }

  #view(length: number): Float32Array {
    return this.#heap.singles(this.#blocks, length);
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
