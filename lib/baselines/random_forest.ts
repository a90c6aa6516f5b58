/** Random forest (Breiman, 2001): trees of Gini splits on bootstrap samples, whose leaves' shares are averaged. */
import type { Random } from "../core/random.ts";
import { type Classifier, rowCount, type Rows } from "./rows.ts";

/** Options of {@link fitRandomForest}. */
export interface RandomForestOptions {
  /** Number of classes. */
  classes: number;
  /** Number of trees. Default 100. */
  trees?: number;
  /** Columns that are tried at every split. Default: the square root of their number, rounded down. */
  tried?: number;
  random: Random;
}

/** A tree: parallel arrays, one entry a node; a leaf has column -1. */
interface Tree {
  column: number[];
  threshold: number[];
  /** First child of an inner node (the second follows it); first place in `shares` of a leaf. */
  next: number[];
  /** Class shares of the leaves. */
  shares: number[];
}

/**
 * Ranks of every column's values, ties equal, column after column: a split only asks for the order, and
 * small integers sort as numbers together with their labels.
 */
function ranksOf(
  { values, columns }: Rows,
  count: number,
): { ranks: Uint32Array; sorted: Float64Array } {
  const ranks = new Uint32Array(values.length), sorted = new Float64Array(values.length);
  for (let column = 0; column < columns; column++) {
    const own = Float64Array.from({ length: count }, (_, row) => values[row * columns + column]);
    const order = own.slice().sort();
    sorted.set(order, column * count);
    const rankOf = new Map<number, number>();
    order.forEach((value, rank) => {
      if (!rankOf.has(value)) rankOf.set(value, rank);
    });
    own.forEach((value, row) => ranks[column * count + row] = rankOf.get(value)!);
  }
  return { ranks, sorted };
}

/**
 * Fits a forest. Trees grow until their leaves are pure, as scikit-learn's do by default.
 *
 * @param labels class numbers, one a row, below 64
 * @throws RangeError when labels and rows do not fit
 */
export function fitRandomForest(
  rows: Rows,
  labels: ArrayLike<number>,
  { classes, trees = 100, tried = Math.floor(Math.sqrt(rows.columns)), random }:
    RandomForestOptions,
): Classifier {
  const { columns } = rows, count = rowCount(rows);
  if (labels.length !== count || count === 0 || classes > 64) {
    throw new RangeError(
      `cannot fit ${count} rows with ${labels.length} labels of ${classes} classes`,
    );
  }
  const { ranks, sorted } = ranksOf(rows, count);
  const keys = new Uint32Array(count);
  const left = new Int32Array(classes), right = new Int32Array(classes);

  /** The best split of rows[from, to) on one column: the last rank on the left, and its purity. */
  const bestSplit = (members: Int32Array, column: number) => {
    const size = members.length, own = keys.subarray(0, size);
    for (let k = 0; k < size; k++) {
      own[k] = ranks[column * count + members[k]] * 64 + labels[members[k]];
    }
    own.sort();
    left.fill(0);
    right.fill(0);
    for (let k = 0; k < size; k++) right[own[k] & 63]++;
    let leftSquares = 0, rightSquares = right.reduce((sum, n) => sum + n * n, 0);
    let purity = -1, rank = -1, following = -1;
    for (let k = 0; k < size - 1; k++) {
      const label = own[k] & 63, here = own[k] >>> 6, after = own[k + 1] >>> 6;
      leftSquares += 2 * left[label]++ + 1;
      rightSquares -= 2 * right[label]-- - 1;
      if (here === after) continue;
      // The sum of squared counts over sizes: maximal where the weighted Gini impurity is minimal.
      const value = leftSquares / (k + 1) + rightSquares / (size - k - 1);
      if (value > purity) [purity, rank, following] = [value, here, after];
    }
    return { purity, rank, following };
  };

  const grow = (random: Random): Tree => {
    const tree: Tree = { column: [0], threshold: [0], next: [0], shares: [] };
    const order = Int32Array.from({ length: count }, () => random.integer(0, count));
    const open = [{ node: 0, from: 0, to: count }];
    const all = Array.from({ length: columns }, (_, k) => k);
    for (let task = open.pop(); task; task = open.pop()) {
      const { node, from, to } = task;
      const members = order.subarray(from, to);
      let best = { purity: -1, rank: -1, following: -1 }, column = -1;
      if (!members.every((row) => labels[row] === labels[members[0]])) {
        let looked = 0;
        for (const candidate of random.shuffle(all)) {
          // Constant columns do not count: at least one split is found where there is any.
          if (looked >= tried) break;
          const split = bestSplit(members, candidate);
          if (split.rank < 0) continue;
          looked++;
          if (split.purity > best.purity) [best, column] = [split, candidate];
        }
      }
      tree.column[node] = column;
      if (column < 0) {
        tree.next[node] = tree.shares.length;
        const shares = new Array<number>(classes).fill(0);
        for (const row of members) shares[labels[row]] += 1 / members.length;
        tree.shares.push(...shares);
        continue;
      }
      const base = column * count;
      tree.threshold[node] = (sorted[base + best.rank] + sorted[base + best.following]) / 2;
      const isLeft = (row: number) => ranks[base + row] <= best.rank;
      const parted = [...members.filter(isLeft), ...members.filter((row) => !isLeft(row))];
      members.set(parted);
      const middle = from + members.reduce((n, row) => n + Number(isLeft(row)), 0);
      const child = tree.column.length;
      tree.next[node] = child;
      for (let k = 0; k < 2; k++) {
        tree.column.push(0);
        tree.threshold.push(0);
        tree.next.push(0);
      }
      open.push({ node: child, from, to: middle }, { node: child + 1, from: middle, to });
    }
    return tree;
  };

  const forest = Array.from({ length: trees }, (_, k) => grow(random.fork("tree", k)));
  return {
    scores(rows) {
      const out = new Float64Array(rowCount(rows) * classes);
      for (let row = 0; row < rowCount(rows); row++) {
        for (const { column, threshold, next, shares } of forest) {
          let node = 0;
          while (column[node] >= 0) {
            const value = rows.values[row * columns + column[node]];
            node = next[node] + Number(value > threshold[node]);
          }
          for (let c = 0; c < classes; c++) {
            out[row * classes + c] += shares[next[node] + c] / trees;
          }
        }
      }
      return out;
    },
  };
}
