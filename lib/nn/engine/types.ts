/** What tfjs-node's backend expects of its native half, and the numbers that name types and attributes. */

/** TensorFlow's data types (`TF_DataType`) that occur here. */
export const DATA_TYPE = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  resource: 20,
} as const;

/** Bytes of one element, by data type. */
export const ELEMENT_BYTES: Readonly<Record<number, number>> = {
  1: 4,
  3: 4,
  4: 1,
  8: 8,
  9: 8,
  10: 1,
};

/** Attribute kinds, numbered as tfjs-node numbers them. */
export const ATTRIBUTE = {
  string: 0,
  int: 1,
  float: 2,
  bool: 3,
  type: 4,
  shape: 5,
  resource: 8,
} as const;

/** An operation's attribute. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** A tensor that an operation made: its number in the binding, its shape, its data type. */
export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** Something that runs operations: the eager context, or a graph that records them. */
export interface Executor {
  execute(name: string, attributes: Attribute[], inputs: number[], count: number): TensorMetadata[];
}
