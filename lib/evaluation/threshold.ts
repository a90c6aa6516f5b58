/**
 * The decision threshold (M16): tuned for macro-F1 on some rows, used on others.
 *
 * Nothing here scores: what scores takes a threshold, and the rows it was tuned on are not to share a
 * group (song, recording) with the rows that are scored. `splitForThreshold` makes such halves,
 * `crossFit` uses both ways round.
 */
import { INSTRUMENTS } from "../datasets/labels.ts";
import type { Random } from "../core/random.ts";
import type { Matrix } from "./metrics.ts";

/** A tuned threshold and what it reaches on the rows it was tuned on (which is optimistic). */
export interface TunedThreshold {
  threshold: number;
  macroF1: number;
}

/** `count` evenly spaced numbers from `low` to `high`, both included. */
function evenly(low: number, high: number, count: number): Float64Array {
  const step = (high - low) / (count - 1);
  return Float64Array.from({ length: count }, (_, k) => k === count - 1 ? high : low + k * step);
}

/** How many of the ascending points lie below a value. */
function pointsBelow(points: Float64Array, value: number): number {
  let low = 0, high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Macro-F1 at many thresholds at once: each score is sorted between two points, and the counts are
 * summed from the highest point down.
 *
 * @param scores `[rows, labels]`
 * @param targets 0 or 1, same shape
 * @param options.points thresholds, ascending; a label is decided where its score is greater
 * @returns one macro-F1 a point
 * @throws RangeError when the shapes do not fit
 */
export function macroF1Curve(
  scores: Matrix,
  targets: Matrix,
  { points, labels = INSTRUMENTS.length }: { points: Float64Array; labels?: number },
): Float64Array {
  if (scores.length !== targets.length || scores.length % labels !== 0) {
    throw new RangeError(
      `cannot compare ${scores.length} scores with ${targets.length} targets, ${labels} a row`,
    );
  }
  const bins = points.length + 1;
  const positive = new Float64Array(labels * bins), negative = new Float64Array(labels * bins);
  for (let k = 0; k < scores.length; k++) {
    const cell = (k % labels) * bins + pointsBelow(points, scores[k]);
    if (targets[k]) positive[cell]++;
    else negative[cell]++;
  }
  const curve = new Float64Array(points.length);
  for (let label = 0; label < labels; label++) {
    const first = label * bins;
    let support = 0;
    for (let bin = 0; bin < bins; bin++) support += positive[first + bin];
    let hits = 0, decided = 0;
    for (let point = points.length - 1; point >= 0; point--) {
      hits += positive[first + point + 1];
      decided += positive[first + point + 1] + negative[first + point + 1];
      if (hits > 0) curve[point] += 2 * hits / (decided + support) / labels;
    }
  }
  return curve;
}

/**
 * Finds the threshold with the highest macro-F1: 1,000 points on [0, 1], then 100 points within 0.1 of
 * the best one; of equally good points the lowest.
 *
 * @param probabilities in [0, 1], `[rows, labels]`
 * @param targets 0 or 1, same shape
 * @throws RangeError when the shapes do not fit, or there is no row
 */
export function tuneThreshold(
  probabilities: Matrix,
  targets: Matrix,
  { labels = INSTRUMENTS.length }: { labels?: number } = {},
): TunedThreshold {
  if (probabilities.length === 0) throw new RangeError("cannot tune a threshold on no rows");
  let best: TunedThreshold = { threshold: 0, macroF1: -1 };
  const search = (points: Float64Array) => {
    const curve = macroF1Curve(probabilities, targets, { points, labels });
    // counts are added up in floating point: what differs by less than this is the same score
    curve.forEach((macroF1, k) => {
      if (macroF1 > best.macroF1 + 1e-12) best = { threshold: points[k], macroF1 };
    });
  };
  search(evenly(0, 1, 1000));
  search(evenly(Math.max(best.threshold - 0.1, 0), Math.min(best.threshold + 0.1, 1), 100));
  return best;
}

/**
 * Halves rows so that no group is on both sides.
 *
 * @param groups each row's group
 * @returns the row numbers of either half, ascending
 * @throws RangeError when there are fewer than two groups
 */
export function splitForThreshold(
  groups: ArrayLike<string | number>,
  random: Random,
): [Int32Array, Int32Array] {
  const rows = Array.from(groups);
  const names = random.shuffle(new Set(rows));
  if (names.length < 2) {
    throw new RangeError(`cannot tune and score on ${names.length} group: two are needed`);
  }
  const first = new Set(names.slice(0, Math.ceil(names.length / 2)));
  const side = (wanted: boolean) =>
    Int32Array.from(rows.keys().filter((row) => first.has(rows[row]) === wanted));
  return [side(true), side(false)];
}

/** Some rows of a matrix, in the order given. */
export function takeRows<T extends Float32Array | Uint8Array>(
  matrix: T,
  rows: ArrayLike<number>,
  labels: number = INSTRUMENTS.length,
): T {
  const out = new (matrix.constructor as new (length: number) => T)(rows.length * labels);
  for (let k = 0; k < rows.length; k++) {
    out.set(matrix.subarray(rows[k] * labels, (rows[k] + 1) * labels), k * labels);
  }
  return out;
}

/** Decisions on all rows, each half at the threshold that was tuned on the other. */
export interface CrossFit {
  /** 0 or 1, `[rows, labels]` */
  decisions: Uint8Array;
  /** The threshold used on each half: the first was tuned on the second half, the second on the first. */
  thresholds: [number, number];
  /** The row numbers of either half. */
  halves: [Int32Array, Int32Array];
}

/**
 * Decides every row at a threshold that was tuned on other groups: tuned on one half, used on the other,
 * and the other way round.
 *
 * @param probabilities in [0, 1], `[rows, labels]`
 * @param targets 0 or 1, same shape
 * @param options.halves the rows of either half, from {@link splitForThreshold} or made apart from the start
 * @throws RangeError when the shapes do not fit
 */
export function crossFit(
  probabilities: Float32Array,
  targets: Uint8Array,
  { halves, labels = INSTRUMENTS.length }: { halves: [Int32Array, Int32Array]; labels?: number },
): CrossFit {
  const decisions = new Uint8Array(probabilities.length);
  const thresholds = halves.map((scored, k) => {
    const tuned = halves[1 - k];
    const { threshold } = tuneThreshold(
      takeRows(probabilities, tuned, labels),
      takeRows(targets, tuned, labels),
      { labels },
    );
    for (const row of scored) {
      for (let cell = row * labels; cell < (row + 1) * labels; cell++) {
        decisions[cell] = probabilities[cell] > threshold ? 1 : 0;
      }
    }
    return threshold;
  }) as [number, number];
  return { decisions, thresholds, halves };
}
