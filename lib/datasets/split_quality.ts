/** How well a split keeps what it should keep: labels, pairs of labels, sizes, and songs on one side. */
import { type Clip, targetsOf } from "./clip.ts";
import { combinationsOf } from "./label_combinations.ts";
import { type Instrument, INSTRUMENTS } from "./labels.ts";

/** What is measured of rows that were dealt into folds; 0 is perfect. */
export interface SplitQuality {
  /** Rows in each fold. */
  sizes: number[];
  /** LD, {@link labelDistribution} of order 1. */
  labelDistribution: number;
  /** LPD, {@link labelDistribution} of order 2. */
  labelPairDistribution: number;
  /** ED: the mean over folds of the rows that a fold has too many or too few. */
  exampleDistribution: number;
}

/** What {@link measureSongSplit} finds. */
export interface SongSplitQuality {
  /** Songs that lie in more than one fold: there should be none. */
  leaks: string[];
  /** Of songs with the union of their clips' labels; a song in two folds counts in both. */
  songs: SplitQuality;
  /** Of clips. */
  clips: SplitQuality;
}

/**
 * How far folds are from the whole in the odds of their labels: the mean over labels and folds of
 * |with / without in the fold - with / without in all rows| (LD of Sechidis, Tsoumakas and Vlahavas, 2011).
 *
 * @param folds each row's fold, every number below the largest in use
 * @param targets 0 or 1, `[rows, labels]`
 * @param options.order 2: over pairs of labels and single labels alike, as scikit-multilearn's LPD (Szymański
 *   and Kajdanowicz, 2017) has it. Default: 1
 * @returns at least 0; Infinity where all rows of a fold have a label that others lack, NaN where all rows
 *   have it
 */
export function labelDistribution(
  folds: ArrayLike<number>,
  targets: Uint8Array,
  { order = 1, labels = INSTRUMENTS.length }: { order?: 1 | 2; labels?: number } = {},
): number {
  const sizes = sizesOf(folds);
  const { combinations } = combinationsOf(targets, { labels, order });
  let sum = 0;
  for (const { rows } of combinations) {
    const withIt = new Float64Array(sizes.length);
    for (const row of rows) withIt[folds[row]]++;
    const odds = rows.length / (folds.length - rows.length);
    sizes.forEach((size, fold) =>
      sum += Math.abs(withIt[fold] / (size - withIt[fold]) - odds) / sizes.length
    );
  }
  return sum / combinations.length;
}

/**
 * Measures a split.
 *
 * @param folds each row's fold
 * @param targets 0 or 1, `[rows, labels]`
 * @param options.shares the part of the rows that each fold wants. Default: equal parts
 * @throws RangeError when the shapes do not fit
 */
export function splitQuality(
  folds: ArrayLike<number>,
  targets: Uint8Array,
  { shares, labels = INSTRUMENTS.length }: { shares?: readonly number[]; labels?: number } = {},
): SplitQuality {
  if (targets.length !== folds.length * labels) {
    throw new RangeError(
      `cannot measure a split of ${folds.length} rows with ${targets.length} targets, ${labels} a row`,
    );
  }
  const sizes = sizesOf(folds);
  const wanted = (fold: number) => folds.length * (shares?.[fold] ?? 1 / sizes.length);
  const missed = sizes.map((size, fold) => Math.abs(size - wanted(fold)));
  return {
    sizes,
    labelDistribution: labelDistribution(folds, targets, { labels }),
    labelPairDistribution: labelDistribution(folds, targets, { labels, order: 2 }),
    exampleDistribution: missed.reduce((a, b) => a + b) / sizes.length,
  };
}

/**
 * Measures a split of songs whose clips follow them (D3), and looks for songs in more than one fold.
 *
 * @param clips with their songs as groups
 * @param folds each clip's fold
 * @param options.shares the part that each fold wants. Default: equal parts
 */
export function measureSongSplit(
  clips: readonly Pick<Clip, "group" | "labels">[],
  folds: ArrayLike<number>,
  options: { shares?: readonly number[] } = {},
): SongSplitQuality {
  const places = new Map<string, { song: string; fold: number; labels: Set<Instrument> }>();
  clips.forEach(({ group: song, labels }, k) => {
    const key = `${folds[k]} ${song}`;
    const place = places.get(key) ?? { song, fold: folds[k], labels: new Set() };
    places.set(key, { ...place, labels: place.labels.union(new Set(labels)) });
  });
  const parts = [...places.values()];
  const names = parts.map(({ song }) => song);
  return {
    leaks: [...new Set(names.filter((song, k) => names.indexOf(song) < k))],
    songs: splitQuality(
      parts.map(({ fold }) => fold),
      targetsOf(parts.map((part) => ({ labels: [...part.labels] }))),
      options,
    ),
    clips: splitQuality(folds, targetsOf(clips), options),
  };
}

function sizesOf(folds: ArrayLike<number>): number[] {
  const sizes: number[] = [];
  for (let row = 0; row < folds.length; row++) {
    while (sizes.length <= folds[row]) sizes.push(0);
    sizes[folds[row]]++;
  }
  return sizes;
}
