/** Activation functions. */
import { attribute, binding, fuse, runOperation, tf } from "../engine/mod.ts";
import type { Layer } from "../layer.ts";

const FLOAT = { attributes: [attribute.type("T", "float32")] };

/**
 * The positive part. TensorFlow's operation and its gradient from what came out: TensorFlow.js takes a maximum, and for the
 * gradient four more operations; and in a compiled function it becomes part of the convolution before it.
 */
export function rectify(x: tf.Tensor): tf.Tensor {
  if (!binding) return x.relu();
  const op = tf.customGrad((...inputs) => {
    const [x, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    const [value] = runOperation("Relu", [x], FLOAT);
    save([value]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [value]: tf.Tensor[]) =>
        runOperation("ReluGrad", [dy, value], FLOAT)[0],
    };
  });
  return op(x);
}

/** {@link rectify} as a layer. */
export const relu: Layer = { parameters: [], apply: (_, x) => rectify(x) };

/** A function of each number whose derivative is in closed form: both ways one loop, and only x is kept. */
function elementwise(
  name: string,
  { value, slope }: { value: (x: tf.Tensor) => tf.Tensor; slope: (x: tf.Tensor) => tf.Tensor },
): (x: tf.Tensor) => tf.Tensor {
  const forward = fuse((x: tf.Tensor) => [value(x)], { name });
  const backward = fuse((x: tf.Tensor, dy: tf.Tensor) => [dy.mul(slope(x))], {
    name: `${name}_gradient`,
  });
  return (x) =>
    tf.customGrad((...inputs) => {
      const [x, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
      save([x]);
      return {
        value: forward(x)[0],
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => backward(saved[0], dy)[0],
      };
    })(x);
}

/** The normal distribution function. */
const distribution = (x: tf.Tensor) => x.mul(Math.SQRT1_2).erf().mul(0.5).add(0.5);
const INVERSE_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

/**
 * Gaussian error linear unit, exact: x times the normal distribution function (Hendrycks and Gimpel,
 * 2016). Its derivative is the distribution function plus x times the density.
 */
export const gelu = elementwise("gelu", {
  value: (x) => x.mul(distribution(x)),
  slope: (x) => x.mul(x.square().mul(-0.5).exp().mul(INVERSE_SQRT_TWO_PI)).add(distribution(x)),
});

/** x, and a hundredth of it where it is negative (Maas, Hannun and Ng, 2013). */
export const leakyRelu = elementwise("leaky_relu", {
  value: (x) => tf.maximum(x, x.mul(0.01)),
  slope: (x) => x.greater(0).cast("float32").mul(0.99).add(0.01),
});

/** x times the logistic function, also called Swish (Elfwing et al., 2017, arXiv 1702.03118). */
export const silu = elementwise("silu", {
  value: (x) => x.mul(x.sigmoid()),
  slope(x) {
    const s = x.sigmoid();
    return s.mul(x.mul(s.mul(-1).add(1)).add(1));
  },
});

/** The logistic function in three straight pieces: min(max(x + 3, 0), 6) / 6 (Howard et al., 2019). */
export const hardSigmoid = elementwise("hard_sigmoid", {
  value: (x) => x.add(3).clipByValue(0, 6).div(6),
  slope: (x) => x.abs().less(3).cast("float32").div(6),
});

/** x times {@link hardSigmoid} (Howard et al., "Searching for MobileNetV3", 2019, arXiv 1905.02244). */
export const hardSwish = elementwise("hard_swish", {
  value: (x) => x.mul(x.add(3).clipByValue(0, 6)).div(6),
  // 0 to the left, 1 to the right, x / 3 + 1/2 between
  slope: (x) =>
    x.div(3).add(0.5).mul(x.abs().less(3).cast("float32")).add(x.greaterEqual(3).cast("float32")),
});

/** The functions by name. */
export const ACTIVATIONS = {
  relu: rectify,
  "leaky-relu": leakyRelu,
  gelu,
  silu,
  sigmoid: (x: tf.Tensor) => x.sigmoid(),
  "hard-sigmoid": hardSigmoid,
  "hard-swish": hardSwish,
} as const;

/** A function's name. */
export type Activation = keyof typeof ACTIVATIONS;

/** The function of a name, as a layer. */
export const activation = (name: Activation): Layer => ({
  parameters: [],
  apply: (_, x) => ACTIVATIONS[name](x),
});
