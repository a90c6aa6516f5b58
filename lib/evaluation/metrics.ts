/**
 * How right decisions and scores are, for several labels a row (a chunk, a clip, a file).
 *
 * Matrices are row-major, `[rows, labels]`, with eleven labels unless told otherwise. Every metric takes
 * one weight a row, which is how the bootstrap resamples without copying anything.
 */
import { INSTRUMENTS } from "../datasets/labels.ts";

/** A row-major matrix of numbers. */
export type Matrix = ArrayLike<number>;

/** What all metrics can be told. */
export interface MetricOptions {
  /** Columns of the matrices. Default: 11. */
  labels?: number;
  /** One weight a row, not negative. Default: 1 each. */
  weights?: ArrayLike<number>;
}

/** Weighted numbers of right and wrong decisions, one entry a label. */
export interface Outcomes {
  truePositive: Float64Array;
  falsePositive: Float64Array;
  falseNegative: Float64Array;
  trueNegative: Float64Array;
}

/** How well one label is found. 0 stands for 0/0, as scikit-learn's `zero_division=0`. */
export interface LabelScore {
  precision: number;
  recall: number;
  f1: number;
  /** Weight of the rows that have the label. */
  support: number;
}

/** x / y, and 0 for 0 / 0. */
const ratio = (x: number, y: number) => y === 0 ? 0 : x / y;

/** Rows of two matrices that belong together. @throws RangeError when their shapes do not fit. */
export function checkPair(
  first: Matrix,
  second: Matrix,
  { labels = INSTRUMENTS.length, weights }: MetricOptions,
) {
  const rows = first.length / labels;
  if (first.length !== second.length || !Number.isInteger(rows)) {
    throw new RangeError(
      `cannot compare ${first.length} values with ${second.length} targets, ${labels} a row`,
    );
  }
  if (weights && weights.length !== rows) {
    throw new RangeError(`cannot weigh ${rows} rows with ${weights.length} weights`);
  }
  return rows;
}

/** @throws RangeError with the position of the first score that is not a finite number. */
function checkFinite(scores: Matrix, labels: number): void {
  for (let k = 0; k < scores.length; k++) {
    if (!Number.isFinite(scores[k])) {
      throw new RangeError(
        `cannot rank the score ${scores[k]} of row ${Math.floor(k / labels)}, label ${k % labels}`,
      );
    }
  }
}

/** Which scores lie above a threshold, or above their label's: 1 or 0, same shape. */
export function decide(scores: Matrix, threshold: number | readonly number[]): Uint8Array {
  const thresholds = [threshold].flat();
  return Uint8Array.from(scores, (score, k) => score > thresholds[k % thresholds.length] ? 1 : 0);
}

/** Label numbers as rows with a single 1. */
export function oneHot(
  indices: ArrayLike<number>,
  labels: number = INSTRUMENTS.length,
): Uint8Array {
  const out = new Uint8Array(indices.length * labels);
  for (let row = 0; row < indices.length; row++) out[row * labels + indices[row]] = 1;
  return out;
}

/** The label with the highest score of each row; of equal ones the first. @throws RangeError for NaN. */
export function bestLabels(scores: Matrix, labels: number = INSTRUMENTS.length): Uint8Array {
  checkFinite(scores, labels);
  const out = new Uint8Array(scores.length / labels);
  for (let row = 0; row < out.length; row++) {
    let best = 0;
    for (let label = 1; label < labels; label++) {
      if (scores[row * labels + label] > scores[row * labels + best]) best = label;
    }
    out[row] = best;
  }
  return out;
}

/**
 * Counts right and wrong decisions.
 *
 * @param decisions 0 or 1, `[rows, labels]`
 * @param targets 0 or 1, same shape
 * @throws RangeError when the shapes do not fit
 */
export function countOutcomes(
  decisions: Matrix,
  targets: Matrix,
  options: MetricOptions = {},
): Outcomes {
  const rows = checkPair(decisions, targets, options);
  const { labels = INSTRUMENTS.length, weights } = options;
  // column 2 * target + decision of each label
  const cells = new Float64Array(4 * labels);
  for (let row = 0, k = 0; row < rows; row++) {
    const weight = weights ? weights[row] : 1;
    if (weight === 0) {
      k += labels;
      continue;
    }
    for (let label = 0; label < labels; label++, k++) {
      cells[4 * label + 2 * targets[k] + decisions[k]] += weight;
    }
  }
  const column = (cell: number) =>
    Float64Array.from({ length: labels }, (_, l) => cells[4 * l + cell]);
  return {
    trueNegative: column(0),
    falsePositive: column(1),
    falseNegative: column(2),
    truePositive: column(3),
  };
}

/** Precision, recall and F1 of every label. */
export function labelScores(outcomes: Outcomes): LabelScore[] {
  const { truePositive: tp, falsePositive: fp, falseNegative: fn } = outcomes;
  return Array.from(tp, (_, l) => ({
    precision: ratio(tp[l], tp[l] + fp[l]),
    recall: ratio(tp[l], tp[l] + fn[l]),
    f1: ratio(2 * tp[l], 2 * tp[l] + fp[l] + fn[l]),
    support: tp[l] + fn[l],
  }));
}

/** Mean of the labels' F1, in [0, 1]; a label that neither occurs nor is decided counts as 0. */
export function macroF1(outcomes: Outcomes): number {
  const { truePositive: tp, falsePositive: fp, falseNegative: fn } = outcomes;
  let sum = 0;
  for (let l = 0; l < tp.length; l++) sum += ratio(2 * tp[l], 2 * tp[l] + fp[l] + fn[l]);
  return sum / tp.length;
}

/** F1 of all decisions taken together, in [0, 1]. */
export function microF1(outcomes: Outcomes): number {
  const total = (column: Float64Array) => column.reduce((sum, x) => sum + x, 0);
  const tp = 2 * total(outcomes.truePositive);
  return ratio(tp, tp + total(outcomes.falsePositive) + total(outcomes.falseNegative));
}

/** Share of right decisions, in [0, 1]: 1 minus the Hamming loss. */
export function hammingScore(outcomes: Outcomes): number {
  let right = 0, all = 0;
  for (let l = 0; l < outcomes.truePositive.length; l++) {
    const hits = outcomes.truePositive[l] + outcomes.trueNegative[l];
    right += hits;
    all += hits + outcomes.falsePositive[l] + outcomes.falseNegative[l];
  }
  return ratio(right, all);
}

/** Whether each row is right in all its labels: 1 or 0. @throws RangeError when the shapes do not fit. */
export function exactMatches(
  decisions: Matrix,
  targets: Matrix,
  options: MetricOptions = {},
): Uint8Array {
  const { labels = INSTRUMENTS.length } = options;
  const out = new Uint8Array(checkPair(decisions, targets, options)).fill(1);
  for (let k = 0; k < decisions.length; k++) {
    if (decisions[k] !== targets[k]) out[Math.floor(k / labels)] = 0;
  }
  return out;
}

/**
 * F1 of each row's labels, in [0, 1]: 0 where none is decided and none is right, as in scikit-learn.
 *
 * @throws RangeError when the shapes do not fit
 */
export function rowF1s(
  decisions: Matrix,
  targets: Matrix,
  options: MetricOptions = {},
): Float64Array {
  const { labels = INSTRUMENTS.length } = options;
  const out = new Float64Array(checkPair(decisions, targets, options));
  for (let row = 0; row < out.length; row++) {
    let right = 0, all = 0;
    for (let k = row * labels; k < (row + 1) * labels; k++) {
      right += decisions[k] * targets[k];
      all += decisions[k] + targets[k];
    }
    out[row] = ratio(2 * right, all);
  }
  return out;
}

/**
 * Label ranking average precision of each row, in [0, 1]; their mean is LRAP (Tsoumakas, Katakis and
 * Vlahavas, Mining Multi-label Data, 2010).
 *
 * For each of the row's labels: of the labels scored at least as high, the share that is right; equal
 * scores count against it. A row with no label, or all of them, scores 1, as in scikit-learn.
 *
 * @throws RangeError when the shapes do not fit, or a score is not finite
 */
export function rankingPrecisions(
  scores: Matrix,
  targets: Matrix,
  options: MetricOptions = {},
): Float64Array {
  const rows = checkPair(scores, targets, options);
  const { labels = INSTRUMENTS.length } = options;
  checkFinite(scores, labels);
  const out = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const first = row * labels, end = first + labels;
    let sum = 0, relevant = 0;
    for (let k = first; k < end; k++) {
      if (!targets[k]) continue;
      relevant++;
      let rank = 0, right = 0;
      for (let other = first; other < end; other++) {
        if (scores[other] < scores[k]) continue;
        rank++;
        if (targets[other]) right++;
      }
      sum += right / rank;
    }
    out[row] = relevant === 0 || relevant === labels ? 1 : sum / relevant;
  }
  return out;
}

/** Mean of values by weight (1 each by default); NaN for no weight at all. */
export function weightedMean(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let sum = 0, total = 0;
  for (let k = 0; k < values.length; k++) {
    const weight = weights ? weights[k] : 1;
    sum += weight * values[k];
    total += weight;
  }
  return sum / total;
}
