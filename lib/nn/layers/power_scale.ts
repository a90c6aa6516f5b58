/**
 * Decibels turned back into power in front of a network (E23): the document's program fed powers, its pictures show
 * decibels. What is more than the front end's range below the maximum stays at its floor.
 */
import { byteDecibels } from "../../features/bytes.ts";
import type { FrontEnd } from "../../features/front_end.ts";
import { tf } from "../engine/mod.ts";

/** A scale: power to an exponent, standardised. */
export interface PowerScale {
  exponent: number;
  /** Of all cells of the clips that are trained on. */
  mean: number;
  deviation: number;
}

/**
 * Power, and its cube root, which is near to how loudness grows with it (Stevens, "The measurement of loudness", 1955).
 * Mean and deviation are of the real spectrograms that the first fold's runs are trained on, by {@link momentsOfPower};
 * other folds and front ends take the same.
 */
export const POWER_SCALES = {
  "power": { exponent: 1, mean: 0.0062586, deviation: 0.038244 },
  "cube-root": { exponent: 1 / 3, mean: 0.076017, deviation: 0.10188 },
} as const satisfies Record<string, PowerScale>;

/**
 * Mean and deviation of power to an exponent, relative to each clip's maximum.
 *
 * @param bytes spectrograms of the front end, in any shape
 */
export function momentsOfPower(
  bytes: Uint8Array,
  { exponent, frontEnd }: { exponent: number; frontEnd: FrontEnd },
): { mean: number; deviation: number } {
  const counts = new Float64Array(256);
  for (const byte of bytes) counts[byte]++;
  const values = Array.from(byteDecibels(frontEnd), (decibel) => 10 ** (decibel / 10 * exponent));
  const expectation = (of: (value: number) => number) =>
    values.reduce((sum, value, byte) => sum + counts[byte] * of(value), 0) / bytes.length;
  const mean = expectation((value) => value);
  return { mean, deviation: Math.sqrt(expectation((value) => (value - mean) ** 2)) };
}

/**
 * Network input on a scale of power.
 *
 * @param x (dB - networkMean) / networkDeviation, of any shape
 */
export function toPowerScale(
  x: tf.Tensor,
  { exponent, mean, deviation }: PowerScale,
  { networkMean, networkDeviation }: Pick<FrontEnd, "networkMean" | "networkDeviation">,
): tf.Tensor {
  const nepers = exponent * Math.LN10 / 10; // of x's decibels
  return x.mul(networkDeviation * nepers).add(networkMean * nepers).exp().sub(mean).div(deviation);
}
