/** The signals and settings of fixtures/make_mel_fixtures.py, and how results are compared with it. */
import assert from "node:assert/strict";
import type { NpyArray } from "lib/core/npz.ts";
import type { Spectrogram } from "lib/dsp/mel.ts";

export const SETTINGS = {
  default: { sampleRate: 16000, nFft: 400, hopLength: 160, nMels: 128, fMin: 0, fMax: 8000 },
  librosa: { sampleRate: 22050, nFft: 2048, hopLength: 512, nMels: 128, fMin: 0, fMax: 11025 },
  narrow: { sampleRate: 16000, nFft: 512, hopLength: 200, nMels: 64, fMin: 80, fMax: 7600 },
  irmas: { sampleRate: 16000, nFft: 2048, hopLength: 512, nMels: 128, fMin: 0, fMax: 8000 },
};

/** A linear congruential generator (Numerical Recipes), scaled to [-0.3, 0.3). */
export function noise(n: number): Float32Array {
  let state = 12345;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return 0.3 * (state / 2 ** 31 - 1);
  });
}

/** From 50 Hz to 7 kHz within the signal at 16 kHz, at half of full scale. */
export function chirp(n: number): Float32Array {
  return Float32Array.from({ length: n }, (_, k) => {
    const t = k / 16000;
    return 0.5 * Math.sin(2 * Math.PI * (50 * t + (7000 - 50) / (2 * n / 16000) * t * t));
  });
}

/**
 * Above -60 dB of the maximum: 1e-6 relative, which is 4e-6 dB (both are double precision, ours is kept
 * in single: 6e-8); below it: 1e-12 of the maximum. The project asks for 1e-4, 1e-3 dB and 1e-6.
 */
export function assertMelEqual(mel: Spectrogram, expected: NpyArray): void {
  assert.deepEqual([mel.nMels, mel.frames], expected.shape);
  const values = expected.data as Float64Array;
  const largest = values.reduce((most, v) => Math.max(most, v), 0);
  assert.ok(largest > 0);
  values.forEach((value, k) => {
    const error = Math.abs(mel.data[k] - value);
    const allowed = value > 1e-6 * largest ? 1e-6 * value : 1e-12 * largest;
    assert.ok(error <= allowed, `value ${k} is ${mel.data[k]}, not ${value}`);
  });
}
