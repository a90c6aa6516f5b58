/** Clips that share a passage, by their sound (D15), and leaks between the sides of a split. */
import type { ExtractionOptions, Skipped } from "../features/extraction.ts";
import { fingerprintsOf } from "../features/fingerprints.ts";
import { connected, type DuplicateSet, judgeDuplicates, type PlacedClip } from "./duplicates.ts";
import { findSamePassages, type PassageOptions, type SamePassage } from "./same_passages.ts";

/** What {@link soundDuplicates} finds. */
export interface SoundDuplicates<Clip extends PlacedClip> {
  /** Pairs of clips that share a passage. */
  passages: (Omit<SamePassage, "pair"> & { clips: [Clip, Clip] })[];
  /** The clips that they connect. Those on several sides are leaks. */
  sets: DuplicateSet<Clip>[];
  /** Files that cannot be read. */
  skipped: Skipped[];
}

/**
 * Finds clips that share a passage by their sound, whatever their sample rate, level, coding and start.
 *
 * What a recording repeats note for note is found too, and no duplicate: `minPart` keeps it out. Shows progress while
 * it computes fingerprints; they are cached.
 *
 * @param clips each of another path
 * @param options.minPart how much of the shorter clip must lie in the other: 0.9 for duplicates. Default: 0, any passage
 */
export async function soundDuplicates<Clip extends PlacedClip & { path: string }>(
  clips: readonly Clip[],
  options: PassageOptions & ExtractionOptions & { minPart?: number } = {},
): Promise<SoundDuplicates<Clip>> {
  const { paths, fingerprints, skipped } = await fingerprintsOf(
    clips.map(({ path }) => path),
    options,
  );
  const clipAt = new Map(clips.map((clip) => [clip.path, clip]));
  const read = paths.map((path) => clipAt.get(path)!);
  const found = findSamePassages(fingerprints, options)
    .filter(({ part }) => part >= (options.minPart ?? 0));
  return {
    passages: found.map(({ pair: [a, b], ...passage }) => ({
      ...passage,
      clips: [read[a], read[b]],
    })),
    sets: judgeDuplicates(connected(found.map(({ pair }) => pair)), read),
    skipped,
  };
}
