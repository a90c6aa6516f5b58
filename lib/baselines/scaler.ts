/** Scaling of features by what a training set has: the same scaler then serves every other set. */
import { rowCount, type Rows } from "./rows.ts";

/** x -> (x - offset) / scale, a column each. */
export interface Scaler {
  offset: Float64Array;
  scale: Float64Array;
}

/** A constant column has no scale: it is moved, not divided, as scikit-learn does. */
const orOne = (scale: number) => scale === 0 ? 1 : scale;

/** The scaler that brings every column of a training set to [0, 1]. @throws RangeError without rows. */
export function fitMinMax(rows: Rows): Scaler {
  const { values, columns } = rows;
  if (rowCount(rows) === 0) throw new RangeError("cannot fit a scaler to no rows");
  const low = values.slice(0, columns), high = values.slice(0, columns);
  for (let k = columns; k < values.length; k++) {
    const column = k % columns;
    low[column] = Math.min(low[column], values[k]);
    high[column] = Math.max(high[column], values[k]);
  }
  return { offset: low, scale: high.map((top, column) => orOne(top - low[column])) };
}

/** The scaler that gives every column of a training set mean 0 and (population) deviation 1. */
export function fitStandard(rows: Rows): Scaler {
  const { values, columns } = rows, count = rowCount(rows);
  if (count === 0) throw new RangeError("cannot fit a scaler to no rows");
  const offset = new Float64Array(columns), scale = new Float64Array(columns);
  for (let first = 0; first < values.length; first += columns) {
    for (let k = 0; k < columns; k++) offset[k] += values[first + k] / count;
  }
  for (let first = 0; first < values.length; first += columns) {
    for (let k = 0; k < columns; k++) scale[k] += (values[first + k] - offset[k]) ** 2 / count;
  }
  return { offset, scale: scale.map((variance) => orOne(Math.sqrt(variance))) };
}

/** Scaled copies of rows. @throws RangeError when the scaler was fitted to another number of columns. */
export function applyScaler({ offset, scale }: Scaler, { values, columns }: Rows): Rows {
  if (offset.length !== columns) {
    throw new RangeError(`cannot scale ${columns} columns with a scaler of ${offset.length}`);
  }
  const scaled = new Float64Array(values.length);
  for (let first = 0; first < values.length; first += columns) {
    for (let k = 0; k < columns; k++) {
      scaled[first + k] = (values[first + k] - offset[k]) / scale[k];
    }
  }
  return { values: scaled, columns };
}
