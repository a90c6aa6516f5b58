/** Statistics of a list of numbers, and exact tests on counts. */

/** Arithmetic mean. NaN for an empty list. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum / values.length;
}

/** Mean of (x - mean)^power. */
function centralMoment(values: ArrayLike<number>, power: number): number {
  const centre = mean(values);
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += (values[k] - centre) ** power;
  return sum / values.length;
}

/** Sample variance: the sum of squared deviations over n - 1. NaN for fewer than two values. */
export function variance(values: ArrayLike<number>): number {
  return centralMoment(values, 2) * values.length / (values.length - 1);
}

/** Sample standard deviation: the square root of {@link variance}. */
export function standardDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values));
}

/** Skewness g1 = m3 / m2^1.5 of the central moments (Joanes and Gill, 1998), without bias correction. */
export function skewness(values: ArrayLike<number>): number {
  return centralMoment(values, 3) / centralMoment(values, 2) ** 1.5;
}

/** Natural logarithms of 0! to n!. */
function logFactorials(n: number): Float64Array {
  const logs = new Float64Array(n + 1);
  for (let k = 2; k <= n; k++) logs[k] = logs[k - 1] + Math.log(k);
  return logs;
}

/**
 * Exact binomial test of `successes` in `trials` against a probability.
 *
 * @param alternative "greater": P(X >= successes); "less": P(X <= successes); "two-sided": the
 *   probability of all outcomes that are at most as likely as the observed one
 * @returns the p-value, in [0, 1]
 * @throws RangeError when the counts are no counts or the probability is outside (0, 1)
 */
export function binomialTest(
  successes: number,
  trials: number,
  { probability = 0.5, alternative = "two-sided" }: {
    probability?: number;
    alternative?: "greater" | "less" | "two-sided";
  } = {},
): number {
  requireCounts(successes, trials);
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`cannot test against a probability of ${probability}, only inside (0, 1)`);
  }
  const logs = logFactorials(trials);
  const likelihood = (k: number) =>
    Math.exp(
      logs[trials] - logs[k] - logs[trials - k] + k * Math.log(probability) +
        (trials - k) * Math.log1p(-probability),
    );
  // Outcomes as likely as the observed one differ from it by rounding alone.
  const limit = likelihood(successes) * (1 + 1e-7);
  const counts = {
    greater: (k: number) => k >= successes,
    less: (k: number) => k <= successes,
    "two-sided": (k: number) => likelihood(k) <= limit,
  }[alternative];
  let p = 0;
  for (let k = 0; k <= trials; k++) if (counts(k)) p += likelihood(k);
  return Math.min(1, p);
}

/** The standard normal distribution's 0.975 quantile: 95 % lie within so many standard deviations. */
export const NORMAL_95 = 1.959963984540054;

/**
 * The 95 % interval of a share by Wilson's score ("Probable Inference, the Law of Succession, and Statistical
 * Inference", 1927): sensible at 0 and 1, and for few trials.
 *
 * @throws RangeError when the counts are no counts, or there is no trial
 */
export function wilsonInterval(successes: number, trials: number): [low: number, high: number] {
  requireCounts(successes, trials);
  if (trials === 0) throw new RangeError("there is no share of 0 trials");
  const share = successes / trials, z2 = NORMAL_95 ** 2 / trials;
  const centre = (share + z2 / 2) / (1 + z2);
  const half = NORMAL_95 * Math.sqrt(share * (1 - share) / trials + z2 / (4 * trials)) / (1 + z2);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

function requireCounts(successes: number, trials: number): void {
  const isCount = (n: number) => Number.isInteger(n) && n >= 0;
  if (!isCount(successes) || !isCount(trials) || successes > trials) {
    throw new RangeError(`there are no ${successes} successes in ${trials} trials`);
  }
}
