/** Keys, tones and the intervals between them. */

/** The twelve pitch classes, C upward, in sharps. */
export const TONES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"] as const;

/** A pitch class. */
export type Tone = typeof TONES[number];

/** The mode of a key. */
export type Mode = "major" | "minor";

/** A key: its root and mode. */
export interface Key {
  root: Tone;
  mode: Mode;
}

/** Intervals within an octave by their number of semitones. */
export const INTERVALS = [
  "tonic",
  "minor second",
  "major second",
  "minor third",
  "major third",
  "perfect fourth",
  "tritone",
  "perfect fifth",
  "minor sixth",
  "major sixth",
  "minor seventh",
  "major seventh",
] as const;

/** A tone's position above C, 0 to 11. @throws RangeError for a name that is not in {@link TONES}. */
export function toneIndex(tone: string): number {
  const index = (TONES as readonly string[]).indexOf(tone);
  if (index < 0) throw new RangeError(`"${tone}" is no tone; known: ${TONES.join(" ")}`);
  return index;
}

/** Reads a key like `F# minor`. @throws RangeError when it is none. */
export function parseKey(text: string): Key {
  const [root, mode, ...rest] = text.split(" ");
  if (rest.length > 0 || (mode !== "major" && mode !== "minor")) {
    throw new RangeError(`"${text}" is no key: a tone and "major" or "minor", like "F# minor"`);
  }
  return { root: TONES[toneIndex(root)], mode };
}

/** Semitones from a root up to a tone, 0 to 11. */
export function interval(root: string, tone: string): number {
  return (toneIndex(tone) - toneIndex(root) + 12) % 12;
}

/** Counts of keys: 12 roots, C upward, for either mode. */
export type KeyCounts = Record<Mode, number[]>;

/** How often each of the 24 keys occurs. */
export function countKeys(keys: Iterable<string>): KeyCounts {
  const counts: KeyCounts = { major: new Array(12).fill(0), minor: new Array(12).fill(0) };
  for (const text of keys) {
    const { root, mode } = parseKey(text);
    counts[mode][toneIndex(root)]++;
  }
  return counts;
}

/** How often keys are major and minor. */
export function countModes(keys: Iterable<string>): Record<Mode, number> {
  const counts = { major: 0, minor: 0 };
  for (const text of keys) counts[parseKey(text).mode]++;
  return counts;
}

/** How often each of the 12 intervals lies between a key's root and the most frequent tone. */
export function countIntervals(clips: Iterable<{ key: string; tone: string }>): number[] {
  const counts: number[] = new Array(12).fill(0);
  for (const { key, tone } of clips) counts[interval(parseKey(key).root, tone)]++;
  return counts;
}
