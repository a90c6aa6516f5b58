/** How F1 is spread over single rows (clips): the few values that it has there, and how often each. */
import { INSTRUMENTS } from "../datasets/labels.ts";
import { type Matrix, type MetricOptions, rowF1s } from "./metrics.ts";

/** Rows by their F1. */
export interface F1Spread {
  rows: number;
  /** The values that occur, ascending. */
  values: number[];
  /** Rows with each value, of the rows with so many true labels; by number of labels, ascending. */
  byLabels: { labels: number; counts: number[] }[];
  /** Rows with each value. */
  counts: number[];
  /**
   * Values that occur more often than both neighbours do. Each value stands for itself: in a histogram the number of heaps
   * is as much the choice of bins'.
   */
  heaps: number;
}

/**
 * Counts rows by their F1. With few labels a row, F1 is a fraction of small numbers: one label that is found beside d false
 * alarms has 2 / (2 + d).
 *
 * @param decisions 0 or 1, `[rows, labels]`
 * @param targets 0 or 1, same shape
 * @throws RangeError when the shapes do not fit
 */
export function f1Spread(
  decisions: Matrix,
  targets: Matrix,
  { labels = INSTRUMENTS.length }: Pick<MetricOptions, "labels"> = {},
): F1Spread {
  const f1 = rowF1s(decisions, targets, { labels });
  const sizes = Array.from(f1, (_, row) => {
    let size = 0;
    for (let k = row * labels; k < (row + 1) * labels; k++) size += targets[k];
    return size;
  });
  const distinct = (numbers: Iterable<number>) => [...new Set(numbers)].sort((a, b) => a - b);
  const values = distinct(f1);
  const count = (counted: (row: number) => boolean) =>
    values.map((value) => f1.filter((other, row) => other === value && counted(row)).length);
  const counts = count(() => true);
  return {
    rows: f1.length,
    values,
    counts,
    byLabels: distinct(sizes).map((size) => ({
      labels: size,
      counts: count((row) => sizes[row] === size),
    })),
    heaps: counts.filter((n, k) => n > (counts[k - 1] ?? 0) && n > (counts[k + 1] ?? 0)).length,
  };
}
