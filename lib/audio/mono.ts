/** Many channels to one. */
import { resample } from "./resample.ts";
import type { Sound } from "./sound.ts";

/** The mean of all channels (F1); one channel is returned as it is. */
export function toMono({ channels }: Sound): Float32Array {
  if (channels.length === 1) return channels[0];
  const mean = new Float32Array(channels[0].length), count = channels.length;
  for (let t = 0; t < mean.length; t++) {
    let sum = 0;
    for (let c = 0; c < count; c++) sum += channels[c][t];
    mean[t] = sum / count;
  }
  return mean;
}

/** A sound in one channel at another sample rate, in Hz: what every analysis begins with (F1, F2). */
export function monoAt(sound: Sound, sampleRate: number): Float32Array {
  return resample(toMono(sound), sound.sampleRate, sampleRate);
}
