/**
 * Confidence intervals by resampling groups: songs or recordings, never single clips, because clips of one
 * recording are right and wrong together.
 */
import { mean, standardDeviation, variance } from "../core/statistics.ts";
import type { Random } from "../core/random.ts";
import { weightedMean } from "./metrics.ts";
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

/**
 * The groups of the rows: one each, or several where a row was made of several recordings. A row of
 * several groups weighs the product of its groups' draws (Owen, The pigeonhole bootstrap, 2007).
 */
export type Groups = ArrayLike<Name | readonly Name[]>;

type Name = string | number;

/** Options of the bootstrap. */
export interface BootstrapOptions {
  groups: Groups;
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
  const numbers = new Map<Name, number>();
  const members = Array.from(
    groups,
    (group) =>
      [group].flat().map((name) => {
        if (!numbers.has(name)) numbers.set(name, numbers.size);
        return numbers.get(name)!;
      }),
  );
  if (numbers.size < 2) {
    throw new RangeError(`cannot resample ${numbers.size} group: two are needed`);
  }
  const draws = new Float64Array(numbers.size), weights = new Float64Array(members.length);
  const draw = () => {
    let total: number;
    do {
      draws.fill(0);
      for (let k = 0; k < numbers.size; k++) draws[random.integer(0, numbers.size)]++;
      total = 0;
      for (let row = 0; row < weights.length; row++) {
        let weight = 1;
        for (const group of members[row]) weight *= draws[group];
        total += weights[row] = weight;
      }
      // only rows of several groups can all be missed
    } while (total === 0);
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

/** The difference between two systems, with its two sources of chance. */
export interface Difference extends Interval {
  /** Standard error that comes from the choice of groups. */
  groupError: number;
  /** Standard error that comes from the seeds, beyond the groups'; 0 where no system has two seeds. */
  seedError: number;
}

/**
 * The least share of the variance between seeds that is not put down to the choice of clips: a few seeds
 * can by chance lie too close together, and intervals would be too short.
 */
const SEED_SHARE = 0.25;

/**
 * Interval of the difference between two systems that were tested on the same rows, each trained with one
 * or several seeds: mean over the first's seeds minus mean over the second's.
 *
 * Groups are resampled, the same ones for both systems and all seeds. To each resampled difference comes
 * a draw from the t distribution with the deviation between seeds, pooled over both systems (which are
 * taken to vary alike). Runs of different seeds also differ because each is right on other clips; that
 * part is in the resampled groups already, so it is taken out of the deviation between seeds, which two
 * plain levels of resampling would count twice. With one seed each, the interval is about these very
 * models, not about the way to train them.
 *
 * In simulations (150 groups, 3 seeds each) 95 % intervals held the truth in 92 to 97 % of cases,
 * whether seeds varied not at all, as much as the clips, or much more.
 *
 * @param systems for each system and seed: the statistic, from the rows' weights to a number
 * @throws RangeError when a system has no seed, or there are fewer than two groups
 */
export function differenceInterval(
  systems: readonly [
    readonly ((weights: Float64Array) => number)[],
    readonly ((weights: Float64Array) => number)[],
  ],
  options: BootstrapOptions,
): Difference {
  const { samples = 2000, level = 0.95, random } = options;
  const [first, second] = systems.map((seeds) => seeds.length);
  if (!first || !second) throw new RangeError(`cannot compare ${first} with ${second} seeds`);
  const { count, draw, unit } = resampler(options);
  const freedom = first + second - 2;
  const evaluate = (weights: Float64Array) => {
    const values = systems.map((seeds) => seeds.map((statistic) => statistic(weights)));
    const squares = values.map((v) => v.length > 1 ? variance(v) * (v.length - 1) : 0);
    return {
      difference: mean(values[0]) - mean(values[1]),
      betweenSeeds: freedom > 0 ? (squares[0] + squares[1]) / freedom : 0,
    };
  };
  const observed = evaluate(unit);
  const drawn = Array.from({ length: samples }, () => evaluate(draw()));
  const differences = Float64Array.from(drawn, (sample) => sample.difference);
  // resampling adds the variance that comes from the clips once more
  const ofClips = mean(drawn.map((sample) => sample.betweenSeeds)) - observed.betweenSeeds;
  const seedVariance = Math.max(
    SEED_SHARE * observed.betweenSeeds,
    observed.betweenSeeds - ofClips,
  );
  const seedError = Math.sqrt(seedVariance * (1 / first + 1 / second));
  const groupError = standardDeviation(differences);
  if (seedError > 0) {
    for (let k = 0; k < samples; k++) differences[k] += seedError * studentT(freedom, random);
  }
  const interval = percentiles(differences, level);
  return { value: observed.difference, ...interval, level, groups: count, groupError, seedError };
}

/**
 * The difference between two systems' means, e.g. of 1 for each right clip and 0 for each wrong one; see
 * {@link differenceInterval}.
 *
 * @param first for each seed, one value a row
 * @param second likewise, on the same rows
 */
export function meanDifference(
  first: readonly ArrayLike<number>[],
  second: readonly ArrayLike<number>[],
  options: BootstrapOptions,
): Difference {
  const statistic = (values: ArrayLike<number>) => (weights: Float64Array) =>
    weightedMean(values, weights);
  return differenceInterval([first.map(statistic), second.map(statistic)], options);
}

/** A number from Student's t distribution. */
function studentT(freedom: number, random: Random): number {
  let squares = 0;
  for (let k = 0; k < freedom; k++) squares += random.normal() ** 2;
  return random.normal() / Math.sqrt(squares / freedom);
}
