/** Which learning rate? A few updates with a rate that grows show where the loss falls fastest (Smith, 2017). */
import type { BatchSource } from "./batches.ts";
import type { RunConfig } from "./config.ts";
import { Learner } from "./learner.ts";
import type { NamedValues } from "./parameters.ts";
import { countSteps, Updates } from "./updates.ts";

/** What a range test measured, update by update; shorter than asked for where the loss exploded. */
export interface RateRange {
  rates: number[];
  losses: number[];
  /** The losses' exponential moving mean, without the pull of its start. */
  smoothed: number[];
  /** Where the smoothed loss falls fastest; undefined where it does not fall. */
  suggestion?: number;
}

/** What a range test goes through. */
export interface RateRangeOptions {
  batches: BatchSource;
  /** Weights to begin with, e.g. a pretrained backbone's. Default: the configuration's own */
  initial?: NamedValues;
  /** The first rate and the last one. Default: 1e-6 and 1 */
  from?: number;
  to?: number;
  /** Updates. Default: 100 */
  updates?: number;
  /** Called after each. */
  onUpdate?: (done: number) => void;
  /** Stops after the current update. */
  signal?: AbortSignal;
}

/** Share of the smoothed loss that an update leaves. */
const SMOOTHING = 0.9;
/** The loss has exploded where its smoothed value is so many times the smallest. */
const EXPLODED = 4;

/**
 * Trains the whole network, from the weights that it begins with, with a rate that grows exponentially. Nothing is kept.
 *
 * @throws RangeError for rates that do not grow, and for fewer than two updates
 */
export async function findLearningRate(
  config: RunConfig,
  { batches, initial, from = 1e-6, to = 1, updates: count = 100, onUpdate, signal }:
    RateRangeOptions,
): Promise<RateRange> {
  if (!(from > 0 && to > from && count >= 2)) {
    throw new RangeError(
      `a rate cannot grow from ${from} to ${to} in ${count} updates; give 0 < from < to and at least 2 updates`,
    );
  }
  const epochs = Math.ceil(count / countSteps(config, batches.examples).perEpoch);
  const learner = new Learner(config, { batches, headSteps: 0, initial });
  const updates = new Updates(learner, batches, { config: { ...config, epochs }, first: 0 });
  const rates: number[] = [], losses: number[] = [];
  let smoothed: number[] = [];
  for (let k = 0; k < count && !signal?.aborted; k++) {
    const learningRate = from * (to / from) ** (k / (count - 1));
    const loss = await updates.make({ learningRate, headOnly: false });
    if (!Number.isFinite(loss)) break;
    rates.push(learningRate);
    losses.push(loss);
    smoothed = smooth(losses);
    onUpdate?.(k + 1);
    if (smoothed[k] > EXPLODED * Math.min(...smoothed)) break;
  }
  learner.dispose();
  return { rates, losses, smoothed, suggestion: steepest(rates, smoothed) };
}

/** The exponential moving mean of values, divided by the weight that it has so far. */
export function smooth(values: readonly number[]): number[] {
  let mean = 0;
  return values.map((value, k) => {
    mean = SMOOTHING * mean + (1 - SMOOTHING) * value;
    return mean / (1 - SMOOTHING ** (k + 1));
  });
}

/** The rate at which the loss falls fastest by the rate's logarithm, before its smallest value. */
export function steepest(
  rates: readonly number[],
  losses: readonly number[],
): number | undefined {
  const lowest = losses.indexOf(Math.min(...losses));
  let slope = 0, found: number | undefined;
  for (let k = 1; k < lowest; k++) {
    const own = (losses[k + 1] - losses[k - 1]) / Math.log(rates[k + 1] / rates[k - 1]);
    if (own < slope) [slope, found] = [own, rates[k]];
  }
  return found;
}
