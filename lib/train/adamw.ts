/**
 * Adam (Kingma and Ba, 2015) with decoupled weight decay (Loshchilov and Hutter, 2019), as one in-place
 * TensorFlow operation a parameter. Equal to PyTorch's `AdamW`.
 */
import { attribute, tf, update, Variable } from "../nn/engine/mod.ts";

/** Settings of AdamW. */
export interface AdamWOptions {
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  /** Decay a step and unit of learning rate; not applied to biases, norms and scales (one axis). */
  weightDecay?: number;
}

/** The same function, computed once for each argument. */
function cached<K, V>(compute: (key: K) => V): (key: K) => V {
  const values = new Map<K, V>();
  return (key) => {
    if (!values.has(key)) values.set(key, compute(key));
    return values.get(key)!;
  };
}

/** The optimizer's state: first and second moments of every parameter that it trains. */
export class AdamW {
  readonly #options: Required<AdamWOptions>;
  /** Moments, by parameter name: `name.m` and `name.v`. */
  readonly moments = new Map<string, Variable>();

  constructor(
    { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 1e-2 }: AdamWOptions = {},
  ) {
    this.#options = { beta1, beta2, epsilon, weightDecay };
  }

  /**
   * Records or runs one update.
   *
   * @param variables parameters to train, by name
   * @param gradients of the loss, by the same names
   * @param rate.learningRate scalar
   * @param rate.step scalar, 1 at the first update of the run
   * @param rate.before updates of the run before the parameter's own first one: its moments are as young as that. Default: 0
   */
  apply(
    variables: ReadonlyMap<string, Variable>,
    gradients: ReadonlyMap<string, tf.Tensor>,
    rate: { learningRate: tf.Scalar; step: tf.Scalar; before?: (parameter: string) => number },
  ): void {
    const { beta1, beta2, epsilon, weightDecay } = this.#options;
    const { learningRate, step, before = () => 0 } = rate;
    const settings = cached((updates: number) => {
      const own = updates === 0 ? step : step.sub(updates);
      const power1 = tf.pow(beta1, own), power2 = tf.pow(beta2, own);
      // TensorFlow adds epsilon before the bias correction of the second moment, PyTorch after it
      const scaledEpsilon = tf.sub(1, power2).sqrt().mul(epsilon);
      return [power1, power2, learningRate, tf.scalar(beta1), tf.scalar(beta2), scaledEpsilon];
    });
    const attributes = [
      attribute.type("T", "float32"),
      attribute.bool("use_locking", false),
      attribute.bool("use_nesterov", false),
    ];
    for (const [name, gradient] of gradients) {
      const variable = variables.get(name)!;
      if (weightDecay > 0 && variable.shape.length > 1) {
        const decay = variable.read().mul(learningRate.mul(weightDecay));
        update("AssignSubVariableOp", [variable], [decay], [attribute.type("dtype", "float32")]);
      }
      const moments = [this.#moment(`${name}.m`, variable), this.#moment(`${name}.v`, variable)];
      update(
        "ResourceApplyAdam",
        [variable, ...moments],
        [...settings(before(name)), gradient],
        attributes,
      );
    }
  }

  /** Makes the moments of these parameters, where they are not there yet. Call it before tracing. */
  prepare(variables: ReadonlyMap<string, Variable>): void {
    for (const [name, variable] of variables) {
      for (const key of [`${name}.m`, `${name}.v`]) {
        if (this.moments.has(key)) continue;
        const zeros = tf.zeros(variable.shape);
        this.moments.set(key, new Variable(zeros, key));
        zeros.dispose();
      }
    }
  }

  #moment(key: string, variable: Variable): Variable {
    const moment = this.moments.get(key);
    if (!moment) {
      throw new Error(`call prepare() before the first step: no moments for ${variable.name}`);
    }
    return moment;
  }

  dispose(): void {
    for (const moment of this.moments.values()) moment.dispose();
  }
}
