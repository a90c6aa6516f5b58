/**
 * The decision threshold (M16): tuned for macro-F1 on some rows, used on others.
 *
 * Nothing here scores: what scores takes a threshold, and the rows it was tuned on are not to share a
 * group (song, recording) with the rows that are scored. `splitForThreshold` makes such halves,
 * `crossFit` uses both ways round.
 */
import { joined } from "../core/joined.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import type { Random } from "../core/random.ts";
import { decide, type Matrix } from "./metrics.ts";

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
 * Finds a threshold for each label, with the label's highest F1, as {@link tuneThreshold} finds one for all. A label that is
 * in no row gets the one for all, as no threshold of its own would be better than another.
 *
 * @returns `[labels]`
 * @throws RangeError when the shapes do not fit, or there is no row
 */
export function tuneThresholds(
  probabilities: Matrix,
  targets: Matrix,
  { labels = INSTRUMENTS.length }: { labels?: number } = {},
): number[] {
  const { threshold: common } = tuneThreshold(probabilities, targets, { labels });
  const column = (values: Matrix, label: number) =>
    Float64Array.from(
      { length: values.length / labels },
      (_, row) => values[row * labels + label],
    );
  return Array.from({ length: labels }, (_, label) => {
    const own = column(targets, label);
    if (!own.includes(1)) return common;
    return tuneThreshold(column(probabilities, label), own, { labels: 1 }).threshold;
  });
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

/** The rows of two halves that stand one after the other; of an odd number the first half has one more. */
export function halvesInOrder(rows: number): [Int32Array, Int32Array] {
  const all = Int32Array.from({ length: rows }, (_, k) => k), middle = Math.ceil(rows / 2);
  return [all.slice(0, middle), all.slice(middle)];
}

/**
 * Decides rows whose halves stand one after the other ({@link halvesInOrder}), each at a threshold of its own.
 *
 * @param scores `[rows, labels]`
 */
export function decideHalves(
  scores: Float32Array,
  [ofFirst, ofSecond]: readonly number[],
  labels: number = INSTRUMENTS.length,
): Uint8Array {
  const cut = Math.ceil(scores.length / labels / 2) * labels;
  return joined([decide(scores.subarray(0, cut), ofFirst), decide(scores.subarray(cut), ofSecond)]);
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

/** Decisions on all rows, each half at the threshold (or at each label's) that was tuned on the other. */
export interface CrossFit<T extends number | number[] = number> {
  /** 0 or 1, `[rows, labels]` */
  decisions: Uint8Array;
  /** What was used on each half: the first was tuned on the second half, the second on the first. */
  thresholds: [T, T];
  /** The row numbers of either half. */
  halves: [Int32Array, Int32Array];
}

/** Options of {@link crossFit}. */
export interface CrossFitOptions {
  /** The rows of either half, from {@link splitForThreshold} or made apart from the start. */
  halves: [Int32Array, Int32Array];
  labels?: number;
}

/**
 * Puts together what is said of the rows of either half by what was learnt on the other.
 *
 * @param out `[rows, labels]`, filled here
 * @param halves rows of either half, which together are all
 * @param learn what to learn from some rows: a function from other rows to their values, `[rows, labels]`
 */
export function fillByHalves<T extends Float32Array | Uint8Array>(
  out: T,
  halves: readonly [Int32Array, Int32Array],
  learn: (tuned: Int32Array) => (scored: Int32Array) => T,
): void {
  for (const [k, scored] of halves.entries()) {
    const values = learn(halves[1 - k])(scored), labels = values.length / scored.length;
    scored.forEach((row, at) =>
      out.set(values.subarray(at * labels, (at + 1) * labels), row * labels)
    );
  }
}

function crossFitWith<T extends number | number[]>(
  tune: (probabilities: Float32Array, targets: Uint8Array) => T,
  [probabilities, targets]: [Float32Array, Uint8Array],
  { halves, labels = INSTRUMENTS.length }: CrossFitOptions,
): CrossFit<T> {
  const decisions = new Uint8Array(probabilities.length), thresholds: T[] = [];
  fillByHalves(decisions, halves, (tuned) => {
    const threshold = tune(
      takeRows(probabilities, tuned, labels),
      takeRows(targets, tuned, labels),
    );
    thresholds.push(threshold);
    return (scored) => decide(takeRows(probabilities, scored, labels), threshold);
  });
  return { decisions, thresholds: thresholds as [T, T], halves };
}

/**
 * Decides every row at a threshold that was tuned on other groups: tuned on one half, used on the other,
 * and the other way round.
 *
 * @param probabilities in [0, 1], `[rows, labels]`
 * @param targets 0 or 1, same shape
 * @throws RangeError when the shapes do not fit
 */
export function crossFit(
  probabilities: Float32Array,
  targets: Uint8Array,
  options: CrossFitOptions,
): CrossFit {
  const tune = (scores: Float32Array, labels: Uint8Array) =>
    tuneThreshold(scores, labels, options).threshold;
  return crossFitWith(tune, [probabilities, targets], options);
}

/** The same with a threshold for each label ({@link tuneThresholds}). */
export function crossFitByLabel(
  probabilities: Float32Array,
  targets: Uint8Array,
  options: CrossFitOptions,
): CrossFit<number[]> {
  const tune = (scores: Float32Array, labels: Uint8Array) =>
    tuneThresholds(scores, labels, options);
  return crossFitWith(tune, [probabilities, targets], options);
}
