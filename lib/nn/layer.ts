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
  /**
   * A batch norm's gain and bias go on learning where the layers around them are frozen for a while; a statistic is
   * measured in training, not learnt. Left out: what is trained as configured.
   */
  kind?: "batch-norm" | "statistic";
}

/** Gives the tensor of a parameter by its name. */
export type Weights = (name: string) => tf.Tensor;

/** How a layer is run. Training needs random numbers and a place for what is measured; inference is deterministic. */
export type Mode = { training: false } | {
  training: true;
  random: RandomStream;
  /**
   * Gives the function that takes a statistic's next value. Where it gives none, the statistic stays as it is, and the
   * layer uses it as in inference. Default: none for all.
   */
  statistic?: (name: string) => ((next: tf.Tensor) => void) | undefined;
};

/** Inference. */
export const INFERENCE: Mode = { training: false };

/** A function of tensors with named parameters. */
export interface Layer {
  parameters: ParameterSpec[];
  apply(weights: Weights, x: tf.Tensor, mode: Mode): tf.Tensor;
}

/** A network that turns a picture into a feature map. */
export interface Backbone extends Layer {
  /** Channels of the feature map. */
  features: number;
  /** Rows and columns of a picture that make one of the feature map, where what does not fill the last one is dropped. */
  cell?: number;
  /** Beginnings of parameters' names (timm's), and what other files have in their place, torchvision's above all. */
  torchvisionNames?: ReadonlyMap<string, string>;
  /** What a parameter may be called in files besides its own name. */
  otherNames?: (parameter: string) => readonly string[];
}

/** Layers one after the other. */
export function sequence(...layers: Layer[]): Layer {
  return {
    parameters: layers.flatMap((layer) => layer.parameters),
    apply: (weights, x, mode) =>
      layers.reduce((value, layer) => layer.apply(weights, value, mode), x),
  };
}

/** The layer with "name." before the names of its parameters. */
export function named(name: string, layer: Layer): Layer {
  const of = (mode: Mode): Mode =>
    mode.training
      ? { ...mode, statistic: (parameter) => mode.statistic?.(`${name}.${parameter}`) }
      : mode;
  return {
    parameters: layer.parameters.map((spec) => ({ ...spec, name: `${name}.${spec.name}` })),
    apply: (weights, x, mode) =>
      layer.apply((parameter) => weights(`${name}.${parameter}`), x, of(mode)),
  };
}

/** Number of parameters in all, without statistics. */
export function parameterCount(layer: Layer): number {
  return layer.parameters.filter(({ kind }) => kind !== "statistic").reduce(
    (sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1),
    0,
  );
}
