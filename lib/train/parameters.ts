/** A model's parameters as variables: made from a seed, read by name, written to and read from tensors. */
import type { Random } from "../core/random.ts";
import { tf, Variable } from "../nn/engine/mod.ts";
import { type NamedArray, readSafetensors } from "../nn/safetensors.ts";
import type { ParameterSpec, Weights } from "../nn/layer.ts";

/** Values by parameter name, in TensorFlow's layout. */
export type NamedValues = Map<string, NamedArray>;

/** What variables hold now. */
export function readValues(variables: ReadonlyMap<string, Variable>): NamedValues {
  return new Map(
    [...variables].map(([name, variable]) => {
      const value = variable.read();
      const data = value.dataSync() as Float32Array;
      value.dispose();
      return [name, { shape: variable.shape, data }];
    }),
  );
}

/** Sets a variable. @throws RangeError when the shapes differ */
export function setValue(variable: Variable, { shape, data }: NamedArray): void {
  const value = tf.tensor(data, shape);
  variable.assign(value);
  value.dispose();
}

/** The variables of a model. */
export class Parameters {
  readonly variables: ReadonlyMap<string, Variable>;
  /** Those that training may change by gradients: all but statistics. */
  readonly trainable: ReadonlyMap<string, Variable>;
  /** Names of the batch norms' gains and biases. */
  readonly batchNorms: ReadonlySet<string>;

  /** @throws Error when two parameters have the same name */
  constructor(specs: readonly ParameterSpec[], random: Random) {
    const variables = new Map<string, Variable>();
    for (const { name, shape, initial } of specs) {
      if (variables.has(name)) throw new Error(`two parameters have the name ${name}`);
      const value = tf.tensor(initial(shape, random.fork(name)), shape);
      variables.set(name, new Variable(value, name));
      value.dispose();
    }
    const kinds = new Map(specs.map(({ name, kind }) => [name, kind]));
    const named = [...variables.keys()];
    this.variables = variables;
    this.trainable = new Map([...variables].filter(([name]) => kinds.get(name) !== "statistic"));
    this.batchNorms = new Set(named.filter((name) => kinds.get(name) === "batch-norm"));
  }

  /** Reads every parameter once, at this place of a traced function. */
  read(): Map<string, tf.Tensor> {
    return new Map([...this.variables].map(([name, variable]) => [name, variable.read()]));
  }

  /** The values now. */
  values(): NamedValues {
    return readValues(this.variables);
  }

  /**
   * Sets all parameters. @throws Error that names the parameters that are missing, unknown, or of another shape.
   */
  load(values: NamedValues): void {
    const missing = [...this.variables.keys()].filter((name) => !values.has(name));
    const unknown = [...values.keys()].filter((name) => !this.variables.has(name));
    if (missing.length + unknown.length > 0) {
      throw new Error(
        `weights do not fit the model: missing ${missing.join(", ") || "none"}; unknown ${
          unknown.join(", ") || "none"
        }`,
      );
    }
    this.set(values);
  }

  /** Sets some parameters, e.g. a pretrained backbone's. @throws Error for an unknown name, or another shape */
  set(values: NamedValues): void {
    for (const [name, value] of values) {
      const variable = this.variables.get(name);
      if (!variable) {
        throw new Error(`the model has no parameter ${name}, for which there are weights`);
      }
      setValue(variable, value);
    }
  }

  dispose(): void {
    for (const variable of this.variables.values()) variable.dispose();
  }
}

/** A run's weights as tensors that stay as they are. @throws Error that names the file, where it cannot be read */
export function loadWeights(path: string): Map<string, tf.Tensor> {
  return tensorsOf(readSafetensors(path).tensors);
}

/** Values as tensors that stay as they are. */
export const tensorsOf = (values: NamedValues): Map<string, tf.Tensor> =>
  new Map([...values].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));

/** Tensors by name as a model asks for them. @throws Error for a name that is not there. */
export function weightsOf(tensors: ReadonlyMap<string, tf.Tensor>): Weights {
  return (name) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`the model asks for a parameter that it did not declare: ${name}`);
    return tensor;
  };
}
