/** What one scores without listening: every result stands beside these. */
import { INSTRUMENTS } from "../datasets/labels.ts";
import {
  countOutcomes,
  decide,
  exactMatches,
  hammingScore,
  macroF1,
  type Matrix,
  type MetricOptions,
  microF1,
  rankingPrecisions,
  weightedMean,
} from "./metrics.ts";

/** The metrics of a multi-label result, each in [0, 1]. */
export interface MultiLabelScores {
  macroF1: number;
  microF1: number;
  /** LRAP. */
  rankingAveragePrecision: number;
  /** Share of right labels. */
  hamming: number;
  /** Share of rows with all labels right. */
  exactMatch: number;
}

/** The systems that answer the same to everything. */
export interface TrivialBaselines {
  /** No instrument, ever. */
  zeros: MultiLabelScores;
  /** Every instrument, always. */
  ones: MultiLabelScores;
  /** Every instrument as probable as it is frequent; decided where that is above one half. */
  prior: MultiLabelScores;
}

/**
 * All multi-label metrics at once.
 *
 * @param scores `[rows, labels]`, for the ranking
 * @param targets 0 or 1, same shape
 * @param options.decisions 0 or 1, same shape
 * @throws RangeError when the shapes do not fit, or a score is not finite
 */
export function multiLabelScores(
  scores: Matrix,
  targets: Matrix,
  { decisions, ...options }: MetricOptions & { decisions: Matrix },
): MultiLabelScores {
  const outcomes = countOutcomes(decisions, targets, options);
  return {
    macroF1: macroF1(outcomes),
    microF1: microF1(outcomes),
    rankingAveragePrecision: weightedMean(
      rankingPrecisions(scores, targets, options),
      options.weights,
    ),
    hamming: hammingScore(outcomes),
    exactMatch: weightedMean(exactMatches(decisions, targets, options), options.weights),
  };
}

/**
 * Accuracy of naming the most frequent label every time.
 *
 * @param targets 0 or 1, one label a row, `[rows, labels]`
 */
export function shareOfMostFrequent(targets: Matrix, labels: number = INSTRUMENTS.length): number {
  const counts = new Float64Array(labels);
  for (let k = 0; k < targets.length; k++) counts[k % labels] += targets[k];
  return Math.max(...counts) / (targets.length / labels);
}

/**
 * Scores of the constant systems.
 *
 * @param targets 0 or 1, `[rows, labels]`
 * @param options.prior each label's probability; default: its share of these very rows, which is the best
 *   that a constant can know
 */
export function trivialBaselines(
  targets: Matrix,
  { prior, labels = INSTRUMENTS.length }: { prior?: ArrayLike<number>; labels?: number } = {},
): TrivialBaselines {
  const rows = targets.length / labels;
  const shares = prior ?? Float64Array.from({ length: labels }, (_, label) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += targets[row * labels + label];
    return sum / rows;
  });
  const score = (answer: (label: number) => number) => {
    const scores = Float64Array.from({ length: targets.length }, (_, k) => answer(k % labels));
    return multiLabelScores(scores, targets, { decisions: decide(scores, 0.5), labels });
  };
  return { zeros: score(() => 0), ones: score(() => 1), prior: score((label) => shares[label]) };
}
