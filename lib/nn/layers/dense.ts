/** Fully connected layer over the last axis. */
import { attribute, hasOneDnn, runOperation, tf } from "../engine/mod.ts";
import { constant, fanInUniform } from "../initializers.ts";
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
 * x weight, whose gradient for the weight is taken the way round in which the wide side comes last: with many rows
 * and more inputs than outputs, oneDNN takes half the time for transpose(dyᵀ x) that it takes for xᵀ dy.
 */
function product(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor {
  const [inputs, outputs] = weight.shape;
  if (inputs <= outputs) return tf.matMul(x, weight);
  const op = tf.customGrad((...given) => {
    const [x, weight, save] = given as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    save([x, weight]);
    return {
      value: tf.matMul(x, weight) as tf.Tensor,
      gradFunc: (dy: tf.Tensor, [x, weight]: tf.Tensor[]) => [
        tf.matMul(dy, weight, false, true),
        tf.matMul(dy, x, true, false).transpose(),
      ],
    };
  });
  return op(x, weight);
}

/**
 * y = x W + b over the last axis, with an activation behind it or none; [..., inputs] to [..., outputs].
 *
 * @param name parameters are `name.weight` [inputs, outputs] and `name.bias` [outputs]
 * @param scale a factor for each output (ConvNeXt's layer scale): the parameter's name and first value
 */
export function dense(
  name: string,
  { inputs, outputs, activation, initial = fanInUniform(inputs), scale }: {
    inputs: number;
    outputs: number;
    activation?: "gelu";
    initial?: Initializer;
    scale?: { name: string; initial: number };
  },
): Layer {
  return {
    parameters: [
      { name: `${name}.weight`, shape: [inputs, outputs], initial },
      { name: `${name}.bias`, shape: [outputs], initial: fanInUniform(inputs) },
      ...scale ? [{ name: scale.name, shape: [outputs], initial: constant(scale.initial) }] : [],
    ],
    apply(weights, x, mode) {
      // one matrix product however many axes there are: [..., inputs] -> [rows, inputs]
      const rows = x.reshape<tf.Tensor2D>([-1, inputs]);
      // (x W + b) s is x (W s) + b s: the weights are small, what they give is not
      const scaled = (value: tf.Tensor) => scale ? value.mul(weights(scale.name)) : value;
      const weight = scaled(weights(`${name}.weight`)) as tf.Tensor2D;
      const bias = scaled(weights(`${name}.bias`));
      const sum = () => addBias(product(rows, weight), bias);
      const activated = () =>
        !mode.training && hasOneDnn() ? productWithGelu(rows, weight, bias) : gelu(sum());
      const y = activation === "gelu" ? activated() : sum();
      return y.reshape([...x.shape.slice(0, -1), outputs]);
    },
  };
}
