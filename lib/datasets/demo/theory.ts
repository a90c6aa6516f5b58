/** Keys, chords and progressions of the demo's music. Pitches are MIDI numbers, pitch classes 0 (C) to 11 (B). */
import type { Random } from "../../core/random.ts";
import { type Mode, TONES } from "../../music/tonality.ts";
import type { Genre } from "../irmas.ts";

/** A key, in numbers. */
export interface Key {
  /** Pitch class of the tonic, 0 to 11. */
  tonic: number;
  mode: Mode;
}

/** One bar's harmony. */
export interface Chord {
  /** Pitch class of the root. */
  root: number;
  /** Pitch classes, root first. */
  tones: number[];
  /** Pitch classes that a melody may pass through. */
  scale: number[];
}

const SCALES: Record<Mode, readonly number[]> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
};

/** Scale degrees, one a bar, 1 to 7. Each begins on the tonic or leads to it, so that the key is heard. */
const PROGRESSIONS: Record<Genre, Record<Mode, readonly (readonly number[])[]>> = {
  pop_roc: {
    major: [[1, 5, 6, 4], [1, 4, 5, 4], [1, 6, 4, 5], [1, 4, 1, 5]],
    minor: [[1, 6, 3, 7], [1, 4, 6, 5], [1, 7, 6, 7], [1, 6, 4, 5]],
  },
  cla: {
    major: [[1, 4, 5, 1], [1, 6, 2, 5], [1, 5, 6, 3, 4, 1, 4, 5], [1, 2, 5, 1]],
    minor: [[1, 4, 5, 1], [1, 6, 4, 5], [1, 4, 7, 3, 6, 2, 5, 1], [1, 5, 1, 5]],
  },
  jaz_blu: {
    major: [[1, 6, 2, 5], [2, 5, 1, 1], [1, 4, 2, 5], [1, 4, 1, 5]],
    minor: [[1, 6, 2, 5], [2, 5, 1, 1], [1, 4, 5, 1], [1, 4, 6, 5]],
  },
  lat_sou: {
    major: [[1, 4, 5, 4], [1, 6, 2, 5], [1, 2, 5, 1]],
    minor: [[1, 7, 6, 5], [1, 4, 5, 1], [1, 6, 4, 5]],
  },
  cou_fol: {
    major: [[1, 4, 1, 5], [1, 5, 4, 1], [1, 1, 4, 5], [1, 4, 5, 1]],
    minor: [[1, 7, 1, 5], [1, 3, 7, 1], [1, 4, 1, 5]],
  },
};

/** A key's name, e.g. "D# minor". */
export function keyName({ tonic, mode }: Key): string {
  return `${TONES[tonic]} ${mode}`;
}

/**
 * The chord on a degree of a key.
 *
 * @param degree 1 to 7
 * @param seventh whether the seventh is added
 */
export function chordOn(degree: number, key: Key, seventh = false): Chord {
  const steps = SCALES[key.mode].slice();
  if (key.mode === "minor" && degree === 5) steps[6] = 11;
  const tone = (k: number) => (key.tonic + steps[(degree - 1 + k) % 7]) % 12;
  const tones = (seventh ? [0, 2, 4, 6] : [0, 2, 4]).map(tone);
  return { root: tones[0], tones, scale: steps.map((step) => (key.tonic + step) % 12) };
}

/** Chords for `bars` bars in a genre's manner: one of its progressions, repeated. */
export function drawHarmony(
  random: Random,
  { key, genre, bars }: { key: Key; genre: Genre; bars: number },
): Chord[] {
  const degrees = random.choice(PROGRESSIONS[genre][key.mode]);
  const seventh = genre === "jaz_blu" ||
    (genre === "lat_sou" && random.chance(0.5));
  return Array.from({ length: bars }, (_, k) => chordOn(degrees[k % degrees.length], key, seventh));
}

/** The pitches in [low, high] whose class is among `classes`, ascending. */
export function pitchesIn(classes: readonly number[], low: number, high: number): number[] {
  const out: number[] = [];
  for (let pitch = low; pitch <= high; pitch++) if (classes.includes(pitch % 12)) out.push(pitch);
  return out;
}
