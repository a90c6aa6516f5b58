/**
 * Standard errors by linearisation: how much each row moves a statistic, and how rows of the same groups move it together.
 *
 * A row may belong to several groups (a mixture of two recordings). Rows that share one are right and wrong together,
 * others are not; so the variance is the sum over all pairs of rows that share a group of the products of their
 * influences (Fafchamps and Gubert, The formation of risk sharing networks, 2007; Aronow, Samii and Assenova,
 * Cluster-robust variance estimation for dyadic data, 2015; with one group a row the common one of Liang and Zeger, 1986).
 * Resampling that weighs a row by the product of its groups' draws counts a row's own chance three times for two groups
 * and seven times for three (Owen, The pigeonhole bootstrap, 2007), which makes intervals up to 1.7 and 2.6 times as long.
 */

import { mean } from "../core/statistics.ts";
import { studentQuantile } from "../core/student.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import type { Interval } from "./bootstrap.ts";
import { countOutcomes, type Outcomes } from "./metrics.ts";

/** The groups of the rows: one each, or several where a row was made of several recordings. */
export type Groups = ArrayLike<GroupName | readonly GroupName[]>;

export type GroupName = string | number;

/** A statistic of weighted rows, on the rows as they are, and what it would gain for each unit of weight on a row. */
export interface Influence {
  value: number;
  /** The derivative by each row's weight, `[rows]`. */
  byRow: Float64Array;
}

/** The step of a weight: far above rounding, and statistics of many rows are straight over it. */
const STEP = 1e-4;

/**
 * The influence of every row on a statistic that is smooth in their weights, by finite differences (the infinitesimal
 * jackknife of Jaeckel, 1972).
 *
 * @param statistic from the rows' weights to a number
 */
export function influenceOf(
  statistic: (weights: Float64Array) => number,
  rows: number,
): Influence {
  const weights = new Float64Array(rows).fill(1), value = statistic(weights);
  const byRow = Float64Array.from({ length: rows }, (_, row) => {
    weights[row] = 1 + STEP;
    const moved = statistic(weights);
    weights[row] = 1;
    return (moved - value) / STEP;
  });
  return { value, byRow };
}

/** The influence of every row on the mean of their values, which needs no step. */
export function influenceOnMean(values: ArrayLike<number>): Influence {
  const value = mean(values);
  return { value, byRow: Float64Array.from(values, (x) => (x - value) / values.length) };
}

/**
 * As {@link influenceOf}, on statistics of right and wrong decisions alone: what a row adds is one to a count of each label,
 * so that the counts are moved and not the rows.
 *
 * @param statistics from the counts to named numbers
 * @param options.decisions 0 or 1, `[rows, labels]`
 * @param options.targets 0 or 1, same shape
 * @throws RangeError when the shapes do not fit
 */
export function influencesOnOutcomes<K extends string>(
  statistics: (outcomes: Outcomes) => Record<K, number>,
  { decisions, targets, labels = INSTRUMENTS.length }: {
    decisions: Uint8Array;
    targets: Uint8Array;
    labels?: number;
  },
): Record<K, Influence> {
  const outcomes = countOutcomes(decisions, targets, { labels }), values = statistics(outcomes);
  const names = Object.keys(values) as K[];
  // for each statistic its slopes by the counts of each label, at 2 * target + decision
  const slopes = names.map(() => new Float64Array(4 * labels));
  const { trueNegative, falsePositive, falseNegative, truePositive } = outcomes;
  [trueNegative, falsePositive, falseNegative, truePositive].forEach((counts, cell) => {
    for (let label = 0; label < labels; label++) {
      const count = counts[label];
      counts[label] = count + STEP;
      const moved = statistics(outcomes);
      names.forEach((name, n) => slopes[n][4 * label + cell] = (moved[name] - values[name]) / STEP);
      counts[label] = count;
    }
  });
  const byRow = names.map(() => new Float64Array(decisions.length / labels));
  for (let k = 0; k < decisions.length; k++) {
    const cell = 4 * (k % labels) + 2 * targets[k] + decisions[k];
    const row = Math.floor(k / labels);
    for (let n = 0; n < names.length; n++) byRow[n][row] += slopes[n][cell];
  }
  return Object.fromEntries(
    names.map((name, n) => [name, { value: values[name], byRow: byRow[n] }]),
  ) as Record<K, Influence>;
}

/**
 * Student's t interval of a statistic, over the choice of groups.
 *
 * @param options.level confidence. Default: 0.95
 */
export function linearInterval(
  { value, byRow }: Influence,
  { shared, level = 0.95 }: { shared: SharedGroups; level?: number },
): Interval {
  const quantile = studentQuantile((1 + level) / 2, shared.count - 1);
  const reach = quantile * Math.sqrt(shared.variance(byRow));
  return { value, low: value - reach, high: value + reach, level, groups: shared.count };
}

/** Which rows share a group. */
export class SharedGroups {
  readonly rows: number;
  /** How many groups there are. */
  readonly count: number;
  /** Whether some row has several groups. */
  readonly #overlap: boolean;
  /** For each row those that share a group with it, itself among them. */
  readonly #neighbours: Int32Array[];

  /** @throws RangeError when there are fewer than two groups: one tells nothing about how groups differ */
  constructor(groups: Groups) {
    const names = Array.from(groups, (group) => [group].flat());
    const members = new Map<GroupName, number[]>();
    names.forEach((own, row) => {
      for (const name of new Set(own)) {
        if (!members.has(name)) members.set(name, []);
        members.get(name)!.push(row);
      }
    });
    this.rows = names.length;
    this.count = members.size;
    if (this.count < 2) {
      throw new RangeError(`cannot compare on ${this.count} group: two are needed`);
    }
    this.#overlap = names.some((own) => own.length > 1);
    this.#neighbours = names.map((own) =>
      Int32Array.from(new Set(own.flatMap((name) => members.get(name)!)))
    );
  }

  /** The variance of a statistic, or of a sum of statistics, over the choice of groups. */
  variance(byRow: Float64Array): number {
    let shared = 0, own = 0;
    for (let row = 0; row < this.rows; row++) {
      let sum = 0;
      for (const other of this.#neighbours[row]) sum += byRow[other];
      shared += byRow[row] * sum;
      own += byRow[row] ** 2;
    }
    // where groups overlap the sum over pairs can fall below any variance that rows have by themselves
    const sum = this.#overlap ? Math.max(shared, own) : shared;
    return sum * this.count / (this.count - 1);
  }
}
