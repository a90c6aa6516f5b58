/** A bias behind a matrix product or a convolution. */
import { attribute, binding, runOperation, tf } from "../engine/mod.ts";

const ATTRIBUTES = [attribute.type("T", "float32"), attribute.string("data_format", "NHWC")];

/**
 * x + bias over the last axis. TensorFlow's own operation for it, not a sum: in a compiled function it becomes part
 * of the product or convolution before it.
 *
 * @param bias [channels]
 */
export function addBias(x: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  if (!binding) return x.add(bias);
  const op = tf.customGrad((...inputs) => {
    const [x, bias] = inputs as tf.Tensor[];
    return {
      value: runOperation("BiasAdd", [x, bias], { attributes: ATTRIBUTES })[0],
      gradFunc: (dy: tf.Tensor) => [
        dy,
        runOperation("BiasAddGrad", [dy], { attributes: ATTRIBUTES })[0],
      ],
    };
  });
  return op(x, bias);
}
