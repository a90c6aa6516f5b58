/** Shares and other statistics of clips, with intervals over their recordings or songs. */
import { bootstrapIntervals } from "../../evaluation/bootstrap.ts";
import { effectiveNumber } from "../../evaluation/concentration.ts";
import type { GroupName } from "../../evaluation/influence.ts";
import { weightedMean } from "../../evaluation/metrics.ts";
import { randomFrom } from "../../core/random.ts";
import type { Estimate } from "../claims.ts";

/** Estimates by name; each is computed when a claim asks for it. */
export type Estimates = Readonly<Record<string, () => Estimate | Promise<Estimate>>>;

/** Resamplings: the second digit of an interval's ends is what a verdict needs. */
const SAMPLES = 500;

/** Statistics of rows that have weights, with their 95 % intervals over groups, all from the same draws. */
export function allOver<K extends string>(
  groups: ArrayLike<GroupName>,
  statistics: (weights: Float64Array) => Record<K, number>,
  note?: string,
): Record<K, Estimate> {
  const random = randomFrom("claims");
  const found = bootstrapIntervals(statistics, { groups, random, samples: SAMPLES });
  return Object.fromEntries(
    Object.entries<{ value: number; low: number; high: number }>(found).map((
      [name, { value, low, high }],
    ) => [name, { value, low, high, ...(note !== undefined && { note }) }]),
  ) as Record<K, Estimate>;
}

/** One statistic; see {@link allOver}. */
export const over = (
  groups: ArrayLike<GroupName>,
  statistic: (weights: Float64Array) => number,
  note?: string,
): Estimate => allOver(groups, (weights) => ({ value: statistic(weights) }), note).value;

/** The share of rows with a property, over groups. */
export const share = (
  groups: ArrayLike<GroupName>,
  has: readonly boolean[],
  note?: string,
): Estimate => {
  const values = has.map(Number);
  return over(groups, (weights) => weightedMean(values, weights), note);
};

/** The weighted mean of some rows' values less that of others. */
export function contrast(
  values: ArrayLike<number>,
  first: readonly boolean[],
  second: readonly boolean[],
): (weights: Float64Array) => number {
  const part = (weights: Float64Array, rows: readonly boolean[]) =>
    weightedMean(values, weights.map((weight, row) => rows[row] ? weight : 0));
  return (weights) => part(weights, first) - part(weights, second);
}

/** The largest of some numbers by the smallest. */
export const spread = (values: readonly number[]) => Math.max(...values) / Math.min(...values);

/** How even shares are: their entropy by that of equal ones, at most 1. */
export const evenness = (counts: ArrayLike<number>): number =>
  Math.log(effectiveNumber(counts)) / Math.log(counts.length);

/** An estimate with its interval. */
export type Quantity = { value: number; low: number; high: number };

/** A difference of two estimates, whatever they have to do with each other: from the ends of their intervals. */
export const gap = (a: Quantity, b: Quantity): Quantity & { note: string } => ({
  value: a.value - b.value,
  low: a.low - b.high,
  high: a.high - b.low,
  note: "from the ends of both intervals, which is wider than need be",
});
