/** TensorFlow operations that TensorFlow.js has no name for, eager or traced alike. */
import { requireNative, tf } from "./backend.ts";
import { ATTRIBUTE, type Attribute, DATA_TYPE } from "./types.ts";

/** Attribute constructors: `attribute.type("T", "float32")`. */
export const attribute = {
  type: (name: string, dtype: keyof typeof DATA_TYPE): Attribute => ({
    name,
    type: ATTRIBUTE.type,
    value: DATA_TYPE[dtype],
  }),
  int: (name: string, value: number | number[]): Attribute => ({
    name,
    type: ATTRIBUTE.int,
    value,
  }),
  float: (name: string, value: number): Attribute => ({ name, type: ATTRIBUTE.float, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: ATTRIBUTE.bool, value }),
  string: (name: string, value: string | string[] | Uint8Array): Attribute => ({
    name,
    type: ATTRIBUTE.string,
    value,
  }),
  shape: (name: string, value: number[]): Attribute => ({ name, type: ATTRIBUTE.shape, value }),
};

/**
 * Runs (or, while a function is compiled, records) a TensorFlow operation by its name.
 *
 * @param inputs tensors, in the order of the operation's definition
 * @returns its outputs
 * @throws Error with the operation, its inputs' shapes and the line that asked for it
 */
export function runOperation(
  name: string,
  inputs: tf.Tensor[],
  { attributes = [], outputs = 1 }: { attributes?: Attribute[]; outputs?: number } = {},
): tf.Tensor[] {
  const { backend } = requireNative(`the operation ${name}`);
  return backend.executeMultipleOutputs(name, attributes, inputs, outputs);
}

/**
 * A whole number as TensorFlow's int64, for the operations that ask for one. TensorFlow.js has no such type: it takes the
 * tensor for int32, and its value cannot be read.
 */
export function int64Scalar(value: number): tf.Tensor {
  const { binding, backend } = requireNative("a tensor of int64");
  const id = binding.createTensor([], DATA_TYPE.int64, BigInt64Array.of(BigInt(value)));
  return backend.createOutputTensor({ id, shape: [], dtype: DATA_TYPE.int32 });
}
