/** Level and zero crossings of a signal's frames, on the same frames as its spectra. */
import { frameCount, type Framing } from "./stft.ts";

/** What the frames of these functions depend on; what lies around the signal is not a choice here. */
export type WaveformFraming = Omit<Framing, "padMode">;

/**
 * The root mean square of every frame, zeros around the signal; as librosa's `rms`.
 *
 * @param y samples, mono
 * @returns a value for each frame
 */
export function rootMeanSquare(y: Float32Array, framing: WaveformFraming): Float64Array {
  return Float64Array.from(spans(y.length, framing), ({ from, to }) => {
    let sum = 0;
    for (let t = from; t < to; t++) sum += y[t] * y[t];
    return Math.sqrt(sum / framing.nFft);
  });
}

/** Samples within this of zero count as zero, which is positive. */
const NEARLY_ZERO = 1e-10;

/**
 * The number of sign changes from sample to sample in every frame over its length, the first and last sample repeated
 * around the signal; as librosa's `zero_crossing_rate`.
 *
 * @param y samples, mono
 * @returns 0..1, a value for each frame
 */
export function zeroCrossingRate(y: Float32Array, framing: WaveformFraming): Float64Array {
  const crossings = new Uint32Array(y.length); // up to and with each sample
  let count = 0, before = Number(y[0] < -NEARLY_ZERO);
  for (let t = 1; t < y.length; t++) {
    const negative = Number(y[t] < -NEARLY_ZERO);
    crossings[t] = count += negative ^ before;
    before = negative;
  }
  return Float64Array.from(
    spans(y.length, framing),
    ({ from, to }) => to > from ? (crossings[to - 1] - crossings[from]) / framing.nFft : 0,
  );
}

/** The part of the signal that each frame covers. */
function spans(n: number, framing: WaveformFraming): { from: number; to: number }[] {
  const { nFft, hopLength, center = true } = framing;
  const reach = center ? Math.floor(nFft / 2) : 0;
  return Array.from({ length: frameCount(n, framing) }, (_, frame) => {
    const start = frame * hopLength - reach;
    return { from: Math.max(0, start), to: Math.min(n, start + nFft) };
  });
}
