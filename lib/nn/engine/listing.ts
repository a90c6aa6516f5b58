/** Which operations a function asks for, without running any of them: what it costs follows from them. */
import { requireNative, tf } from "./backend.ts";
import { type FusedFunction, Recorder } from "./recorder.ts";
import { type Attribute, DATA_TYPE, type TensorMetadata } from "./types.ts";

/** An operation, or a chain of them that is fused. */
export interface Operation {
  /** TensorFlow's. */
  name: string;
  /** Shapes. */
  inputs: number[][];
  outputs: number[][];
  attributes: readonly Attribute[];
}

/** Writes down what it records. */
class Listing extends Recorder {
  readonly operations: Operation[] = [];

  override execute(
    name: string,
    attributes: Attribute[],
    inputs: number[],
    count: number,
  ): TensorMetadata[] {
    const results = super.execute(name, attributes, inputs, count);
    this.#note({ name, attributes }, inputs, results);
    return results;
  }

  override call(called: FusedFunction, inputs: number[]): TensorMetadata[] {
    const results = super.call(called, inputs);
    this.#note({ name: called.name, attributes: [] }, inputs, results);
    return results;
  }

  #note(what: Pick<Operation, "name" | "attributes">, inputs: number[], results: TensorMetadata[]) {
    this.operations.push({
      ...what,
      inputs: inputs.map((id) => this.shapeOf(id)),
      outputs: results.map(({ shape }) => shape),
    });
  }
}

/**
 * The operations of a function, in the order in which it asks for them.
 *
 * @param fn takes tensors of these shapes; nothing is computed, and no memory is taken for them
 * @param shapes of its inputs, which are float32
 * @throws Error where it reads a value, or there is no native library
 */
export function listOperations(
  fn: (...inputs: tf.Tensor[]) => unknown,
  shapes: readonly number[][],
): Operation[] {
  const { binding, backend } = requireNative("listing a function's operations");
  const listing = new Listing(binding);
  binding.recorder = listing;
  tf.engine().startScope();
  try {
    fn(
      ...shapes.map((shape) =>
        backend.createOutputTensor(listing.placeholder(shape, DATA_TYPE.float32))
      ),
    );
    return listing.operations;
  } finally {
    tf.engine().endScope();
    binding.recorder = undefined;
    listing.dispose();
  }
}
