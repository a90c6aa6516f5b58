/** Clips that are the same sound, and what their labels and their places say of it (D15). */
import { standardDeviation } from "../core/statistics.ts";
import type { Clip } from "../datasets/clip.ts";
import { loadFeatures, loadMultiClips } from "../datasets/published.ts";
import { joinFeatures, publishedTesting, publishedTraining } from "../datasets/published_clips.ts";

/** Clips of one sound. */
export interface DuplicateSet {
  /** Two or more. */
  clips: Clip[];
  /** Whether all have the same labels. */
  labelsAgree: boolean;
  /** Whether all are of one recording or song; else a split by it can separate them. */
  oneGroup: boolean;
  /** The different sides that they are on: more than one is a leak. */
  sides: string[];
}

/** What tells a clip's side: of a split, or of anything that duplicates should not cross. */
export type SideOf = (clip: Clip) => string;

/** What its publisher meant a clip for; where nobody said, its source. */
const splitOf: SideOf = ({ split, source }) => split ?? source;

/** Counts over {@link DuplicateSet}s. */
export interface DuplicateSummary {
  sets: number;
  /** Clips in them. */
  clips: number;
  /** Clips that could go: all but one of each set. */
  surplus: number;
  /** Sets whose labels differ. */
  disagreeing: number;
  /** Sets of several recordings or songs. */
  acrossGroups: number;
  /** Sets on several sides. */
  acrossSides: number;
}

/**
 * Rows that are alike: no farther from another one of their set than `distance`, in standard deviations of the columns
 * (Euclidean). At 0 they are equal to the last bit: of features, the same samples.
 *
 * @param values `[rows, columns]`, finite
 * @returns sets of two or more row numbers, ascending, by their first
 * @throws RangeError when the values are no whole rows, or the distance is negative
 */
export function alikeRows(
  values: Float64Array,
  { columns, distance = 0 }: { columns: number; distance?: number },
): number[][] {
  if (values.length % columns !== 0 || !(distance >= 0)) {
    throw new RangeError(
      `cannot compare ${values.length} values in rows of ${columns} at a distance of ${distance}`,
    );
  }
  const column = (k: number) => values.filter((_, at) => at % columns === k);
  // a constant column tells nothing apart
  const deviations = Array.from({ length: columns }, (_, k) => standardDeviation(column(k)) || 1);
  const squared = (a: number, b: number) => {
    let sum = 0;
    for (let k = 0; k < columns && sum <= distance ** 2; k++) {
      sum += ((values[a * columns + k] - values[b * columns + k]) / deviations[k]) ** 2;
    }
    return sum;
  };
  // rows that are near each other are near in the first column
  const first = column(0), order = [...first.keys()].sort((a, b) => first[a] - first[b]);
  const pairs: [number, number][] = [], reach = distance * deviations[0];
  order.forEach((a, at) => {
    for (let k = at + 1; k < order.length && first[order[k]] - first[a] <= reach; k++) {
      if (squared(a, order[k]) <= distance ** 2) pairs.push([a, order[k]]);
    }
  });
  return connected(pairs);
}

/** Sets of clips that pairs of them connect, ascending, by their first. */
export function connected(pairs: Iterable<readonly [number, number]>): number[][] {
  const set = new Map<number, number[]>();
  for (const [a, b] of pairs) {
    const [own, other] = [set.get(a) ?? [a], set.get(b) ?? [b]];
    if (own === other) continue;
    const joined = [...own, ...other];
    for (const clip of joined) set.set(clip, joined);
  }
  return [...new Set(set.values())].map((clips) => clips.toSorted((a, b) => a - b))
    .sort(([a], [b]) => a - b);
}

/**
 * Says of sets of clips whether their labels agree, and where they are.
 *
 * @param sets clips of one sound, by their numbers
 * @param options.sideOf Default: the clip's `split`, or its source
 */
export function judgeDuplicates(
  sets: readonly (readonly number[])[],
  clips: readonly Clip[],
  { sideOf = splitOf }: { sideOf?: SideOf } = {},
): DuplicateSet[] {
  return sets.map((set) => {
    const own = set.map((k) => clips[k]);
    return {
      clips: own,
      labelsAgree: new Set(own.map(({ labels }) => labels.toSorted().join())).size === 1,
      oneGroup: new Set(own.map(({ group }) => group)).size === 1,
      sides: [...new Set(own.map(sideOf))],
    };
  });
}

/** Counts sets, their clips, and what is wrong with them. */
export function summarizeDuplicates(sets: readonly DuplicateSet[]): DuplicateSummary {
  const clips = sets.reduce((sum, set) => sum + set.clips.length, 0);
  const count = (test: (set: DuplicateSet) => boolean) => sets.filter(test).length;
  return {
    sets: sets.length,
    clips,
    surplus: clips - sets.length,
    disagreeing: count(({ labelsAgree }) => !labelsAgree),
    acrossGroups: count(({ oneGroup }) => !oneGroup),
    acrossSides: count(({ sides }) => sides.length > 1),
  };
}

/**
 * Groups that a split may not separate: each clip's recording or song, where those that share a sound are
 * one. A split by them has no duplicate on both sides.
 *
 * @param groups each clip's recording or song
 * @param sets clips of one sound, by their numbers
 * @returns each clip's group, named after the first of those that were joined
 */
export function joinGroups(
  groups: readonly string[],
  sets: readonly (readonly number[])[],
): string[] {
  const names = [...new Set(groups)], number = new Map(names.map((name, k) => [name, k]));
  const pairs = sets.flatMap(([first, ...rest]) =>
    rest.map((clip) => [number.get(groups[first])!, number.get(groups[clip])!] as const)
  );
  const joined = new Map(
    connected(pairs).flatMap((set) => set.map((k) => [names[k], names[set[0]]] as const)),
  );
  return groups.map((name) => joined.get(name) ?? name);
}

/**
 * Sounds that IRMAS's 6,705 + 2,874 clips have twice, by the 25 published features. Sides are "training", and the
 * halves of the authors' split: "test, train half" and "test, validation half".
 *
 * @param options.distance as {@link alikeRows} has it. 0 finds copies; 0.05 copies that were cut or coded anew too: the
 * next pairs are nearly twice as far apart. Default: 0
 */
export function publishedDuplicates({ distance = 0 } = {}): DuplicateSet[] {
  const parts = [
    joinFeatures(publishedTraining(), loadFeatures("irmas_single_features_25")),
    joinFeatures(publishedTesting(), loadFeatures("irmas_multi_features_25")),
  ];
  const clips = parts.flatMap((part) => part.clips), columns = parts[0].features.length;
  const values = Float64Array.from(parts.flatMap((part) => [...part.values]));
  const halves = new Map(loadMultiClips().map(({ file, half }) => [file, half]));
  return judgeDuplicates(alikeRows(values, { columns, distance }), clips, {
    sideOf: ({ name, split }) => split === "train" ? "training" : `test, ${halves.get(name)} half`,
  });
}
