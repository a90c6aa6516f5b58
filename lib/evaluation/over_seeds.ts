/** The same experiment with several seeds. */
import { mean, standardDeviation } from "../core/statistics.ts";
import { studentQuantile } from "../core/student.ts";

/** A mean and where the mean of endless seeds may lie; without `low` and `high` where there was one seed. */
export interface SeedMean {
  mean: number;
  low?: number;
  high?: number;
}

/**
 * Mean over seeds, with Student's t interval of it: what chance in the training does, on these very test clips.
 *
 * @param values one a seed
 * @throws RangeError when there is none
 */
export function overSeeds(
  values: readonly number[],
  { level = 0.95 }: { level?: number } = {},
): SeedMean {
  if (values.length === 0) throw new RangeError("cannot take a mean over no seeds");
  const centre = mean(values);
  if (values.length === 1) return { mean: centre };
  const error = standardDeviation(values) / Math.sqrt(values.length);
  const reach = error * studentQuantile((1 + level) / 2, values.length - 1);
  return { mean: centre, low: centre - reach, high: centre + reach };
}

/** "0.486 (0.471 to 0.501)", or the mean alone. */
export function formatSeedMean({ mean, low, high }: SeedMean, decimals = 3): string {
  const text = mean.toFixed(decimals);
  if (low === undefined || high === undefined) return text;
  return `${text} (${low.toFixed(decimals)} to ${high.toFixed(decimals)})`;
}
