/** The signals of fixtures/harmony/make_harmony.py, and how results are compared with it. */
import assert from "node:assert/strict";
import { type NpyArray, readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { type Mode, type Tone, TONES } from "lib/music/tonality.ts";

export const SAMPLE_RATE = 22050;

/** A file of the fixture's arrays. */
export const harmonyFixture = (name: string): Promise<Map<string, NpyArray>> =>
  readNpz(projectPath("tests", "fixtures", "harmony", `${name}.npz`));

/** Decaying harmonics of notes, from a sample on. */
export function harmonics(
  notes: readonly number[],
  { n, from = 0, cents = 0 }: { n: number; from?: number; cents?: number },
): Float64Array {
  const y = new Float64Array(n);
  for (const note of notes) {
    const hz = 440 * 2 ** ((note - 69 + cents / 100) / 12);
    for (let h = 1; h <= 6; h++) {
      for (let t = 0; t < n; t++) {
        const decay = Math.exp(-t / 8000) / h;
        y[t] += 0.08 * decay * Math.sin(2 * Math.PI * hz * h * (from + t) / SAMPLE_RATE);
      }
    }
  }
  return y;
}

/** Chords of MIDI notes, half a second each, over and over. */
export function chords(progression: readonly (readonly number[])[], n: number, cents = 0) {
  const y = new Float64Array(n), half = SAMPLE_RATE / 2;
  for (let from = 0, k = 0; from < n; from += half, k++) {
    const length = Math.min(half, n - from);
    y.set(harmonics(progression[k % progression.length], { n: length, from, cents }), from);
  }
  return y;
}

/** C major and A minor in turn, with a click every 5,000 samples. */
export function music(n: number, cents = 0): Float32Array {
  const y = chords([[48, 52, 55, 60], [45, 48, 52, 57]], n, cents);
  return Float32Array.from(y, (v, t) => t % 5000 < 3 ? v + 0.7 : v);
}

/** Silent for 3,000 samples at both ends, and without an abrupt beginning or end between them. */
export function faded(y: ArrayLike<number>): Float32Array {
  const ramp = (t: number) =>
    Math.sin(Math.PI / 2 * Math.min(1, Math.max(0, (t - 3000) / 2000))) ** 2;
  return Float32Array.from(y, (v, t) => v * ramp(t) * ramp(y.length - 1 - t));
}

/** Differences are below a part of the largest value that is expected. */
export function assertNear(
  actual: ArrayLike<number>,
  expected: NpyArray,
  { part, name }: { part: number; name: string },
): void {
  const values = expected.data as Float32Array;
  assert.equal(actual.length, values.length, name);
  const error = largestError(actual, values);
  assert.ok(error < part, `${name}: an error of ${error} of the largest value`);
}

function largestError(actual: ArrayLike<number>, expected: Float32Array): number {
  let error = 0, largest = 0;
  expected.forEach((value, k) => {
    error = Math.max(error, Math.abs(actual[k] - value));
    largest = Math.max(largest, Math.abs(value));
  });
  assert.ok(largest > 0);
  return error / largest;
}

/** Tonic, subdominant, dominant and tonic, each in three voices over its root. */
export function cadence(root: Tone, mode: Mode): number[][] {
  const tonic = 48 + TONES.indexOf(root), third = mode === "major" ? 4 : 3;
  const chord = (at: number, third: number) => [at, at + 7, at + 12, at + 12 + third];
  return [chord(tonic, third), chord(tonic + 5, third), chord(tonic - 5, 4), chord(tonic, third)];
}
