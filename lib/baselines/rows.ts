/** Samples as rows of a matrix. */

/** A row-major matrix: one sample a row, one feature a column. */
export interface Rows {
  values: Float64Array;
  columns: number;
}

/** The inner product of two rows. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** How many rows there are. @throws RangeError when the values do not fill whole rows. */
export function rowCount({ values, columns }: Rows): number {
  const rows = values.length / columns;
  if (!Number.isInteger(rows)) {
    throw new RangeError(`cannot part ${values.length} values into rows of ${columns}`);
  }
  return rows;
}

/** One row, as a view. */
export function rowAt({ values, columns }: Rows, row: number): Float64Array {
  return values.subarray(row * columns, (row + 1) * columns);
}

/** A copy of some rows, in the order given. */
export function selectRows(rows: Rows, indices: ArrayLike<number>): Rows {
  const values = new Float64Array(indices.length * rows.columns);
  for (let k = 0; k < indices.length; k++) values.set(rowAt(rows, indices[k]), k * rows.columns);
  return { values, columns: rows.columns };
}

/** A copy with further columns on the right. @throws RangeError when the numbers of rows differ. */
export function joinColumns(left: Rows, right: Rows): Rows {
  const count = rowCount(left), columns = left.columns + right.columns;
  if (rowCount(right) !== count) {
    throw new RangeError(`cannot join ${count} rows with ${rowCount(right)}`);
  }
  const values = new Float64Array(count * columns);
  for (let row = 0; row < count; row++) {
    values.set(rowAt(left, row), row * columns);
    values.set(rowAt(right, row), row * columns + left.columns);
  }
  return { values, columns };
}

/** What every classical classifier can do once it is fitted. */
export interface Classifier {
  /** Class probabilities or votes, `rows x classes`; the largest is the answer. */
  scores(rows: Rows): Float64Array;
}
