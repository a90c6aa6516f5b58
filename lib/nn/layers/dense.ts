/** Fully connected layer over the last axis. */
import { attribute, hasOneDnn, runOperation, tf } from "../engine/mod.ts";
import { fanInUniform } from "../initializers.ts";
import type { Initializer, Layer } from "../layer.ts";
import { gelu } from "./activations.ts";
import { addBias } from "./bias.ts";

/** Product, bias and GELU as one operation, without a gradient. x [rows, inputs] */
function productWithGelu(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return runOperation("_FusedMatMul", [x, weight, bias], {
    attributes: [
      attribute.type("T", "float32"),
      attribute.bool("transpose_a", false),
      attribute.bool("transpose_b", false),
      attribute.string("fused_ops", ["BiasAdd", "GeluExact"]),
    ],
  })[0];
}

/**
 * y = x W + b over the last axis, with an activation behind it or none; [..., inputs] to [..., outputs].
 *
 * @param name parameters are `name.weight` [inputs, outputs] and `name.bias` [outputs]
 */
export function dense(
  name: string,
  { inputs, outputs, activation, initial = fanInUniform(inputs) }: {
    inputs: number;
    outputs: number;
    activation?: "gelu";
    initial?: Initializer;
  },
): Layer {
  return {
    parameters: [
      { name: `${name}.weight`, shape: [inputs, outputs], initial },
      { name: `${name}.bias`, shape: [outputs], initial: fanInUniform(inputs) },
    ],
    apply(weights, x, mode) {
      // one matrix product however many axes there are: [..., inputs] -> [rows, inputs]
      const rows = x.reshape([-1, inputs]);
      const [weight, bias] = [weights(`${name}.weight`), weights(`${name}.bias`)];
      const sum = () => addBias(tf.matMul(rows, weight), bias);
      const activated = () =>
        !mode.training && hasOneDnn() ? productWithGelu(rows, weight, bias) : gelu(sum());
      const y = activation === "gelu" ? activated() : sum();
      return y.reshape([...x.shape.slice(0, -1), outputs]);
    },
  };
}
