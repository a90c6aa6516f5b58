/** How well one score finds what it looks for: precision over recall, and hits over false alarms, each as a curve and its area. */
import { mean } from "../core/statistics.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { bootstrapIntervals, type BootstrapOptions, type Interval } from "./bootstrap.ts";
import type { Matrix } from "./metrics.ts";

/** A curve of precision over recall, one point a distinct score, from the highest score on. */
export interface PrecisionRecallCurve {
  /** A point is reached by taking every row that scores at least this. */
  thresholds: Float64Array;
  precision: Float64Array;
  recall: Float64Array;
}

/** The receiver operating characteristic, one point a distinct score, from the highest score on. */
export interface RocCurve {
  /** A point is reached by taking every row that scores at least this. */
  thresholds: Float64Array;
  /** Share of what is not looked for that is taken. */
  falsePositiveRate: Float64Array;
  /** Share of what is looked for that is taken: the recall. */
  truePositiveRate: Float64Array;
}

/** Scores that were sorted once, to be weighed many times. */
export interface Ranking {
  /**
   * Average precision, in [0, 1]: the sum over the curve's points of the recall that each adds, times its precision
   * (as scikit-learn; no interpolation). A ranking by chance has the share of what is looked for.
   *
   * @param weights how often each row counts. Default: once
   * @returns NaN where nothing that is looked for has weight
   */
  averagePrecision(weights?: ArrayLike<number>): number;
  curve(): PrecisionRecallCurve;
  /**
   * Area under the receiver operating characteristic, in [0, 1]: the probability that of two rows the one that is looked
   * for scores higher; equal scores count half (Hanley and McNeil, 1982).
   *
   * @param weights how often each row counts. Default: once
   * @returns NaN where nothing that is looked for has weight, or nothing else
   */
  rocArea(weights?: ArrayLike<number>): number;
  rocCurve(): RocCurve;
}

/**
 * Ranks rows by a score.
 *
 * @param scores the higher, the likelier a row is one of those looked for
 * @param targets 1 for those, else 0
 * @throws RangeError when the lengths differ, a score is NaN, or nothing is looked for
 */
export function rank(scores: ArrayLike<number>, targets: ArrayLike<number>): Ranking {
  if (scores.length !== targets.length) {
    throw new RangeError(`cannot rank ${targets.length} rows by ${scores.length} scores`);
  }
  const bad = Array.from(scores).findIndex((score) => Number.isNaN(score));
  if (bad >= 0) throw new RangeError(`cannot rank row ${bad}: its score is NaN`);
  if (!Array.from(targets).some((target) => target)) {
    throw new RangeError("cannot rank: none of the rows is looked for");
  }
  const order = Int32Array.from({ length: scores.length }, (_, k) => k)
    .sort((a, b) => scores[b] - scores[a] || a - b);
  /** Visits each point of the curve with the weight of what was found and of all that was taken so far. */
  const visit = (
    weights: ArrayLike<number> | undefined,
    point: (found: number, taken: number, threshold: number) => void,
  ) => {
    let found = 0, taken = 0;
    order.forEach((row, k) => {
      const weight = weights ? weights[row] : 1;
      taken += weight;
      if (targets[row]) found += weight;
      const last = k + 1 === order.length || scores[order[k + 1]] !== scores[row];
      if (last) point(found, taken, scores[row]);
    });
    return { found, taken };
  };
  const points = () => {
    const all: { found: number; taken: number; threshold: number }[] = [];
    visit(undefined, (found, taken, threshold) => all.push({ found, taken, threshold }));
    const { found, taken } = all.at(-1)!;
    return {
      of: (value: (point: typeof all[number]) => number) => Float64Array.from(all, value),
      found,
      rest: taken - found,
    };
  };
  return {
    averagePrecision(weights) {
      let sum = 0, before = 0;
      const { found: all } = visit(weights, (found, taken) => {
        if (found > before) sum += (found - before) * found / taken;
        before = found;
      });
      return sum / all;
    },
    curve() {
      const { of, found: all } = points();
      return {
        thresholds: of(({ threshold }) => threshold),
        precision: of(({ found, taken }) => found / taken),
        recall: of(({ found }) => found / all),
      };
    },
    rocArea(weights) {
      let area = 0, hits = 0, alarms = 0;
      const { found, taken } = visit(weights, (found, taken) => {
        area += (taken - found - alarms) * (found + hits) / 2;
        [hits, alarms] = [found, taken - found];
      });
      return area / (found * (taken - found));
    },
    rocCurve() {
      const { of, found: all, rest } = points();
      return {
        thresholds: of(({ threshold }) => threshold),
        falsePositiveRate: of(({ found, taken }) => (taken - found) / rest),
        truePositiveRate: of(({ found }) => found / all),
      };
    },
  };
}

/** One column of a matrix of `labels` columns. */
export const columnOf = (matrix: Matrix, column: number, labels: number = INSTRUMENTS.length) =>
  Float64Array.from({ length: matrix.length / labels }, (_, row) => matrix[row * labels + column]);

/**
 * The area under each label's receiver operating characteristic, mean over runs on the same rows, with intervals over
 * groups of rows.
 *
 * @param runs scores, `[rows, labels]` of each run
 * @param targets 0 or 1, `[rows, labels]`
 * @returns one interval a label
 * @throws RangeError when the shapes do not fit, a score is NaN, or no row has one of the labels
 */
export function rocAreas(
  runs: readonly Matrix[],
  targets: Matrix,
  { labels = INSTRUMENTS.length, ...bootstrap }: BootstrapOptions & { labels?: number },
): Interval[] {
  const rankings = Array.from(
    { length: labels },
    (_, label) =>
      runs.map((scores) => rank(columnOf(scores, label, labels), columnOf(targets, label, labels))),
  );
  const intervals = bootstrapIntervals(
    (weights) =>
      Object.fromEntries(
        rankings.map((own, label) => [label, mean(own.map((one) => one.rocArea(weights)))]),
      ),
    bootstrap,
  );
  return rankings.map((_, label) => intervals[label]);
}
