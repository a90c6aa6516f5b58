/**
 * State that lives in TensorFlow: parameters, moments, averages. An update changes it in place, so that a
 * training step neither takes it as an argument nor returns it.
 */
import { requireNative, tf } from "./backend.ts";
import { ATTRIBUTE, type Attribute, DATA_TYPE } from "./types.ts";

let variables = 0;

/** A float32 variable of fixed shape. */
export class Variable {
  readonly shape: number[];
  readonly name: string;
  readonly #id: number;
  readonly #attributes: Attribute[];

  /** @param initial its first value, [any shape], float32; the caller keeps it */
  constructor(initial: tf.Tensor, name: string) {
    const { binding } = requireNative("a variable");
    this.shape = [...initial.shape];
    this.name = name;
    this.#attributes = [{ name: "dtype", type: ATTRIBUTE.type, value: DATA_TYPE.float32 }];
    const [handle] = binding.execute(
      "VarHandleOp",
      [
        ...this.#attributes,
        { name: "shape", type: ATTRIBUTE.shape, value: this.shape },
        { name: "shared_name", type: ATTRIBUTE.string, value: `variable_${variables++}` },
      ],
      [],
      1,
    );
    this.#id = handle.id;
    binding.variableShapes.set(handle.id, this.shape);
    this.assign(initial);
  }

  /** The number of its handle, for operations that change it in place. */
  get handle(): number {
    return this.#id;
  }

  /** Its value now (traced: at this place of the function). [shape] */
  read(): tf.Tensor {
    const { binding, backend } = requireNative("a variable");
    const [value] = binding.executeOp("ReadVariableOp", this.#attributes, [this.#id], 1);
    return backend.createOutputTensor(value);
  }

  /** Replaces its value. @throws RangeError when the shapes differ. */
  assign(value: tf.Tensor): void {
    if (value.shape.join() !== this.shape.join()) {
      throw new RangeError(
        `variable ${this.name} has shape [${this.shape}]; a value of shape [${value.shape}] cannot be assigned`,
      );
    }
    update("AssignVariableOp", [this], [value], this.#attributes);
  }

  dispose(): void {
    const { binding } = requireNative("a variable");
    binding.execute("DestroyResourceOp", [], [this.#id], 0);
    binding.deleteTensor(this.#id);
    binding.variableShapes.delete(this.#id);
  }
}

/**
 * Runs or records an operation that changes variables in place, e.g. `ResourceApplyAdam`.
 *
 * @param targets the variables, which come first among the operation's inputs
 * @param values its further inputs
 */
export function update(
  name: string,
  targets: Variable[],
  values: tf.Tensor[],
  attributes: Attribute[],
): void {
  const { binding, backend } = requireNative("a variable");
  const handles = targets.map((target) => target.handle);
  binding.executeOp(name, attributes, [...handles, ...backend.getInputTensorIds(values)], 0);
}
