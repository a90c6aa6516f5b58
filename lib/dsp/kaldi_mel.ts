/** Mel spectrograms with Kaldi's frames (Povey et al., 2011), as `torchaudio.compliance.kaldi.fbank` makes them. */
import { Pool } from "../core/pool.ts";
import { RealFft } from "./fft.ts";
import { melBank, type MelBankSettings, type Spectrogram } from "./mel.ts";

/** How frames are cut and prepared. */
export interface KaldiMelSettings extends Omit<MelBankSettings, "melScale"> {
  /** Samples in a frame; zeros fill it up to nFft. */
  winLength: number;
  /** Samples from one frame to the next. Frames end before the signal does: what does not fill one is left out. */
  hopLength: number;
  /** Share of each sample's predecessor that is taken from it. */
  preEmphasis: number;
}

/** Hann's window of n samples, symmetric: zero at both ends. */
const symmetricHann = (n: number) =>
  Float64Array.from({ length: n }, (_, t) => 0.5 - 0.5 * Math.cos(2 * Math.PI * t / (n - 1)));

/** Frames and bands of one setting, with their memory. */
class KaldiAnalyzer {
  readonly #fft: RealFft;
  readonly #window: Float64Array;
  readonly #bank;

  constructor(readonly settings: KaldiMelSettings) {
    this.#fft = new RealFft(settings.nFft);
    this.#window = symmetricHann(settings.winLength);
    this.#bank = melBank({ ...settings, melScale: "htk" });
  }

  /** A frame's samples without their mean, pre-emphasised, under the window, in one lane of the transform. */
  #load(y: Float32Array, start: number, lane: number): void {
    const { winLength, preEmphasis } = this.settings, { samples } = this.#fft;
    let sum = 0;
    for (let t = 0; t < winLength; t++) sum += y[start + t];
    const mean = sum / winLength;
    let before = 0; // the first sample's own predecessor is of no account: the window is zero there
    for (let t = 0; t < winLength; t++) {
      const x = y[start + t] - mean;
      samples[2 * t + lane] = (x - preEmphasis * before) * this.#window[t];
      before = x;
    }
  }

  run(y: Float32Array): Spectrogram {
    const { nMels, winLength, hopLength } = this.settings;
    const frames = Math.max(0, 1 + Math.floor((y.length - winLength) / hopLength));
    const data = new Float32Array(nMels * frames);
    this.#fft.samples.fill(0); // behind the window, where nothing is written
    for (let first = 0; first < frames; first += 2) {
      const count = Math.min(2, frames - first);
      for (let lane = 0; lane < count; lane++) this.#load(y, (first + lane) * hopLength, lane);
      this.#fft.transform();
      const { spectrum } = this.#fft;
      this.#bank.forEach(({ start, weights }, band) => {
        for (let lane = 0; lane < count; lane++) {
          let sum = 0;
          for (let k = 0; k < weights.length; k++) {
            const at = 4 * (start + k) + lane;
            sum += weights[k] * (spectrum[at] ** 2 + spectrum[at + 2] ** 2);
          }
          data[band * frames + first + lane] = sum;
        }
      });
    }
    return { data, nMels, frames };
  }
}

const analyzers = new Pool((key: string) => new KaldiAnalyzer(JSON.parse(key)));

/**
 * The mel spectrogram: each frame's power spectrum, summed by band under triangles of height one over HTK's mel.
 *
 * @param y samples, mono
 * @returns [nMels, frames]; no frame where the signal is shorter than one
 * @throws RangeError for a window longer than a frame, a hop that is no number of samples, and as {@link melBank}
 */
export function kaldiMelPower(y: Float32Array, settings: KaldiMelSettings): Spectrogram {
  const { sampleRate, nFft, nMels, fMin, fMax, winLength, hopLength, preEmphasis } = settings;
  if (!(winLength > 1 && winLength <= nFft)) {
    throw new RangeError(`a window of ${winLength} samples does not fit into frames of ${nFft}`);
  }
  if (!Number.isInteger(hopLength) || hopLength < 1) {
    throw new RangeError(`cannot cut frames at a hop length of ${hopLength}`);
  }
  const key = { sampleRate, nFft, nMels, fMin, fMax, winLength, hopLength, preEmphasis };
  return analyzers.with(JSON.stringify(key), (analyzer) => analyzer.run(y));
}
