/** Weights averaged over the updates: steadier than the last ones (Polyak and Juditsky, 1992). */
import { tf, Variable } from "../nn/engine/mod.ts";
import { type NamedValues, type Parameters, readValues, setValue } from "./parameters.ts";

/**
 * The exponential moving average of a model's trainable parameters. Statistics of batch norms are averages already and
 * are taken as they are.
 */
export class WeightAverage {
  readonly #parameters: Parameters;
  readonly #decay: number;
  /** Averages, by parameter name. */
  readonly variables: ReadonlyMap<string, Variable>;

  /** @param options.decay share of the average that an update leaves, in (0, 1) */
  constructor(parameters: Parameters, { decay }: { decay: number }) {
    this.#parameters = parameters;
    this.#decay = decay;
    this.variables = new Map([...parameters.trainable].map(([name, variable]) => {
      const value = variable.read();
      const average = new Variable(value, `${name}.average`);
      value.dispose();
      return [name, average];
    }));
  }

  /**
   * Records or runs what comes after an update: a <- decay a + (1 - decay) w. After the first one the average is the
   * weights themselves: those that training began with have no part in it.
   *
   * @param step scalar, 1 at the first update of the run
   */
  follow(step: tf.Scalar): void {
    const share = tf.where(step.lessEqual(1), 1, 1 - this.#decay);
    for (const [name, average] of this.variables) {
      const now = average.read();
      // in this form a weight that stays is its own average to the last digit
      average.assign(now.add(this.#parameters.trainable.get(name)!.read().sub(now).mul(share)));
    }
  }

  /** Reads every parameter once, averaged where it is trainable. */
  read(): Map<string, tf.Tensor> {
    const variables = [...this.#parameters.variables].map(([name, variable]) =>
      [name, this.variables.get(name) ?? variable] as const
    );
    return new Map(variables.map(([name, variable]) => [name, variable.read()]));
  }

  /** The model's parameters, averaged where they are trainable. */
  values(): NamedValues {
    return new Map([...this.#parameters.values(), ...readValues(this.variables)]);
  }

  /** Sets the averages that values are given for; others stay. */
  set(values: NamedValues): void {
    for (const [name, average] of this.variables) {
      const value = values.get(name);
      if (value) setValue(average, value);
    }
  }

  dispose(): void {
    for (const average of this.variables.values()) average.dispose();
  }
}
