/**
 * Long lists of numbers as base64 of their bytes, which Plotly reads: a third of the JSON text, and one line
 * in a notebook's file rather than a line a number.
 */
import { Buffer } from "node:buffer";
import type { Trace } from "./figure.ts";

/** Numbers in Plotly's packed form. */
export interface PackedNumbers {
  dtype: "i1" | "f4";
  bdata: string;
  /** "rows, columns" of a matrix. */
  shape?: string;
}

/** Shorter lists stay as they are: they can be read. */
const LONG = 100;

/**
 * A matrix of small whole numbers, a byte each.
 *
 * @param values rows x columns, row after row; rounded to whole numbers in -127..127
 */
export function packedBytes(
  values: ArrayLike<number>,
  [rows, columns]: [number, number],
): PackedNumbers {
  if (values.length !== rows * columns) {
    throw new RangeError(`cannot pack ${values.length} values as ${rows} x ${columns}`);
  }
  const bytes = Int8Array.from(
    values,
    (v) => Math.max(-127, Math.min(127, Math.round(Number.isFinite(v) ? v : -127))),
  );
  return { dtype: "i1", bdata: base64(bytes), shape: `${rows}, ${columns}` };
}

/** A trace with its long lists and matrices of numbers (x, y, z) packed as 32-bit floats; gaps are NaN. */
export function packTrace(trace: Trace): Trace {
  const packed = { ...trace };
  for (const key of ["x", "y", "z"]) {
    const value = trace[key];
    if (isList(value) && value.length >= LONG) packed[key] = floats(value);
    else if (isMatrix(value) && value.length * value[0].length >= LONG) {
      packed[key] = { ...floats(value.flat()), shape: `${value.length}, ${value[0].length}` };
    }
  }
  return packed;
}

type Gappy = (number | null)[];

const isList = (value: unknown): value is Gappy =>
  Array.isArray(value) && value.every((v) => typeof v === "number" || v === null);

const isMatrix = (value: unknown): value is Gappy[] =>
  Array.isArray(value) && value.length > 0 &&
  value.every((row) => isList(row) && row.length === value[0].length);

function floats(values: Gappy): PackedNumbers {
  return { dtype: "f4", bdata: base64(Float32Array.from(values, (v) => v ?? NaN)) };
}

function base64({ buffer }: Int8Array | Float32Array): string {
  return Buffer.from(buffer).toString("base64");
}
