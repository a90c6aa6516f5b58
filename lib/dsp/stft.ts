/** Short-time power spectra. */
import { RealFft } from "./fft.ts";
import { hann } from "./window.ts";

/** How a signal is cut into frames. */
export interface Framing {
  /** Samples in a frame. */
  nFft: number;
  /** Samples from one frame to the next. */
  hopLength: number;
  /** What lies before and after the signal, for nFft / 2 samples. Default: zeros, as librosa's. */
  padMode?: "constant" | "reflect";
}

/** Frames of a signal of n samples: one centred on every multiple of the hop length, from 0 to n. */
export function frameCount(n: number, { nFft, hopLength }: Framing): number {
  return 1 + Math.floor((n + 2 * Math.floor(nFft / 2) - nFft) / hopLength);
}

/**
 * The power spectrum |X|^2 of every frame under Hann's window, frame t centred on sample t hopLength.
 *
 * @param visit gets each frame's number and its nFft / 2 + 1 powers, in memory that the next frame reuses
 * @returns the number of frames
 * @throws RangeError when the signal is too short to be reflected, or empty
 */
export function powerFrames(
  y: Float32Array | Float64Array,
  framing: Framing,
  visit: (frame: number, power: Float64Array) => void,
): number {
  const { nFft, hopLength } = framing;
  const padded = pad(y, framing);
  const window = hann(nFft), fft = new RealFft(nFft);
  const frame = new Float64Array(nFft), power = new Float64Array(fft.bins);
  const frames = frameCount(y.length, framing);
  const { re, im, bins } = fft;
  for (let t = 0; t < frames; t++) {
    const start = t * hopLength;
    for (let k = 0; k < nFft; k++) frame[k] = window[k] * padded[start + k];
    fft.transform(frame);
    for (let k = 0; k < bins; k++) power[k] = re[k] * re[k] + im[k] * im[k];
    visit(t, power);
  }
  return frames;
}

function pad(y: Float32Array | Float64Array, { nFft, padMode = "constant" }: Framing) {
  const n = y.length, half = Math.floor(nFft / 2);
  if (n === 0) throw new RangeError("cannot analyse an empty signal");
  const padded = new Float64Array(n + 2 * half);
  padded.set(y, half);
  if (padMode === "reflect") {
    if (n <= half) {
      throw new RangeError(`cannot reflect a signal of ${n} samples by ${half}: it is too short`);
    }
    for (let k = 1; k <= half; k++) {
      padded[half - k] = y[k];
      padded[half + n - 1 + k] = y[n - 1 - k];
    }
  }
  return padded;
}
