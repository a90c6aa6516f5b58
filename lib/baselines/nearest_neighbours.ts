/** k nearest neighbours (Fix and Hodges, 1951), by Euclidean distance. */
import { type Classifier, rowAt, rowCount, type Rows } from "./rows.ts";

/**
 * A classifier that gives every class the share of its members among the `k` nearest training rows.
 * Distances are computed to all rows: in tens of dimensions a k-d tree prunes nearly nothing.
 *
 * @param labels class numbers, one a row
 * @throws RangeError when there are fewer than `k` rows
 */
export function fitNearestNeighbours(
  training: Rows,
  labels: ArrayLike<number>,
  { classes, k = 5 }: { classes: number; k?: number },
): Classifier {
  const count = rowCount(training);
  if (!(k >= 1 && k <= count)) throw new RangeError(`cannot find ${k} neighbours in ${count} rows`);
  const nearest = (x: Float64Array) => {
    const distance = new Float64Array(k).fill(Infinity), found = new Int32Array(k);
    for (let row = 0; row < count; row++) {
      const d = squaredDistance(x, rowAt(training, row), distance[k - 1]);
      if (d >= distance[k - 1]) continue;
      let at = k - 1;
      for (; at > 0 && distance[at - 1] > d; at--) {
        distance[at] = distance[at - 1];
        found[at] = found[at - 1];
      }
      distance[at] = d;
      found[at] = row;
    }
    return found;
  };
  return {
    scores(rows) {
      const out = new Float64Array(rowCount(rows) * classes);
      for (let row = 0; row < rowCount(rows); row++) {
        for (const found of nearest(rowAt(rows, row))) out[row * classes + labels[found]] += 1 / k;
      }
      return out;
    },
  };
}

/** Stops adding once the sum has passed the limit. */
function squaredDistance(a: Float64Array, b: Float64Array, limit: number): number {
  let sum = 0;
  for (let k = 0; k < a.length && sum < limit; k++) sum += (a[k] - b[k]) ** 2;
  return sum;
}

/**
 * The share of rows whose nearest row of another group has the same label: whether rows of one label lie together, where
 * rows of one group (recording) do anyway.
 *
 * @param labels class numbers, one a row
 * @param groups one a row, at least two different ones
 * @throws RangeError when all rows are of one group
 */
export function neighbourAgreement(
  rows: Rows,
  labels: ArrayLike<number>,
  groups: readonly (string | number)[],
): number {
  if (new Set(groups).size < 2) throw new RangeError("cannot find neighbours in other groups: one");
  let agreeing = 0;
  for (let row = 0; row < groups.length; row++) {
    const x = rowAt(rows, row);
    let least = Infinity, found = -1;
    for (let other = 0; other < groups.length; other++) {
      if (groups[other] === groups[row]) continue;
      const distance = squaredDistance(x, rowAt(rows, other), least);
      if (distance < least) [least, found] = [distance, other];
    }
    if (labels[found] === labels[row]) agreeing++;
  }
  return agreeing / groups.length;
}
