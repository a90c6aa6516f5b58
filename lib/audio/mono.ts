/** Many channels to one. */
import { resample } from "./resample.ts";
import type { Sound } from "./sound.ts";

/** The mean of all channels (F1); one channel is returned as it is. */
export function toMono({ channels }: Sound): Float32Array {
  return channels.length === 1 ? channels[0] : mean(channels, new Float32Array(channels[0].length));
}

function mean(channels: readonly Float32Array[], into: Float32Array): Float32Array {
  const count = channels.length;
  if (count === 2) {
    // a loop of its own takes a third of the time
    const [left, right] = channels;
    for (let t = 0; t < into.length; t++) into[t] = (left[t] + right[t]) / 2;
    return into;
  }
  for (let t = 0; t < into.length; t++) {
    let sum = 0;
    for (let c = 0; c < count; c++) sum += channels[c][t];
    into[t] = sum / count;
  }
  return into;
}

/** Samples of one channel that are kept for the next sound, at the most: fresh memory costs more than the mean. */
const MOST_KEPT = 2 ** 22;
let kept = new Float32Array();

/** A sound in one channel at another sample rate, in Hz: what every analysis begins with (F1, F2). */
export function monoAt(sound: Sound, sampleRate: number): Float32Array {
  const { channels: [{ length }, ...others] } = sound;
  if (others.length === 0 || sound.sampleRate === sampleRate || length > MOST_KEPT) {
    return resample(toMono(sound), sound.sampleRate, sampleRate);
  }
  if (kept.length < length) kept = new Float32Array(length);
  return resample(mean(sound.channels, kept.subarray(0, length)), sound.sampleRate, sampleRate);
}
