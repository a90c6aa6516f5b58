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
