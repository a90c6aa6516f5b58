/** Power and decibels. */

/** Powers below this count as this, as in librosa. */
const SMALLEST = 1e-10;

/** Options of {@link powerToDecibel}. */
export interface DecibelOptions {
  /** The power that is 0 dB: a number, or the largest of the values. Default: "max". */
  reference?: number | "max";
  /** The floor lies this far below the largest value; no floor where it is Infinity. Default: 80. */
  topDb?: number;
}

/**
 * 10 log10(power / reference), not lower than topDb below the largest value; as `librosa.power_to_db`.
 *
 * Differs from it for a signal without any power: against its own maximum that is the floor everywhere,
 * not 0 dB everywhere, so that silence is never the loudest thing there is.
 */
export function powerToDecibel(
  power: Float32Array,
  { reference = "max", topDb = 80 }: DecibelOptions = {},
): Float32Array {
  let largest = 0;
  for (let k = 0; k < power.length; k++) largest = Math.max(largest, power[k]);
  const zero = reference === "max" ? largest : reference;
  if (zero === 0) return new Float32Array(power.length).fill(-topDb);
  const offset = 10 * Math.log10(Math.max(SMALLEST, zero));
  const floor = 10 * Math.log10(Math.max(SMALLEST, largest)) - offset - topDb;
  const decibel = new Float32Array(power.length);
  for (let k = 0; k < power.length; k++) {
    decibel[k] = Math.max(10 * Math.log10(Math.max(SMALLEST, power[k])) - offset, floor);
  }
  return decibel;
}

/** reference 10^(dB / 10): the inverse of {@link powerToDecibel} above its floor. */
export function decibelToPower(decibel: ArrayLike<number>, reference = 1): Float32Array {
  const power = new Float32Array(decibel.length);
  for (let k = 0; k < power.length; k++) power[k] = reference * 10 ** (decibel[k] / 10);
  return power;
}
