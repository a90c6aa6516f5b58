/**
 * Learning rate by step (M18). Pure functions of the step's number, and of what was measured after the epochs before
 * it, so that a resumed run goes on as if nothing had been.
 */
import type { RunConfig } from "./config.ts";
import { isGain, type Measurements, type Watched, watchedValues } from "./watch.ts";

/** One-cycle: up along a half cosine, then down to nearly nothing (Smith and Topin, 2018). */
export interface OneCycle {
  /** The highest learning rate. */
  maxLearningRate: number;
  /** Share of the steps on the way up, in (0, 1). */
  warmFraction: number;
  /** The first rate is the highest one divided by this. */
  startDivisor: number;
  /** The last rate is the first one divided by this. */
  endDivisor: number;
  /**
   * Down to the first rate in as many steps as it went up, then from there to the last one; 1 as `endDivisor` keeps it
   * where the cycle began, which is what the study describes. Default: down in one go
   */
  threePhase?: boolean;
}

const halfCosine = (from: number, to: number, share: number) =>
  to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));

/**
 * The learning rate of a step, as PyTorch's `OneCycleLR` gives it.
 *
 * @param step 0 for the first of `steps`
 */
export function oneCycle(step: number, steps: number, cycle: OneCycle): number {
  const { maxLearningRate, warmFraction, startDivisor, endDivisor, threePhase } = cycle;
  const first = maxLearningRate / startDivisor, last = first / endDivisor;
  const peak = warmFraction * steps - 1;
  const corners = [
    { at: 0, rate: first },
    { at: peak, rate: maxLearningRate },
    ...threePhase ? [{ at: 2 * peak, rate: first }] : [],
    { at: steps - 1, rate: last },
  ];
  const next = Math.max(1, corners.findIndex(({ at }) => step <= at));
  const from = corners[next - 1], to = corners[next];
  // no step is on the way up where there is room for none
  const share = to.at > from.at ? (step - from.at) / (to.at - from.at) : 1;
  return halfCosine(from.rate, to.rate, share);
}

/** Cosine annealing with warm restarts (Loshchilov and Hutter, 2017). */
export interface CosineRestarts {
  /** The rate at the beginning of every cycle. */
  maxLearningRate: number;
  /** The rate that a cycle falls to and does not quite reach. */
  minLearningRate: number;
  /** Steps of the first cycle. */
  cycleSteps: number;
  /** Each cycle is so many times as long as the one before it. */
  cycleFactor: number;
}

/** The learning rate of a step, 0 for the first, as PyTorch's `CosineAnnealingWarmRestarts` gives it. */
export function cosineRestarts(step: number, cycles: CosineRestarts): number {
  const { maxLearningRate, minLearningRate, cycleSteps, cycleFactor } = cycles;
  let length = cycleSteps, begun = 0;
  while (step >= begun + length) {
    begun += length;
    length *= cycleFactor;
  }
  return halfCosine(maxLearningRate, minLearningRate, (step - begun) / length);
}

/** A rate that falls whenever the validation measure gains no more. */
export interface Plateau extends Watched {
  /** The first rate, and the one below which it does not fall. */
  maxLearningRate: number;
  minLearningRate: number;
  /** The rate is multiplied by this, in (0, 1), ... */
  factor: number;
  /** ... after more than so many epochs without a gain; ... */
  patience: number;
  /** ... the epochs that follow a fall do not count, so many of them. */
  cooldown: number;
}

/**
 * The learning rate after some epochs, as PyTorch's `ReduceLROnPlateau` gives it (`threshold_mode="abs"`, `eps=0`).
 *
 * @param measured the watched measure of each epoch so far
 */
export function plateauRate(measured: readonly number[], plateau: Plateau): number {
  const { maxLearningRate, minLearningRate, factor, patience, cooldown } = plateau;
  let rate = maxLearningRate, without = 0, cooling = 0, best: number | undefined;
  for (const value of measured) {
    const gained = isGain(value, best, plateau);
    if (gained) best = value;
    without = gained || cooling > 0 ? 0 : without + 1;
    cooling = Math.max(cooling - 1, 0);
    if (without > patience) {
      rate = Math.max(rate * factor, minLearningRate);
      cooling = cooldown;
      without = 0;
    }
  }
  return rate;
}

/**
 * The learning rate while only the head is trained: falls exponentially.
 *
 * @param range from the rate of the first step to that of the last one
 */
export function headRate(
  step: number,
  steps: number,
  { from, to }: { from: number; to: number },
): number {
  return from * (to / from) ** (step / Math.max(steps - 1, 1));
}

/**
 * The learning rate of a run's step: the head's alone at first, down to where the schedule for all begins.
 *
 * @param options.perEpoch steps of an epoch
 * @param options.history what was measured after each epoch before the step's. Default: nothing
 * @throws Error where the measure that the rate follows was not among it
 */
export function learningRate(
  config: RunConfig,
  step: number,
  { perEpoch, history = [] }: { perEpoch: number; history?: readonly Measurements[] },
): number {
  const { schedule, headEpochs, epochs } = config;
  const headSteps = headEpochs * perEpoch;
  if (step < headSteps) {
    const to = learningRate(config, headSteps, { perEpoch });
    return headRate(step, headSteps, { from: schedule.warmLearningRate, to });
  }
  const own = step - headSteps;
  switch (schedule.name) {
    case "one-cycle":
      return oneCycle(own, (epochs - headEpochs) * perEpoch, schedule);
    case "one-cycle-three-phase":
      return oneCycle(own, (epochs - headEpochs) * perEpoch, { ...schedule, threePhase: true });
    case "cosine-restarts":
      return cosineRestarts(own, { ...schedule, cycleSteps: schedule.cycleEpochs * perEpoch });
    case "plateau":
      return plateauRate(watchedValues(history.slice(headEpochs), schedule), schedule);
  }
}
