/** Learning rate by step (M18). Pure functions of the step's number, so that a resumed run goes on as if nothing had been. */

/** One-cycle in its two phases: up along a half cosine, then down to nearly nothing (Smith and Topin, 2018). */
export interface OneCycle {
  /** The highest learning rate. */
  maxLearningRate: number;
  /** Share of the steps on the way up, in (0, 1). */
  warmFraction: number;
  /** The first rate is the highest one divided by this. */
  startDivisor: number;
  /** The last rate is the first one divided by this. */
  endDivisor: number;
}

const halfCosine = (from: number, to: number, share: number) =>
  to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));

/**
 * The learning rate of a step, as PyTorch's `OneCycleLR` gives it.
 *
 * @param step 0 for the first of `steps`
 */
export function oneCycle(step: number, steps: number, cycle: OneCycle): number {
  const { maxLearningRate, warmFraction, startDivisor, endDivisor } = cycle;
  const first = maxLearningRate / startDivisor, last = first / endDivisor;
  const peak = warmFraction * steps - 1;
  if (step <= peak) return halfCosine(first, maxLearningRate, step / peak);
  return halfCosine(maxLearningRate, last, (step - peak) / (steps - 1 - peak));
}

/**
 * The learning rate while only the head is trained: falls exponentially from `warmLearningRate` to where
 * one-cycle begins.
 */
export function headRate(
  step: number,
  steps: number,
  { warmLearningRate, cycle }: { warmLearningRate: number; cycle: OneCycle },
): number {
  const last = cycle.maxLearningRate / cycle.startDivisor;
  return warmLearningRate * (last / warmLearningRate) ** (step / Math.max(steps - 1, 1));
}
