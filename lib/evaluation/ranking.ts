/** How well one score finds what it looks for: average precision, and the curve of precision over recall. */

/** A curve of precision over recall, one point a distinct score, from the highest score on. */
export interface PrecisionRecallCurve {
  /** A point is reached by taking every row that scores at least this. */
  thresholds: Float64Array;
  precision: Float64Array;
  recall: Float64Array;
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
    return found;
  };
  return {
    averagePrecision(weights) {
      let sum = 0, before = 0;
      const all = visit(weights, (found, taken) => {
        if (found > before) sum += (found - before) * found / taken;
        before = found;
      });
      return sum / all;
    },
    curve() {
      const points: number[][] = [];
      const all = visit(undefined, (...point) => points.push(point));
      return {
        thresholds: Float64Array.from(points, ([, , threshold]) => threshold),
        precision: Float64Array.from(points, ([found, taken]) => found / taken),
        recall: Float64Array.from(points, ([found]) => found / all),
      };
    },
  };
}
