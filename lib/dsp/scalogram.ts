/**
 * Scalograms (F6): a sound through Gaussian-modulated sines of many scales, short ones for high and long ones for low
 * frequencies (Goupillaud, Grossmann and Morlet, 1984).
 *
 * The study convolved with real sines, every 512 samples: what it kept of a steady tone was the phase at which each
 * frame happened to meet it. Here sine and cosine are taken together, and the magnitude of the two is kept.
 */
import { Pool } from "../core/pool.ts";
import { compileModule, f64x2, type FunctionBuilder, Heap, i32 } from "../core/wasm.ts";
import { frameCount } from "./stft.ts";

/** What a scalogram depends on. */
export interface ScalogramSettings {
  /** Hz. */
  sampleRate: number;
  /** Number of filters, spaced evenly in log frequency from fMin to fMax. Default: 128. */
  filters?: number;
  /** Hz. Default: 65.4, a cello's lowest tone; 2,048 taps at 16 kHz hold 4.4 deviations of that filter. */
  fMin?: number;
  /** Hz. Default: a third of the sample rate; the filter's band ends, three deviations on, at half of it. */
  fMax?: number;
  /** Length of every filter in samples. Default: 2048. */
  taps?: number;
  /** Samples from one frame to the next. Default: 512. */
  hopLength?: number;
  /** Periods of the sine in 2 pi deviations of the Gaussian: more tell frequencies better apart. Default: 6. */
  periods?: number;
}

type Settings = Required<ScalogramSettings>;

/** A filter: a sine and a cosine under one Gaussian, around the tap in the middle. */
export interface ScalogramFilter {
  /** Hz. */
  frequency: number;
  /** The Gaussian's deviation in seconds: the filter's scale. */
  deviation: number;
  cosine: Float64Array;
  sine: Float64Array;
}

/** The result of {@link scalogram}. */
export interface Scalogram {
  /** [filters, frames], frames fastest, the lowest frequency first: the amplitude of a steady sine at the filter's frequency. */
  data: Float32Array;
  filters: number;
  frames: number;
}

const withDefaults = (
  { sampleRate, filters = 128, fMin = 65.4, fMax = sampleRate / 3, ...rest }: ScalogramSettings,
): Settings => ({
  sampleRate,
  filters,
  fMin,
  fMax,
  taps: rest.taps ?? 2048,
  hopLength: rest.hopLength ?? 512,
  periods: rest.periods ?? 6,
});

/**
 * The filters of a scalogram, low to high.
 *
 * @throws RangeError when the frequencies are not 0 < fMin < fMax <= sampleRate / 2, or there is no filter or no tap
 */
export function scalogramFilters(settings: ScalogramSettings): ScalogramFilter[] {
  const { sampleRate, filters, fMin, fMax, taps, periods } = withDefaults(settings);
  if (!(fMin > 0 && fMin < fMax && fMax <= sampleRate / 2)) {
    throw new RangeError(
      `cannot place filters from ${fMin} to ${fMax} Hz at a sample rate of ${sampleRate} Hz`,
    );
  }
  for (const [count, what] of [[filters, "filters"], [taps, "taps"]] as const) {
    if (!Number.isInteger(count) || count < 1) throw new RangeError(`cannot make ${count} ${what}`);
  }
  return Array.from({ length: filters }, (_, k) => {
    const frequency = fMin * (fMax / fMin) ** (k / Math.max(1, filters - 1));
    const deviation = periods / (2 * Math.PI * frequency);
    const time = (tap: number) => (tap - Math.floor(taps / 2)) / sampleRate;
    const gaussian = Float64Array.from(
      { length: taps },
      (_, tap) => Math.exp(-0.5 * (time(tap) / deviation) ** 2),
    );
    const gain = 2 / gaussian.reduce((sum, v) => sum + v, 0);
    const part = (wave: (phase: number) => number) =>
      gaussian.map((v, tap) => gain * v * wave(2 * Math.PI * frequency * time(tap)));
    return { frequency, deviation, cosine: part(Math.cos), sine: part(Math.sin) };
  });
}

/** Bytes of a double, and of two. */
const DOUBLE = 8, PAIR = 16;
/** Frames that share the loads of a filter's taps. */
const TOGETHER = 4;

const filterKernel = compileModule({
  /** Sums of samples times taps, cosine and sine in the two lanes, for frames `hop` bytes apart. */
  filter: {
    parameters: 6,
    build(f: FunctionBuilder) {
      const [x, hop, taps, tapsEnd, out, outEnd] = [0, 1, 2, 3, 4, 5].map((k) => f.parameter(k));
      const sums = Array.from({ length: TOGETHER }, () => f.local("v128"));
      const places = Array.from({ length: TOGETHER }, () => f.local("i32"));
      const tap = f.local("i32");
      f.loop(out, { below: outEnd.get, step: i32.const(TOGETHER * PAIR) }, () => {
        places.forEach((place) => {
          f.run(place.set(x.get), x.set(i32.add(x.get, hop.get)));
        });
        for (const sum of sums) f.run(sum.set(f64x2.const(0)));
        f.run(tap.set(taps.get));
        f.loop(tap, { below: tapsEnd.get, step: i32.const(PAIR) }, () => {
          const weights = f.let("v128", f64x2.load(tap.get));
          sums.forEach((sum, k) => {
            const product = f64x2.mul(weights.get, f64x2.loadSplat(places[k].get));
            f.run(sum.set(f64x2.add(sum.get, product)));
            f.run(places[k].set(i32.add(places[k].get, i32.const(DOUBLE))));
          });
        });
        sums.forEach((sum, k) => f.run(f64x2.store(out.get, sum.get, k * PAIR)));
      });
    },
  },
});

/** Frames whose samples are in memory at once. */
const BLOCK = 64;
/** Taps that are smaller than this part of the largest one are not worth a product. */
const NEGLIGIBLE = 1e-8;

/** The filters of one setting with their memory. */
class FilterBank {
  readonly #heap = new Heap();
  readonly #filter = filterKernel(this.#heap.memory).filter;
  /** For every filter where its taps lie, and which is the first that counts. */
  readonly #filters: { first: number; from: number; to: number }[];
  readonly #samples: number;
  readonly #out: number;

  constructor(readonly settings: Settings) {
    const { taps, hopLength } = settings;
    this.#filters = scalogramFilters(settings).map((filter) => this.#place(filter));
    this.#samples = this.#heap.take(DOUBLE * (taps + (BLOCK - 1) * hopLength));
    this.#out = this.#heap.take(PAIR * BLOCK);
  }

  #place({ cosine, sine }: ScalogramFilter) {
    const middle = Math.floor(cosine.length / 2), least = NEGLIGIBLE * cosine[middle];
    const counts = (tap: number) => Math.hypot(cosine[tap], sine[tap]) >= least;
    let first = 0, end = cosine.length;
    while (!counts(first)) first++;
    while (!counts(end - 1)) end--;
    const pairs = new Float64Array(2 * (end - first));
    for (let k = 0; k < end - first; k++) pairs.set([cosine[first + k], sine[first + k]], 2 * k);
    const from = this.#heap.put(pairs);
    return { first, from, to: from + pairs.byteLength };
  }

  run(y: Float32Array): Scalogram {
    const { taps, hopLength, filters } = this.settings;
    const frames = frameCount(y.length, { nFft: taps, hopLength });
    const data = new Float32Array(filters * frames);
    const samples = this.#heap.view(this.#samples, taps + (BLOCK - 1) * hopLength);
    const out = this.#heap.view(this.#out, 2 * BLOCK);
    for (let first = 0; first < frames; first += BLOCK) {
      const start = first * hopLength - Math.floor(taps / 2), from = Math.max(0, start);
      samples.fill(0).set(y.subarray(from, start + samples.length), from - start);
      const count = Math.min(BLOCK, frames - first);
      this.#filters.forEach((filter, row) => {
        const at = this.#samples + DOUBLE * filter.first, end = this.#out + PAIR * count;
        this.#filter(at, DOUBLE * hopLength, filter.from, filter.to, this.#out, end);
        for (let t = 0; t < count; t++) {
          data[row * frames + first + t] = Math.sqrt(out[2 * t] ** 2 + out[2 * t + 1] ** 2);
        }
      });
    }
    return { data, filters, frames };
  }
}

const banks = new Pool((key: string) => new FilterBank(JSON.parse(key) as Settings));

/**
 * The scalogram of a sound: in every frame, which is centred on a multiple of the hop length, how strong it is around
 * each filter's frequency. Before and after the sound lies silence.
 *
 * @param y samples, mono
 * @returns amplitudes, at least 0
 * @throws RangeError when the signal is empty, or as {@link scalogramFilters}
 */
export function scalogram(y: Float32Array, settings: ScalogramSettings): Scalogram {
  if (y.length === 0) throw new RangeError("cannot analyse an empty signal");
  return banks.with(JSON.stringify(withDefaults(settings)), (bank) => bank.run(y));
}
