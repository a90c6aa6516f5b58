/** scikit-multilearn's splits of the 208 published songs, and its measures (tests/fixtures/stratification). */
import { readJson } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import type { Clip } from "lib/datasets/clip.ts";

/** Its names for what it measures: LD, LPD, ED. */
export interface PeerQuality {
  ld: number;
  lpd: number;
  ed: number;
}

/** A split of songs. */
export interface PeerSplit {
  /** Each song's fold, a digit each. */
  folds: string;
  clipsPerFold: number[];
  songs: PeerQuality;
  clips: PeerQuality;
}

/** What make_stratification.py wrote. */
export interface PeerSplits {
  /** Their names, in the order of a split's digits. */
  songs: string[];
  splits: { order: 1 | 2; shares: number[]; runs: PeerSplit[] }[];
  authors: PeerSplit;
}

export function peerSplits(): PeerSplits {
  return readJson(projectPath("tests", "fixtures", "stratification", "stratification.json"));
}

/** Each clip's fold in a split of songs. */
export function foldsOfClips(clips: readonly Clip[], { folds }: PeerSplit): Int32Array {
  const { songs } = peerSplits();
  const fold = new Map(songs.map((song, k) => [song, Number(folds[k])]));
  return Int32Array.from(clips, ({ group }) => fold.get(group)!);
}
