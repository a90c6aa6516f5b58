/**
 * Network input and the power that it stands for, by tables: within 0.01 dB.
 *
 * Spectrograms are dB relative to their maximum, with a floor; networks see (dB - networkMean) / networkDeviation. Sounds
 * are added in power.
 */
import type { FrontEnd } from "./front_end.ts";

/** What network input means: dB = networkMean + networkDeviation * input, from -topDb to 0. */
export type Scaling = Pick<FrontEnd, "networkMean" | "networkDeviation" | "topDb">;

/** Steps between the floor and 0 dB in the table of powers: 16 to each of a byte's, so bytes are met exactly. */
const POWER_STEPS = 255 * 16;
/** Tables by their floor. */
const POWERS = new Map<number, Float32Array>();

function powersDownTo(topDb: number): Float32Array {
  let powers = POWERS.get(topDb);
  if (!powers) {
    powers = Float32Array.from(
      { length: POWER_STEPS + 1 },
      (_, k) => 10 ** ((k / POWER_STEPS - 1) * topDb / 10),
    );
    POWERS.set(topDb, powers);
  }
  return powers;
}

/** log10 of a float from its bits: a table over exponents, and one over the mantissa's first 11 bits (0.001 dB). */
const MANTISSA_BITS = 11;
const EXPONENT_LOGS = Float64Array.from({ length: 256 }, (_, e) => (e - 127) * Math.log10(2));
const MANTISSA_LOGS = Float64Array.from(
  { length: 1 << MANTISSA_BITS },
  (_, m) => Math.log10(1 + (m + 0.5) / (1 << MANTISSA_BITS)),
);

/** Network input becomes power relative to 0 dB, at the floor where it is below. @param power as many values, which are set */
export function toPower(
  input: Float32Array,
  power: Float32Array,
  { networkMean, networkDeviation, topDb }: Scaling,
): void {
  const powers = powersDownTo(topDb), scale = POWER_STEPS * networkDeviation / topDb;
  const offset = POWER_STEPS * (1 + networkMean / topDb) + 0.5;
  for (let k = 0; k < input.length; k++) {
    const place = input[k] * scale + offset;
    power[k] = powers[place < 0 ? 0 : place > POWER_STEPS ? POWER_STEPS : place | 0];
  }
}

/** Power becomes network input: dB relative to its maximum, with the floor. @param input as many values, which are set */
export function toInput(
  power: Float32Array,
  input: Float32Array,
  { networkMean, networkDeviation, topDb }: Scaling,
): void {
  const factor = 10 / networkDeviation, high = -networkMean / networkDeviation;
  const low = high - topDb / networkDeviation;
  let largest = 0;
  for (let k = 0; k < power.length; k++) if (power[k] > largest) largest = power[k];
  const bits = new Uint32Array(power.buffer, power.byteOffset, power.length);
  const zero = Math.log10(largest), shift = 23 - MANTISSA_BITS, mask = (1 << MANTISSA_BITS) - 1;
  for (let k = 0; k < power.length; k++) {
    const log = EXPONENT_LOGS[bits[k] >>> 23] + MANTISSA_LOGS[(bits[k] >>> shift) & mask];
    const value = (log - zero) * factor + high;
    input[k] = value < low ? low : value > high ? high : value;
  }
}
