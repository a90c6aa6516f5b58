/**
 * Fingerprints of sound: 32 bits a frame that survive resampling, gain, coding and noise.
 *
 * After Haitsma and Kalker, "A highly robust audio fingerprinting system", ISMIR 2002: in 33 bands, equally
 * wide in pitch, a bit is the sign of the change in time of the difference of neighbouring energies. Two
 * settings are ours, as clips here last three seconds and hold long notes: frames of 256 ms instead of 370, so
 * that what was trimmed away changes less of the rest, and a change over 128 ms instead of 12, whose sign
 * noise turns over less easily.
 */
import { powerFrames } from "./stft.ts";

/** The rate that sounds are compared at, in Hz: bands end at 3 kHz. */
export const FINGERPRINT_RATE = 8000;

const HOP = 128, FRAME = 2048, CHANGE = 8, BANDS = 33, LOW = 200, HIGH = 3000;

/** Fingerprints of a second. */
export const FINGERPRINTS_PER_SECOND = FINGERPRINT_RATE / HOP;

/** First bins of the bands, and the end of the last one. */
const EDGES = Array.from(
  { length: BANDS + 1 },
  (_, band) => Math.round(LOW * (HIGH / LOW) ** (band / BANDS) / FINGERPRINT_RATE * FRAME),
);

/**
 * The fingerprint of every frame, 62.5 a second.
 *
 * @param y samples at {@link FINGERPRINT_RATE}
 * @returns one for each frame that has another one 128 ms before it; 0 in digital silence. Bit b compares
 * bands b and b + 1, low first
 */
export function subFingerprints(y: Float32Array): Uint32Array {
  const energies: Float64Array[] = [];
  if (y.length === 0) return new Uint32Array(0);
  powerFrames(y, { nFft: FRAME, hopLength: HOP }, (_, power) => {
    const bands = new Float64Array(BANDS);
    for (let band = 0; band < BANDS; band++) {
      for (let k = EDGES[band]; k < EDGES[band + 1]; k++) bands[band] += power[k];
    }
    energies.push(bands);
  });
  const out = new Uint32Array(Math.max(0, energies.length - CHANGE));
  for (let t = 0; t < out.length; t++) {
    const before = energies[t], now = energies[t + CHANGE];
    for (let b = 0; b < BANDS - 1; b++) {
      if (now[b] - now[b + 1] > before[b] - before[b + 1]) out[t] |= 1 << b;
    }
  }
  return out;
}
