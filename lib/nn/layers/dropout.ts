/** Layers that are random in training and the identity elsewhere. */
import { tf } from "../engine/mod.ts";
import type { Layer, Mode } from "../layer.ts";

/** Zeros entries of the mask's shape with probability `rate` and scales the others up, so that the mean stays. */
function drop(x: tf.Tensor, rate: number, { mode, shape }: { mode: Mode; shape: number[] }) {
  if (!mode.training || rate === 0) return x;
  const kept = mode.random.uniform(shape).greaterEqual(rate).cast("float32");
  return x.mul(kept.div(1 - rate));
}

function checkRate(rate: number): void {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`a drop rate is in [0, 1), not ${rate}`);
  }
}

/** Dropout (Srivastava et al., 2014). @param rate probability of a zero, in [0, 1) */
export function dropout(rate: number): Layer {
  checkRate(rate);
  return { parameters: [], apply: (_, x, mode) => drop(x, rate, { mode, shape: x.shape }) };
}

/** Stochastic depth (Huang et al., 2016): drops a whole branch for an example. @param rate in [0, 1) */
export function stochasticDepth(rate: number): Layer {
  checkRate(rate);
  return {
    parameters: [],
    apply: (_, x, mode) =>
      drop(x, rate, { mode, shape: [x.shape[0], ...x.shape.slice(1).map(() => 1)] }),
  };
}
