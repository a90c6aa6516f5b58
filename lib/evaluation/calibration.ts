/** Whether a probability means what it says: of what gets 0.7, is 70 % true? */
import { logit } from "./aggregate.ts";
import { checkPair, type Matrix, type MetricOptions } from "./metrics.ts";
import { fillByHalves, takeRows } from "./threshold.ts";

/** The probabilities of one interval. */
export interface ReliabilityBin {
  /** Their mean. */
  confidence: number;
  /** The share of them that is true. */
  share: number;
  /** How many they are, by weight. */
  weight: number;
}

/**
 * Sorts all probabilities, of whatever label, into intervals of one width, each with its upper end (Guo, Pleiss, Sun and
 * Weinberger, "On Calibration of Modern Neural Networks", 2017).
 *
 * @param probabilities in [0, 1], `[rows, labels]`
 * @param targets 0 or 1, same shape
 * @param options.bins Default: 15
 * @returns the intervals that are not empty, ascending
 * @throws RangeError when the shapes do not fit
 */
export function reliability(
  probabilities: Matrix,
  targets: Matrix,
  { bins = 15, ...options }: MetricOptions & { bins?: number } = {},
): ReliabilityBin[] {
  const rows = checkPair(probabilities, targets, options);
  const labels = probabilities.length / rows;
  const weight = new Float64Array(bins), confidence = new Float64Array(bins);
  const share = new Float64Array(bins);
  for (let k = 0; k < probabilities.length; k++) {
    const bin = Math.max(0, Math.ceil(probabilities[k] * bins) - 1);
    const own = options.weights?.[Math.floor(k / labels)] ?? 1;
    weight[bin] += own;
    confidence[bin] += own * probabilities[k];
    share[bin] += own * targets[k];
  }
  return [...weight.keys()].filter((bin) => weight[bin] > 0).map((bin) => ({
    confidence: confidence[bin] / weight[bin],
    share: share[bin] / weight[bin],
    weight: weight[bin],
  }));
}

/** Expected calibration error: mean distance of confidence and share over the intervals, by weight; in [0, 1]. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, { weight }) => sum + weight, 0);
  return bins.reduce(
    (sum, { confidence, share, weight }) => sum + weight / total * Math.abs(confidence - share),
    0,
  );
}

/** Temperatures are looked for between 1 / this and this. */
const MOST = 100;

/**
 * The temperature by which all logits are to be divided for the least binary cross-entropy on some rows (Guo et al.,
 * 2017): above 1 where the probabilities are too sure. The cross-entropy is convex in its inverse, so the place where its
 * slope is 0 is found by halving.
 *
 * @param probabilities in [0, 1]; 0 and 1 count as one in a million away from them
 * @param targets 0 or 1, of the same length
 * @returns between 0.01 and 100, the ends where the best is beyond them
 * @throws RangeError when the lengths differ or there is no row
 */
export function tuneTemperature(probabilities: Matrix, targets: Matrix): number {
  if (probabilities.length !== targets.length || targets.length === 0) {
    throw new RangeError(
      `cannot tune a temperature on ${probabilities.length} probabilities and ${targets.length} targets`,
    );
  }
  const logits = Float64Array.from(probabilities, logit);
  const slope = (inverse: number) =>
    logits.reduce((sum, z, k) => sum + z * (sigmoid(inverse * z) - targets[k]), 0);
  let low = 1 / MOST, high = MOST;
  // by ratios: each step halves the digits that are unknown
  for (let step = 0; step < 60; step++) {
    const middle = Math.sqrt(low * high);
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  return 1 / Math.sqrt(low * high);
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** Probabilities after their logits were divided by a temperature. */
export const atTemperature = (probabilities: Matrix, temperature: number): Float32Array =>
  Float32Array.from(probabilities, (p) => sigmoid(logit(p) / temperature));

/** Probabilities that were scaled by what the other half told. */
export interface CrossScaled {
  /** `[rows, labels]` */
  probabilities: Float32Array;
  /** What was used on each half: the first was tuned on the second half, the second on the first. */
  temperatures: [number, number];
}

/**
 * Scales every row by the temperature that was tuned on other groups.
 *
 * @param halves the rows of either half, from `splitForThreshold`
 */
export function crossScale(
  probabilities: Float32Array,
  targets: Uint8Array,
  { halves }: { halves: [Int32Array, Int32Array] },
): CrossScaled {
  const out = new Float32Array(probabilities.length), temperatures: number[] = [];
  fillByHalves(out, halves, (tuned) => {
    const temperature = tuneTemperature(takeRows(probabilities, tuned), takeRows(targets, tuned));
    temperatures.push(temperature);
    return (scored) => atTemperature(takeRows(probabilities, scored), temperature);
  });
  return { probabilities: out, temperatures: temperatures as [number, number] };
}
