/** What happens to gradients before the update: they are gathered over several batches, and kept in bounds. */
import { attribute, tf, update, Variable } from "../nn/engine/mod.ts";

/** Gradients by parameter name. */
export type Gradients = ReadonlyMap<string, tf.Tensor>;

/** How large gradients may be. */
export interface Clip {
  /** Largest size of an element. Default: any */
  clipValue?: number;
  /** Largest Euclidean norm of all of them together, after clipValue. Default: any */
  clipNorm?: number;
}

/** Added to the norm before it divides, as PyTorch does. */
const NORM_EPSILON = 1e-6;

/** Gradients in bounds, as PyTorch's `clip_grad_value_` and then `clip_grad_norm_` (Pascanu et al., 2013) leave them. */
export function clipGradients(gradients: Gradients, { clipValue, clipNorm }: Clip): Gradients {
  let clipped = [...gradients];
  if (clipValue !== undefined) {
    clipped = clipped.map(([name, g]) => [name, g.clipByValue(-clipValue, clipValue)]);
  }
  if (clipNorm !== undefined) {
    const norm = tf.addN(clipped.map(([, g]) => g.square().sum())).sqrt();
    const scale = tf.minimum(tf.div(clipNorm, norm.add(NORM_EPSILON)), 1);
    clipped = clipped.map(([name, g]) => [name, g.mul(scale)]);
  }
  return new Map(clipped);
}

/** The sums of several batches' gradients, on their way to one update. */
export class GradientSums {
  readonly #batches: number;
  readonly #sums = new Map<string, Variable>();

  /** @param batches of an update */
  constructor(batches: number) {
    this.#batches = batches;
  }

  /** Makes the sums of these parameters, where they are not there yet. Call it before tracing. */
  prepare(variables: ReadonlyMap<string, Variable>): void {
    for (const [name, { shape }] of variables) {
      if (this.#sums.has(name)) continue;
      const zeros = tf.zeros(shape);
      this.#sums.set(name, new Variable(zeros, `${name}.sum`));
      zeros.dispose();
    }
  }

  /** Adds the gradients of a batch that is not the update's last one. */
  add(gradients: Gradients): void {
    for (const [name, gradient] of gradients) {
      update("AssignAddVariableOp", [this.#sums.get(name)!], [gradient], [
        attribute.type("dtype", "float32"),
      ]);
    }
  }

  /** The mean over the update's batches. The sums begin anew. @param last gradients of its last batch */
  takeMean(last: Gradients): Gradients {
    return new Map([...last].map(([name, gradient]) => {
      const sum = this.#sums.get(name)!;
      const mean = sum.read().add(gradient).div(this.#batches);
      sum.assign(tf.zeros(sum.shape));
      return [name, mean];
    }));
  }

  dispose(): void {
    for (const sum of this.#sums.values()) sum.dispose();
  }
}
