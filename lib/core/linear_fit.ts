/** A straight line through points. */
import { mean } from "./statistics.ts";
import { studentQuantile } from "./student.ts";

/** y = intercept + slope x by ordinary least squares. */
export interface LinearFit {
  slope: number;
  intercept: number;
  /** Share of y's variance that the line explains, in [0, 1]; NaN where y is constant. */
  r2: number;
  /** 95 % interval of the slope by Student's t: residuals are taken to be independent and alike. */
  low: number;
  high: number;
}

/**
 * Fits a line by ordinary least squares.
 *
 * @throws RangeError for lists of different length, fewer than three points (which leave nothing to judge the slope by), or
 *   points at one place
 */
export function linearFit(x: ArrayLike<number>, y: ArrayLike<number>): LinearFit {
  const count = x.length;
  if (count !== y.length || count < 3) {
    throw new RangeError(`cannot fit a line to ${count} places and ${y.length} values: 3 at least`);
  }
  const meanX = mean(x), meanY = mean(y);
  let xx = 0, yy = 0, xy = 0;
  for (let k = 0; k < count; k++) {
    xx += (x[k] - meanX) ** 2;
    yy += (y[k] - meanY) ** 2;
    xy += (x[k] - meanX) * (y[k] - meanY);
  }
  if (xx === 0) throw new RangeError(`cannot fit a line to ${count} points, all at ${x[0]}`);
  const slope = xy / xx, intercept = meanY - slope * meanX;
  let residual = 0;
  for (let k = 0; k < count; k++) residual += (y[k] - intercept - slope * x[k]) ** 2;
  const reach = studentQuantile(0.975, count - 2) * Math.sqrt(residual / (count - 2) / xx);
  return { slope, intercept, r2: xy ** 2 / xx / yy, low: slope - reach, high: slope + reach };
}
