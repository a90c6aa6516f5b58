/**
 * What a layer is: the parameters that it needs, and a pure function of them and its input.
 *
 * Nothing is stored in a layer. Weights are passed in, so the same function runs eagerly, compiled, with
 * averaged weights, or inside a gradient.
 */
import type { Random } from "../core/random.ts";
import type { RandomStream, tf } from "./engine/mod.ts";

/** Draws a parameter's first value. Returns as many numbers as the shape holds. */
export type Initializer = (shape: readonly number[], random: Random) => Float32Array;

/** A parameter: its name (timm's, where there is one), shape in TensorFlow's order, and first value. */
export interface ParameterSpec {
  name: string;
  shape: number[];
  initial: Initializer;
}

/** Gives the tensor of a parameter by its name. */
export type Weights = (name: string) => tf.Tensor;

/** How a layer is run. Training needs random numbers; inference is deterministic. */
export type Mode = { training: false } | { training: true; random: RandomStream };

/** Inference. */
export const INFERENCE: Mode = { training: false };

/** A function of tensors with named parameters. */
export interface Layer {
  parameters: ParameterSpec[];
  apply(weights: Weights, x: tf.Tensor, mode: Mode): tf.Tensor;
}

/** Layers one after the other. */
export function sequence(...layers: Layer[]): Layer {
  return {
    parameters: layers.flatMap((layer) => layer.parameters),
    apply: (weights, x, mode) =>
      layers.reduce((value, layer) => layer.apply(weights, value, mode), x),
  };
}

/** Number of parameters in all. */
export function parameterCount(layer: Layer): number {
  return layer.parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1),
    0,
  );
}
