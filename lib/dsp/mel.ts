/**
 * The mel scale and spectrograms on it, equal to librosa's (Slaney's scale and normalisation), or to TensorFlow's and
 * Kaldi's (HTK's scale).
 */
import { Pool } from "../core/pool.ts";
import { compileModule, f64, f64x2, type FunctionBuilder, i32 } from "../core/wasm.ts";
import { FrameAnalyzer, frameCount, type Framing } from "./stft.ts";
import { hann } from "./window.ts";

/** Slaney's scale (Auditory Toolbox, 1998): linear below 1 kHz, logarithmic above. */
const HZ_PER_MEL = 200 / 3, KNEE_HZ = 1000, KNEE_MEL = KNEE_HZ / HZ_PER_MEL;
const LOG_STEP = Math.log(6.4) / 27;

/** Frequency in Hz to mel. */
export function hzToMel(hz: number): number {
  return hz < KNEE_HZ ? hz / HZ_PER_MEL : KNEE_MEL + Math.log(hz / KNEE_HZ) / LOG_STEP;
}

/** Mel to frequency in Hz. */
export function melToHz(mel: number): number {
  return mel < KNEE_MEL ? mel * HZ_PER_MEL : KNEE_HZ * Math.exp(LOG_STEP * (mel - KNEE_MEL));
}

/** HTK's scale (Young et al., The HTK Book): frequency in Hz to mel. */
export const hzToHtkMel = (hz: number) => 1127 * Math.log1p(hz / 700);
const htkMelToHz = (mel: number) => 700 * Math.expm1(mel / 1127);

/** What a mel filter bank depends on. */
export interface MelBankSettings {
  /** Hz. */
  sampleRate: number;
  nFft: number;
  nMels: number;
  /** Lowest frequency in Hz. */
  fMin: number;
  /** Highest frequency in Hz, at most half the sample rate. */
  fMax: number;
  /**
   * "slaney": triangles over Hz, each of area one; "htk": triangles over HTK's mel, each of height one, as
   * TensorFlow's `linear_to_mel_weight_matrix` and Kaldi have them. Default: "slaney".
   */
  melScale?: "slaney" | "htk";
}

/** What a mel spectrogram depends on besides how the signal is framed. */
export interface MelSettings extends MelBankSettings {
  /** Samples under Hann's window at the beginning of a frame; zeros fill it. Default: nFft. */
  winLength?: number;
  /** What is summed by band: powers, or magnitudes. Default: "power". */
  of?: "power" | "magnitude";
}

/** A triangular filter's weights, without the zeros around them. */
export interface MelBand {
  /** The first bin with a weight. */
  start: number;
  /** Slaney's are per Hz: the triangle's area is one. Empty where the band is narrower than the bins are apart. */
  weights: Float64Array;
  /** The triangle's corner, peak and corner in Hz. */
  edges: [number, number, number];
}

/**
 * Triangular filters, evenly spaced in mel.
 *
 * @returns nMels bands, low to high
 * @throws RangeError when the frequencies are not 0 <= fMin < fMax <= sampleRate / 2, or there is no band
 */
export function melBank(
  { sampleRate, nFft, nMels, fMin, fMax, melScale = "slaney" }: MelBankSettings,
): MelBand[] {
  if (!(fMin >= 0 && fMin < fMax && fMax <= sampleRate / 2)) {
    throw new RangeError(
      `cannot place mel bands from ${fMin} to ${fMax} Hz at a sample rate of ${sampleRate} Hz`,
    );
  }
  if (!Number.isInteger(nMels) || nMels < 1) throw new RangeError(`cannot make ${nMels} mel bands`);
  const htk = melScale === "htk", toMel = htk ? hzToHtkMel : hzToMel;
  const toHz = htk ? htkMelToHz : melToHz;
  const low = toMel(fMin), step = (toMel(fMax) - low) / (nMels + 1);
  return Array.from({ length: nMels }, (_, band) => {
    const corners = [0, 1, 2].map((k) => low + (band + k) * step);
    const edges = corners.map(toHz) as MelBand["edges"];
    const [from, peak, to] = htk ? corners : edges;
    const height = htk ? 1 : 2 / (to - from);
    const start = Math.floor(edges[0] * nFft / sampleRate) + 1;
    const weights: number[] = [];
    for (let bin = start; bin <= nFft / 2; bin++) {
      const hz = bin * sampleRate / nFft, x = htk ? toMel(hz) : hz;
      if (x >= to) break;
      weights.push(height * Math.min((x - from) / (peak - from), (to - x) / (to - peak)));
    }
    return { start, weights: Float64Array.from(weights), edges };
  });
}

/** A spectrogram: bands by frames, in one run of numbers. */
export interface Spectrogram<T extends Float32Array | Uint8Array = Float32Array> {
  /** [nMels, frames], frames fastest; the lowest band first. */
  data: T;
  nMels: number;
  frames: number;
}

/** Bytes of a band in the kernel's table: three integers. */
const ENTRY = 12;

const instantiate = compileModule({
  /** Square roots of pairs, in place. */
  roots: {
    parameters: 2,
    build(f: FunctionBuilder) {
      const [at, end] = [0, 1].map((k) => f.parameter(k));
      f.loop(at, { below: end.get, step: i32.const(16) }, () => {
        f.run(f64x2.store(at.get, f64x2.sqrt(f64x2.load(at.get))));
      });
    },
  },
  /**
   * The powers of two frames, weighted and summed by band, as pairs in single precision. The table says for each
   * band where its first bin lies behind `power`, and where its weights begin and end.
   */
  bands: {
    parameters: 4,
    build(f: FunctionBuilder) {
      const [power, table, tableEnd, to] = [0, 1, 2, 3].map((k) => f.parameter(k));
      const [bin, weight, end] = Array.from({ length: 3 }, () => f.local("i32"));
      const sum = f.local("v128");
      f.loop(table, { below: tableEnd.get, step: i32.const(ENTRY) }, () => {
        f.run(
          bin.set(i32.add(power.get, i32.load(table.get))),
          weight.set(i32.load(table.get, 4)),
          end.set(i32.load(table.get, 8)),
          sum.set(f64x2.const(0)),
        );
        f.loop(weight, { below: end.get, step: i32.const(8) }, () => {
          const product = f64x2.mul(f64x2.load(bin.get), f64x2.loadSplat(weight.get));
          f.run(sum.set(f64x2.add(sum.get, product)), bin.set(i32.add(bin.get, i32.const(16))));
        });
        f.run(
          f64.storeSingle(to.get, f64x2.lane(sum.get, 0)),
          f64.storeSingle(to.get, f64x2.lane(sum.get, 1), 4),
          to.set(i32.add(to.get, i32.const(8))),
        );
      });
    },
  },
});

/** Frames and bands of one setting, with their memory. */
class MelAnalyzer {
  readonly #frames: FrameAnalyzer;
  readonly #functions: ReturnType<typeof instantiate>;
  readonly #table: number;
  readonly #out: number;

  constructor(readonly settings: MelSettings) {
    const { nFft, winLength = nFft } = settings, window = new Float64Array(nFft);
    window.set(hann(winLength));
    const bank = melBank(settings), frames = this.#frames = new FrameAnalyzer(nFft, window);
    const { heap } = frames;
    const entries = bank.flatMap(({ start, weights }) => {
      const at = heap.put(weights);
      return [16 * start, at, at + weights.byteLength];
    });
    this.#table = heap.take(ENTRY * bank.length);
    this.#out = heap.take(8 * bank.length);
    new Int32Array(heap.memory.buffer, this.#table, entries.length).set(entries);
    this.#functions = instantiate(heap.memory);
  }

  run(y: Float32Array, framing: Framing): Spectrogram {
    const { nMels, of } = this.settings, { heap, fft } = this.#frames;
    const frames = frameCount(y.length, framing), data = new Float32Array(nMels * frames);
    this.#frames.run(y, framing, (first, count) => {
      const power = this.#frames.power(), end = this.#table + ENTRY * nMels;
      if (of === "magnitude") this.#functions.roots(power, power + 16 * fft.bins);
      this.#functions.bands(power, this.#table, end, this.#out);
      const pairs = new Float32Array(heap.memory.buffer, this.#out, 2 * nMels);
      for (let band = 0, at = first; band < nMels; band++, at += frames) {
        data[at] = pairs[2 * band];
        if (count > 1) data[at + 1] = pairs[2 * band + 1];
      }
    });
    return { data, nMels, frames };
  }
}

const analyzers = new Pool(
  (key: string) => new MelAnalyzer(JSON.parse(key) as MelSettings),
);

/**
 * The mel spectrogram: each frame's power spectrum (or magnitudes), weighted and summed by band.
 *
 * @param y samples, mono
 * @throws RangeError for a window longer than a frame, and as {@link melBank}
 */
export function melPower(y: Float32Array, settings: MelSettings & Framing): Spectrogram {
  const { sampleRate, nFft, nMels, fMin, fMax, melScale, winLength, of } = settings;
  if (winLength !== undefined && !(winLength > 0 && winLength <= nFft)) {
    throw new RangeError(`a window of ${winLength} samples does not fit into frames of ${nFft}`);
  }
  const key = JSON.stringify({ sampleRate, nFft, nMels, fMin, fMax, melScale, winLength, of });
  return analyzers.with(key, (analyzer) => analyzer.run(y, settings));
}
