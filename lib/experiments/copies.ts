/**
 * Clips that IRMAS has twice under names of different recordings: a split by recording can put one copy into training and
 * the other one to what is held out.
 */
import { publishedDuplicates } from "../curation/duplicates.ts";
import { recordingOf } from "../datasets/split.ts";

/** In standard deviations of the published features: copies that were cut or coded anew are found too (duplicates.ts). */
const DISTANCE = 0.05;

/** Without folder and extension: `[cla][cla]0150__1`. */
const stemOf = (clip: string) => clip.replace(/^.*\//, "").replace(/\.wav$/, "");

/** The copies of each training clip that have one in another recording, by their stems. */
function copiesByClip(): Map<string, Set<string>> {
  const copies = new Map<string, Set<string>>();
  for (const { clips } of publishedDuplicates({ distance: DISTANCE })) {
    const stems = clips.filter(({ split }) => split === "train").map(({ name }) => stemOf(name));
    for (const stem of stems) {
      const others = stems.filter((other) => recordingOf(other) !== recordingOf(stem));
      if (others.length > 0) copies.set(stem, new Set(others));
    }
  }
  return copies;
}

/**
 * Clips of which a copy is among others.
 *
 * @param clips names, with or without folder and extension
 * @param others likewise
 * @returns a value for each of `clips`
 */
export function haveCopyAmong(clips: readonly string[], others: readonly string[]): boolean[] {
  const copies = copiesByClip(), there = new Set(others.map(stemOf));
  return clips.map((clip) => [...copies.get(stemOf(clip)) ?? []].some((copy) => there.has(copy)));
}
