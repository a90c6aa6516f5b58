/** How columns move together. */
import { rowCount, type Rows } from "./rows.ts";
import { fitStandard } from "./scaler.ts";

/**
 * Covariance of all pairs of columns, the sum of products over n - 1.
 *
 * @returns `columns x columns` values
 */
export function covarianceMatrix(rows: Rows): Float64Array {
  const { values, columns } = rows, count = rowCount(rows);
  const { offset } = fitStandard(rows);
  const out = new Float64Array(columns * columns), centred = new Float64Array(columns);
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < columns; k++) centred[k] = values[row * columns + k] - offset[k];
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j <= i; j++) out[i * columns + j] += centred[i] * centred[j];
    }
  }
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j <= i; j++) {
      out[j * columns + i] = out[i * columns + j] /= count - 1;
    }
  }
  return out;
}

/**
 * Pearson's correlation of all pairs of columns; for columns of 0 and 1 that is the phi coefficient. NaN
 * where a column is constant.
 *
 * @returns `columns x columns` values in [-1, 1]
 */
export function correlationMatrix(rows: Rows): Float64Array {
  const covariance = covarianceMatrix(rows), { columns } = rows;
  const deviation = Array.from(
    { length: columns },
    (_, k) => Math.sqrt(covariance[k * columns + k]),
  );
  return covariance.map((x, k) => x / deviation[Math.floor(k / columns)] / deviation[k % columns]);
}

/**
 * Pearson's correlation of two lists whose entries have weights: a weight of 2 is as if an entry stood there twice. NaN
 * where a list is constant.
 */
export function weightedCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights: ArrayLike<number>,
): number {
  let total = 0, meanX = 0, meanY = 0;
  for (let k = 0; k < weights.length; k++) {
    total += weights[k];
    meanX += weights[k] * x[k];
    meanY += weights[k] * y[k];
  }
  meanX /= total;
  meanY /= total;
  let xx = 0, yy = 0, xy = 0;
  for (let k = 0; k < weights.length; k++) {
    const dx = x[k] - meanX, dy = y[k] - meanY;
    xx += weights[k] * dx * dx;
    yy += weights[k] * dy * dy;
    xy += weights[k] * dx * dy;
  }
  return xy / Math.sqrt(xx * yy);
}
