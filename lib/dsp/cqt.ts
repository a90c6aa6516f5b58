/** The constant-Q transform: bins evenly spaced in pitch, long windows for low ones (J. C. Brown, 1991). */
import { filterReach, resample } from "../audio/resample.ts";
import { Pool } from "../core/pool.ts";
import { compileModule, f64, f64x2, type FunctionBuilder, i32 } from "../core/wasm.ts";
import { FrameAnalyzer } from "./stft.ts";
import {
  placeWavelets,
  waveletFrame,
  type Wavelets,
  type WaveletSettings,
  type WaveletSpectrum,
  waveletSpectrum,
} from "./wavelets.ts";

/** How a signal is analysed. */
export interface ConstantQSettings extends WaveletSettings {
  /** Hz. */
  sampleRate: number;
  /** Samples from one frame to the next. An odd one is slow: no octave can be analysed at a lower rate. Default: 512. */
  hopLength?: number;
  /** Part of each wavelet's summed magnitudes that is left out, in its weakest bins, from 0 to below 1. Default: 0.01. */
  sparsity?: number;
  /** Whether magnitudes are over the square root of the wavelet's number of samples. Default: true. */
  scale?: boolean;
}

/** Magnitudes of bins evenly spaced in pitch. */
export interface ConstantQSpectrogram {
  /** [bins, frames], frames fastest; the lowest bin first. */
  data: Float32Array;
  bins: number;
  frames: number;
  /** Of every bin, in Hz. */
  frequency: Float64Array;
}

/** Bytes of a bin of a wavelet, of both spectra, and of a wavelet in the kernel's table. */
const WEIGHT = 16, BIN = 32, ENTRY = 12;

const instantiate = compileModule({
  /**
   * Magnitudes of the products of two spectra with wavelets, as pairs in single precision. The table says for each
   * wavelet where its first bin lies in the spectrum, and where its weights begin and end.
   */
  project: {
    parameters: 4,
    build(f: FunctionBuilder) {
      const [spectrum, table, tableEnd, to] = [0, 1, 2, 3].map((k) => f.parameter(k));
      const [bin, weight, end] = Array.from({ length: 3 }, () => f.local("i32"));
      const [re, im, weightRe, weightIm] = Array.from({ length: 4 }, () => f.local("v128"));
      f.loop(table, { below: tableEnd.get, step: i32.const(ENTRY) }, () => {
        f.run(
          bin.set(i32.add(spectrum.get, i32.load(table.get))),
          weight.set(i32.load(table.get, 4)),
          end.set(i32.load(table.get, 8)),
          re.set(f64x2.const(0)),
          im.set(f64x2.const(0)),
        );
        f.loop(weight, { below: end.get, step: i32.const(WEIGHT) }, () => {
          const x = f64x2.load(bin.get), y = f64x2.load(bin.get, BIN / 2);
          f.run(
            weightRe.set(f64x2.loadSplat(weight.get)),
            weightIm.set(f64x2.loadSplat(weight.get, WEIGHT / 2)),
          );
          const product = {
            re: f64x2.sub(f64x2.mul(x, weightRe.get), f64x2.mul(y, weightIm.get)),
            im: f64x2.add(f64x2.mul(x, weightIm.get), f64x2.mul(y, weightRe.get)),
          };
          f.run(
            re.set(f64x2.add(re.get, product.re)),
            im.set(f64x2.add(im.get, product.im)),
            bin.set(i32.add(bin.get, i32.const(BIN))),
          );
        });
        const square = f64x2.add(f64x2.mul(re.get, re.get), f64x2.mul(im.get, im.get));
        f.run(
          re.set(f64x2.sqrt(square)),
          f64.storeSingle(to.get, f64x2.lane(re.get, 0)),
          f64.storeSingle(to.get, f64x2.lane(re.get, 1), 4),
          to.set(i32.add(to.get, i32.const(8))),
        );
      });
    },
  },
});

/** Frames of one size without a window, and what wavelets answer to them. */
class WaveletAnalyzer {
  readonly #frames: FrameAnalyzer;
  readonly #project: (spectrum: number, table: number, tableEnd: number, to: number) => void;
  #room = { at: 0, bytes: 0 };

  constructor(nFft: number) {
    this.#frames = new FrameAnalyzer(nFft, new Float64Array(nFft).fill(1));
    this.#project = instantiate(this.#frames.heap.memory).project;
  }

  get fft() {
    return this.#frames.fft;
  }

  /** @param visit gets the frames' number and the magnitudes of both by wavelet, alternating */
  run(
    y: Float32Array,
    { hopLength, wavelets }: { hopLength: number; wavelets: readonly WaveletSpectrum[] },
    visit: (first: number, count: 1 | 2, magnitudes: Float32Array) => void,
  ): void {
    const frames = this.#frames, { heap, fft } = frames, count = wavelets.length;
    const weights = wavelets.reduce((sum, { values }) => sum + values.length, 0);
    const out = this.#take(8 * weights + (8 + ENTRY) * count), table = out + 8 * count;
    let at = Math.ceil((table + ENTRY * count) / 8) * 8;
    const entries = wavelets.flatMap(({ start, values }) => {
      heap.view(at, values.length).set(values);
      return [BIN * start, at, at += 8 * values.length];
    });
    new Int32Array(heap.memory.buffer, table, entries.length).set(entries);
    frames.run(y, { nFft: fft.n, hopLength }, (first, lanes) => {
      this.#project(fft.spectrumAt, table, table + ENTRY * count, out);
      visit(first, lanes, new Float32Array(heap.memory.buffer, out, 2 * count));
    });
  }

  #take(bytes: number): number {
    if (this.#room.bytes < bytes + 8) {
      this.#room = { at: this.#frames.heap.take(bytes + 8), bytes: bytes + 8 };
    }
    return this.#room.at;
  }
}

const analyzers = new Pool((nFft: number) => new WaveletAnalyzer(nFft));

/**
 * Magnitudes of the constant-Q transform, as of `librosa.cqt` (and of `librosa.vqt` where gamma is given): octave by
 * octave from the top, each at half the sample rate of the one above as long as the hop length is even.
 *
 * Differs from librosa, which halves the rate with soxr, where a signal begins or ends abruptly: what the filters'
 * ringing adds before the first and after the last sample is kept here and cut off there.
 *
 * @param y samples, mono
 * @returns frames centred on multiples of the hop length
 * @throws RangeError when the signal is empty, the highest bin reaches beyond half the sample rate, or a setting is
 * not in its range
 */
export function constantQ(y: Float32Array, settings: ConstantQSettings): ConstantQSpectrogram {
  const { sampleRate, hopLength = 512, scale = true, sparsity = 0.01 } = settings;
  if (y.length === 0) throw new RangeError("cannot analyse an empty signal");
  if (!Number.isInteger(hopLength) || hopLength < 1) {
    throw new RangeError(`cannot cut frames at a hop length of ${hopLength}`);
  }
  if (!(sparsity >= 0 && sparsity < 1)) {
    throw new RangeError(`cannot leave out ${sparsity} of a wavelet: only 0 to below 1`);
  }
  const wavelets = placeWavelets(settings), { frequency, duration } = wavelets;
  const octaves = planOctaves(wavelets, settings), [{ hop, by }] = octaves;
  const frames = 1 + Math.floor(Math.ceil(y.length / by) / hop);
  const data = new Float32Array(frequency.length * frames);
  const quietFrames = Math.ceil(ringing(octaves, sampleRate) / hopLength);
  let samples: Float32Array = new Float32Array(y.length + 2 * quietFrames * hopLength);
  samples.set(y, quietFrames * hopLength);
  const known = new Map<string, WaveletSpectrum[]>();
  for (const { start, end, rate, hop, by, passBand } of octaves) {
    samples = resample(samples, by, 1, { passBand });
    const nFft = waveletFrame(duration.subarray(start, end), rate);
    const factor = duration.slice(start, end).map((seconds) => {
      const length = seconds * sampleRate;
      return (scale ? Math.sqrt(length) : length) / nFft;
    });
    analyzers.with(nFft, (analyzer) => {
      // octaves are often the same in relation to their sample rates
      const key = `${frequency[start] / rate} ${duration[start] * rate} ${end - start}`;
      const spectra = known.getOrInsertComputed(
        key,
        () =>
          Array.from(factor, (_, k) =>
            waveletSpectrum(
              { frequency: frequency[start + k], duration: duration[start + k] },
              { fft: analyzer.fft, sampleRate: rate, sparsity },
            )),
      );
      analyzer.run(samples, { hopLength: hop, wavelets: spectra }, (first, count, magnitudes) => {
        for (let lane = 0; lane < count; lane++) {
          const frame = first + lane - quietFrames;
          if (frame < 0 || frame >= frames) continue;
          for (let k = 0; k < factor.length; k++) {
            data[(start + k) * frames + frame] = factor[k] * magnitudes[2 * k + lane];
          }
        }
      });
    });
  }
  return { data, bins: frequency.length, frames, frequency };
}

/** Wavelets that are analysed at one sample rate. */
interface Octave {
  /** The first bin, and the one after the last. */
  start: number;
  end: number;
  /** Hz, and the hop length at this rate. */
  rate: number;
  hop: number;
  /** What the rate of the octave above is divided by, and up to which part of half the rate this must be flat. */
  by: number;
  passBand: number;
}

/**
 * From the top: the rate is halved before the first octave as often as it reaches less than a quarter of it and the
 * hop stays whole for all octaves, and after each octave while the hop is even.
 */
function planOctaves(
  { frequency, duration, cutoff }: Wavelets,
  { sampleRate, hopLength = 512, binsPerOctave = 12 }: ConstantQSettings,
): Octave[] {
  const bins = frequency.length, nyquist = sampleRate / 2;
  if (cutoff > nyquist) {
    throw new RangeError(
      `cannot analyse up to ${Math.round(cutoff)} Hz at a sample rate of ${sampleRate} Hz: ` +
        "take fewer bins or a lower fMin",
    );
  }
  const even = 31 - Math.clz32(hopLength & -hopLength); // how often the hop length can be halved
  const spare = even - Math.ceil(bins / binsPerOctave) + 1;
  const halvings = Math.max(0, Math.min(Math.ceil(Math.log2(nyquist / cutoff)) - 2, spare));
  let by = 2 ** halvings, rate = sampleRate / by, hop = hopLength / by;
  const octaves: Octave[] = [];
  for (let end = bins; end > 0; end -= binsPerOctave) {
    // twice as far above the highest wavelet as its spectrum's main lobe reaches
    const reach = frequency[end - 1] + 4 / duration[end - 1];
    const passBand = Math.min(0.9, Math.ceil(20 * reach / (rate / 2)) / 20);
    octaves.push({ start: Math.max(0, end - binsPerOctave), end, rate, hop, by, passBand });
    by = hop % 2 === 0 ? 2 : 1;
    rate /= by;
    hop /= by;
  }
  return octaves;
}

/** Samples at the full rate that all filters together add on either side. */
function ringing(octaves: readonly Octave[], sampleRate: number): number {
  return octaves.reduce(
    (sum, { by, rate, passBand }) =>
      by === 1 ? sum : sum + filterReach({ passBand }) * sampleRate / rate,
    0,
  );
}
