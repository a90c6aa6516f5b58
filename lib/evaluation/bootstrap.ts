/**
 * Confidence intervals by resampling groups: songs or recordings, never single clips, because clips of one
 * recording are right and wrong together.
 */
import type { Random } from "../core/random.ts";
import type { GroupName } from "./influence.ts";
import { quantile } from "./quantile.ts";

/** A number and where it may lie. */
export interface Interval {
  /** The statistic on the data themselves. */
  value: number;
  low: number;
  high: number;
  /** Confidence, e.g. 0.95. */
  level: number;
  /** How many groups were resampled. */
  groups: number;
}

/** "0.486 (0.471 to 0.501)" */
export const intervalText = (
  { value, low, high }: Pick<Interval, "value" | "low" | "high">,
): string => `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;

/** Options of the bootstrap. */
export interface BootstrapOptions {
  groups: ArrayLike<GroupName>;
  random: Random;
  /** Resamplings. Default: 2000. */
  samples?: number;
  /** Confidence. Default: 0.95. */
  level?: number;
}

/**
 * Draws as many groups as there are, with replacement, and tells how often each row then counts.
 *
 * @returns the number of groups, and a function that gives the next draw's weights (one array, overwritten)
 * @throws RangeError when there are fewer than two groups: one tells nothing about how groups differ
 */
function resampler({ groups, random }: BootstrapOptions) {
  const numbers = new Map<GroupName, number>();
  const members = Int32Array.from(groups, (group) => {
    if (!numbers.has(group)) numbers.set(group, numbers.size);
    return numbers.get(group)!;
  });
  if (numbers.size < 2) {
    throw new RangeError(`cannot resample ${numbers.size} group: two are needed`);
  }
  const draws = new Float64Array(numbers.size), weights = new Float64Array(members.length);
  const draw = () => {
    draws.fill(0);
    for (let k = 0; k < numbers.size; k++) draws[random.integer(0, numbers.size)]++;
    for (let row = 0; row < weights.length; row++) weights[row] = draws[members[row]];
    return weights;
  };
  return { count: numbers.size, draw, unit: new Float64Array(members.length).fill(1) };
}

function percentiles(values: Float64Array, level: number): { low: number; high: number } {
  values.sort();
  return { low: quantile(values, (1 - level) / 2), high: quantile(values, (1 + level) / 2) };
}

/**
 * Percentile intervals of several statistics, all from the same draws (Efron, 1979; by groups: Davison and
 * Hinkley, Bootstrap Methods and their Application, 1997, section 3.8).
 *
 * @param statistics from the rows' weights (how often each row counts) to named numbers
 * @throws RangeError when there are fewer than two groups
 */
export function bootstrapIntervals<K extends string>(
  statistics: (weights: Float64Array) => Record<K, number>,
  options: BootstrapOptions,
): Record<K, Interval> {
  const { samples = 2000, level = 0.95 } = options;
  const { count, draw, unit } = resampler(options);
  const values = statistics(unit);
  const names = Object.keys(values) as K[];
  const drawn = names.map(() => new Float64Array(samples));
  for (let k = 0; k < samples; k++) {
    const sample = statistics(draw());
    names.forEach((name, n) => drawn[n][k] = sample[name]);
  }
  return Object.fromEntries(names.map((name, n) => {
    const interval = { value: values[name], ...percentiles(drawn[n], level), level, groups: count };
    return [name, interval];
  })) as Record<K, Interval>;
}

/** Percentile interval of one statistic; see {@link bootstrapIntervals}. */
export function bootstrapInterval(
  statistic: (weights: Float64Array) => number,
  options: BootstrapOptions,
): Interval {
  return bootstrapIntervals((weights) => ({ value: statistic(weights) }), options).value;
}
