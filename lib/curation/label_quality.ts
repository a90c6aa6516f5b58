/**
 * Label quality of a whole data set (D16): folds, out-of-fold probabilities, a quality for every label, what a cut takes
 * away, and, where the truth is known, how well the quality finds the wrong labels.
 *
 * Features are any `[clips, numbers]` matrix: the 28 of a table, or a network's embeddings. In a notebook:
 *
 *     const quality = await qualityOfClips(clips, { kind: "by recording", random: randomFrom("quality") });
 *     await show(rankedQuality(quality, { cuts: [DOCUMENT_CUTS.irmas], text: "Labels by their quality." }));
 *     const removed = removalTable(quality, { labels: clips.labels, cut: DOCUMENT_CUTS.irmas });
 */
import type { Rows } from "../baselines/rows.ts";
import type { Random } from "../core/random.ts";
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";
import { splitByRecording } from "../datasets/split.ts";
import { bootstrapInterval, type Interval } from "../evaluation/bootstrap.ts";
import { oneHot } from "../evaluation/metrics.ts";
import { type PrecisionRecallCurve, rank } from "../evaluation/ranking.ts";
import { labelQuality, type QualityOptions } from "./confident_learning.ts";
import { type OutOfFold, outOfFold, type OutOfFoldOptions } from "./out_of_fold.ts";

/** The document's cuts on the adjusted self-confidence. */
export const DOCUMENT_CUTS = { irmas: 0.11, audioset: 0.13 } as const;

const classes = INSTRUMENTS.length;

/** Clips of one instrument each, with features. */
export interface LabelledClips {
  rows: Rows;
  /** The given labels: positions in the labels' order. */
  labels: Uint8Array;
  files: string[];
  /** Each clip's recording. */
  recordings: string[];
}

/** How clips are dealt into folds: one by one (as the original did), or with all of a recording in one fold. */
export type FoldKind = "random" | "by recording";

/** Options of {@link judgeClips}. */
export interface JudgeOptions extends Omit<OutOfFoldOptions, "folds" | "classes"> {
  kind: FoldKind;
  random: Random;
  /** Default: 10. */
  folds?: number;
}

/** Deals clips into folds, every instrument spread as evenly as can be. @returns each clip's fold */
export function dealFolds(
  { labels, files, recordings }: Omit<LabelledClips, "rows">,
  { kind, random, folds = 10 }: Pick<JudgeOptions, "kind" | "random" | "folds">,
): Int32Array {
  return splitByRecording(kind === "random" ? files : recordings, oneHot(labels), {
    folds,
    random,
  });
}

/**
 * Out-of-fold probabilities of clips, `[clips, 11]`.
 *
 * @throws Error as {@link outOfFold}
 */
export async function judgeClips(
  clips: LabelledClips,
  { kind, random, folds, ...options }: JudgeOptions,
): Promise<OutOfFold> {
  const dealt = dealFolds(clips, { kind, random, folds });
  return await outOfFold(clips.rows, clips.labels, { ...options, classes, folds: dealt });
}

/** The quality of clips' labels in one step: {@link judgeClips}, then cleanlab's score. @returns one a clip, in [0, 1] */
export async function qualityOfClips(
  clips: LabelledClips,
  { method, adjust, ...options }: JudgeOptions & QualityOptions,
): Promise<Float64Array> {
  const { probabilities } = await judgeClips(clips, options);
  return labelQuality({ probabilities, labels: clips.labels, classes }, { method, adjust });
}

/** What a cut takes away of one instrument. */
export interface RemovalRow {
  instrument: Instrument;
  clips: number;
  removed: number;
  /** removed / clips, 0 for none. */
  share: number;
}

/** What is removed of each instrument when all clips below a cut go. */
export function removalTable(
  quality: ArrayLike<number>,
  { labels, cut }: { labels: ArrayLike<number>; cut: number },
): RemovalRow[] {
  const counts = INSTRUMENTS.map(() => ({ clips: 0, removed: 0 }));
  for (let clip = 0; clip < labels.length; clip++) {
    const row = counts[labels[clip]];
    row.clips++;
    if (quality[clip] < cut) row.removed++;
  }
  return counts.map((row, k) => ({
    instrument: INSTRUMENTS[k],
    ...row,
    share: row.removed / Math.max(1, row.clips),
  }));
}

/** The cut below which a share of the clips lies. @param share in [0, 1] */
export function cutOfShare(quality: ArrayLike<number>, share: number): number {
  const ranked = Float64Array.from(quality).sort();
  return ranked[Math.round(share * ranked.length)] ?? Infinity;
}

/** Clips of which the truth is known. */
export interface KnownTruth {
  /** Which clips. */
  known: ArrayLike<number>;
  /** Of each of them, 1 where its label is wrong, else 0. */
  wrong: ArrayLike<number>;
}

/** What a cut finds. */
export interface CutResult {
  cut: number;
  /** Known clips below the cut. */
  removed: number;
  /** Of these, clips with a wrong label. */
  found: number;
  /** found / removed; NaN for none. */
  precision: number;
  /** found / all wrong labels. */
  recall: number;
}

/** How a cut does on the clips of which the truth is known. */
export function scoreCut(
  quality: ArrayLike<number>,
  { known, wrong, cut }: KnownTruth & { cut: number },
): CutResult {
  let removed = 0, found = 0, all = 0;
  for (let k = 0; k < known.length; k++) {
    all += wrong[k];
    if (quality[known[k]] >= cut) continue;
    removed++;
    found += wrong[k];
  }
  return { cut, removed, found, precision: found / removed, recall: found / all };
}

/** Options of {@link scoreDetection}. */
export interface DetectionOptions extends KnownTruth {
  /** Each clip's recording: what is resampled. */
  recordings: readonly string[];
  random: Random;
  /** Resamplings. Default: 2000. */
  samples?: number;
}

/** How well qualities find wrong labels. */
export interface Detection {
  /** Mean over the rankings, with an interval over recordings. */
  averagePrecision: Interval;
  /** Wrong labels among the clips of known truth: the average precision of chance. */
  share: number;
  /** Of the first ranking. */
  curve: PrecisionRecallCurve;
}

/**
 * Scores the ranking by quality, lowest first, on the clips of which the truth is known.
 *
 * @param qualities one or several, e.g. of folds that were dealt by several seeds; each one number a clip
 * @throws RangeError when no label is wrong, or a quality is NaN
 */
export function scoreDetection(
  qualities: readonly ArrayLike<number>[],
  { known, wrong, recordings, random, samples }: DetectionOptions,
): Detection {
  const rows = Array.from(known);
  const rankings = qualities.map((quality) => rank(rows.map((row) => -quality[row]), wrong));
  const averagePrecision = bootstrapInterval(
    (weights) =>
      rankings.reduce((sum, ranking) => sum + ranking.averagePrecision(weights), 0) /
      rankings.length,
    { groups: rows.map((row) => recordings[row]), random, samples },
  );
  const share = Array.from(wrong).reduce((a, b) => a + b, 0) / rows.length;
  const { thresholds, ...curve } = rankings[0].curve();
  return { averagePrecision, share, curve: { thresholds: thresholds.map((t) => -t), ...curve } };
}
