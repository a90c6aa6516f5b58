/** Noise, and how loud it is beside a signal (A4, A10). */
import { Pool } from "../core/pool.ts";
import type { Random } from "../core/random.ts";
import { RealFft } from "../dsp/fft.ts";

/** Colours of noise; the power of each falls as 1 / f^k, k from {@link SLOPES}. */
export const NOISE_COLORS = ["white", "pink", "brown", "blue", "violet"] as const;

/** A colour of noise. */
export type NoiseColor = typeof NOISE_COLORS[number];

/** k: pink noise loses 3.01 dB an octave, brown 6.02; blue and violet gain as much. */
const SLOPES: Readonly<Record<NoiseColor, number>> = {
  white: 0,
  pink: 1,
  brown: 2,
  blue: -1,
  violet: -2,
};

/** Below this there is none: else nearly all power of brown noise were where nobody hears it. */
const LOWEST_HZ = 20;

const transforms = new Pool((n: number) => new RealFft(n));

/**
 * Gaussian noise with a spectrum of 1 / f^k from 20 Hz to half the sample rate, and a mean power of 1.
 *
 * @param n number of samples, at least 1
 */
export function coloredNoise(
  n: number,
  { color, sampleRate, random }: { color: NoiseColor; sampleRate: number; random: Random },
): Float32Array {
  const size = 2 ** Math.max(1, Math.ceil(Math.log2(n))); // few sizes, so that few plans are kept
  return transforms.with(size, (fft) => {
    const { spectrum, bins } = fft;
    spectrum.fill(0);
    for (let k = Math.max(1, Math.ceil(LOWEST_HZ * size / sampleRate)); k < bins; k++) {
      const amplitude = (k / bins) ** (-SLOPES[color] / 2);
      spectrum[4 * k] = amplitude * random.normal();
      spectrum[4 * k + 2] = 2 * k < size ? amplitude * random.normal() : 0;
    }
    fft.inverse();
    const { samples } = fft;
    let energy = 0;
    for (let t = 0; t < n; t++) energy += samples[2 * t] ** 2;
    const gain = energy > 0 ? Math.sqrt(n / energy) : 0, noise = new Float32Array(n);
    for (let t = 0; t < n; t++) noise[t] = gain * samples[2 * t];
    return noise;
  });
}

/**
 * A signal with noise added at a signal-to-noise ratio: of the mean powers of the two, over the whole signal.
 *
 * @param noise as many samples as y has, at any level
 * @param snr in dB; at Infinity nothing is added
 * @returns y itself where it or the noise is silent: there is no level to be relative to
 */
export function addNoise(y: Float32Array, noise: Float32Array, snr: number): Float32Array {
  const gain = Math.sqrt(meanPower(y) / meanPower(noise) / 10 ** (snr / 10));
  if (!(gain > 0 && gain < Infinity)) return y;
  return y.map((value, t) => value + gain * noise[t]);
}

function meanPower(y: Float32Array): number {
  let sum = 0;
  for (let t = 0; t < y.length; t++) sum += y[t] * y[t];
  return sum / y.length;
}
