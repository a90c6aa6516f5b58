/** Made-up music, and what happens to copies of a sound. */
import { type Random, randomFrom } from "lib/core/random.ts";
import { istft, stft } from "lib/dsp/stft.ts";

/** Three seconds of plucked notes with eight harmonics at random times and pitches. */
export function tune(seed: number, sampleRate: number): Float32Array {
  const random = randomFrom("tune", seed), y = new Float32Array(3 * sampleRate);
  for (let onset = 0; onset < 3; onset += random.uniform(0.1, 0.4)) {
    const pitch = 110 * 2 ** (random.integer(0, 36) / 12), level = random.uniform(0.3, 1);
    const decay = random.uniform(2, 8);
    for (let n = Math.floor(onset * sampleRate); n < y.length; n++) {
      const t = n / sampleRate - onset;
      for (let h = 1; h <= 8 && h * pitch < 0.45 * sampleRate; h++) {
        const partial = level / h * Math.exp(-decay * h * t);
        y[n] += 0.1 * partial * Math.sin(2 * Math.PI * h * pitch * t);
      }
    }
  }
  return y;
}

/** Noise at a level below the sound's, in dB. */
export function addNoise(y: Float32Array, below: number, random: Random): Float32Array {
  const rms = Math.sqrt(y.reduce((sum, x) => sum + x * x, 0) / y.length);
  const level = rms * 10 ** (-below / 20);
  return y.map((x) => x + level * random.normal());
}

/** Noise as coders leave it: in every cell of time and pitch as far below the sound, in dB. */
export function addCodingNoise(y: Float32Array, below: number, random: Random): Float32Array {
  const framing = { nFft: 512, hopLength: 128 };
  const spectrum = stft(y, framing), level = 10 ** (-below / 20) / Math.SQRT2;
  spectrum.re.forEach((re, k) => {
    const magnitude = level * Math.hypot(re, spectrum.im[k]);
    spectrum.re[k] += magnitude * random.normal();
    spectrum.im[k] += magnitude * random.normal();
  });
  return istft(spectrum, framing, { length: y.length });
}

/** A piece of a sound, of so many samples, from anywhere. */
export function trim(y: Float32Array, length: number, random: Random): Float32Array {
  const start = random.integer(0, y.length - length + 1);
  return y.slice(start, start + length);
}
