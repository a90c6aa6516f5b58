/** Which instruments are taken for which others. */
import { INSTRUMENTS } from "../datasets/labels.ts";
import { checkPair, type Matrix, type MetricOptions } from "./metrics.ts";

const zeros = (labels: number) => Array.from({ length: labels }, () => new Float64Array(labels));

/**
 * How often each class is called each other one, where a row has one class.
 *
 * @param truth each row's class, by its number
 * @param predicted likewise
 * @returns `[true class][predicted class]`
 * @throws RangeError when the lengths differ
 */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { labels = INSTRUMENTS.length }: { labels?: number } = {},
): Float64Array[] {
  if (truth.length !== predicted.length) {
    throw new RangeError(`cannot compare ${predicted.length} predictions with ${truth.length}`);
  }
  const counts = zeros(labels);
  for (let row = 0; row < truth.length; row++) counts[truth[row]][predicted[row]]++;
  return counts;
}

/** What is said in the place of what is missed; all `[missed label][said label]`. */
export interface Substitutions {
  /** Rows in which the first sounds and is missed, and the second does not sound and is said. */
  counts: Float64Array[];
  /** Rows in which the first sounds and is missed, and the second does not sound. */
  chances: Float64Array[];
  /** The share of these in which the second is said; NaN where there is none. */
  share: Float64Array[];
  /**
   * That share less the one of the rows in which the first is not missed: what is said falsely everywhere is not a
   * confusion of these two. NaN where either has no row.
   */
  excess: Float64Array[];
}

/**
 * The confusion of pairs where a row may have several labels: which label is said when another one sounds and is missed.
 *
 * @param decisions 0 or 1, `[rows, labels]`
 * @param targets 0 or 1, same shape
 * @throws RangeError when the shapes do not fit
 */
export function substitutions(
  decisions: Matrix,
  targets: Matrix,
  { labels = INSTRUMENTS.length }: Pick<MetricOptions, "labels"> = {},
): Substitutions {
  const rows = checkPair(decisions, targets, { labels });
  const counts = zeros(labels), chances = zeros(labels);
  const said = new Float64Array(labels), silent = new Float64Array(labels);
  for (let row = 0; row < rows; row++) {
    const first = row * labels;
    for (let other = 0; other < labels; other++) {
      if (targets[first + other]) continue;
      silent[other]++;
      said[other] += decisions[first + other];
      for (let label = 0; label < labels; label++) {
        if (!targets[first + label] || decisions[first + label]) continue;
        chances[label][other]++;
        counts[label][other] += decisions[first + other];
      }
    }
  }
  const each = (value: (label: number, other: number) => number) =>
    counts.map((row, label) => row.map((_, other) => value(label, other)));
  const share = each((label, other) => counts[label][other] / chances[label][other]);
  const excess = each((label, other) =>
    share[label][other] -
    (said[other] - counts[label][other]) / (silent[other] - chances[label][other])
  );
  return { counts, chances, share, excess };
}
