/** Clips that share a passage, by their sound (D15), and leaks between the sides of a split. */
import type { Clip } from "../datasets/clip.ts";
import type { ExtractionOptions, Skipped } from "../features/extraction.ts";
import { fingerprintsOf } from "../features/fingerprints.ts";
import { connected, type DuplicateSet, judgeDuplicates, type SideOf } from "./duplicates.ts";
import { findSamePassages, type PassageOptions, type SamePassage } from "./same_passages.ts";

/** Options of {@link soundDuplicates}. */
export interface SoundDuplicateOptions extends PassageOptions, ExtractionOptions {
  /** How much of the shorter clip must lie in the other: 0.9 for duplicates. Default: 0, any passage. */
  minPart?: number;
  /** The side of a split that a clip is on. Default: its `split`, or its source. */
  sideOf?: SideOf;
}

/** What {@link soundDuplicates} finds. */
export interface SoundDuplicates {
  /** Pairs of clips that share a passage. */
  passages: (Omit<SamePassage, "pair"> & { clips: [Clip, Clip] })[];
  /** The clips that they connect. Those on several sides are leaks. */
  sets: DuplicateSet[];
  /** Files that cannot be read. */
  skipped: Skipped[];
}

/**
 * Finds clips that share a passage by their sound, whatever their sample rate, level, coding and start.
 *
 * What a recording repeats note for note is found too, and no duplicate: `minPart` keeps it out. Shows progress while
 * it computes fingerprints; they are cached.
 *
 * @param clips each of another file
 * @throws Error when a clip has no sound file
 */
export async function soundDuplicates(
  clips: readonly Clip[],
  { minPart = 0, sideOf, ...options }: SoundDuplicateOptions = {},
): Promise<SoundDuplicates> {
  const files = new Map(clips.map((clip) => [clip.path, clip]));
  if (files.has(null)) {
    throw new Error(`cannot hear ${files.get(null)!.name}: its data set is a table without sound`);
  }
  const { paths, fingerprints, skipped } = await fingerprintsOf(
    [...files.keys()] as string[],
    options,
  );
  const read = paths.map((path) => files.get(path)!);
  const found = findSamePassages(fingerprints, options).filter(({ part }) => part >= minPart);
  return {
    passages: found.map(({ pair: [a, b], ...passage }) => ({
      ...passage,
      clips: [read[a], read[b]],
    })),
    sets: judgeDuplicates(connected(found.map(({ pair }) => pair)), read, { sideOf }),
    skipped,
  };
}
