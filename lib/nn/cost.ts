/** What a network costs: multiply-accumulates and memory of a forward pass, counted from the operations that it records. */
import { listOperations, type Operation, RandomStream, tf } from "./engine/mod.ts";
import { INFERENCE, type Layer, type Mode } from "./layer.ts";

/** Of one forward pass. */
export interface ForwardCost {
  /** Products of convolutions and matrices that are summed; what is done element by element does not count. */
  multiplyAccumulates: number;
  /** Bytes of everything that is computed on the way in training: what a backward pass may need again. */
  activationBytes: number;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/** Whether a matrix product takes its first matrix transposed. */
const isTransposed = ({ attributes }: Operation) =>
  attributes.some(({ name, value }) => (name === "transpose_a" || name === "adj_x") && value);

/** Each number of the result sums over the common side. */
const ofMatrices = (operation: Operation) =>
  sizeOf(operation.outputs[0]) * operation.inputs[0].at(isTransposed(operation) ? -2 : -1)!;

/** Each number of the result sums over the window and, filter [height, width, inputs of its group, outputs], the channels. */
const ofConvolution = ({ inputs: [, filter], outputs: [y] }: Operation) =>
  sizeOf(y) * sizeOf(filter.slice(0, 3));

/** Filter [height, width, channels, 1]. */
const ofDepthwise = ({ inputs: [, filter], outputs: [y] }: Operation) =>
  sizeOf(y) * sizeOf(filter.slice(0, 2));

/** Every step of every example, [time, batch, inputs], goes once through the weights. */
const ofLstm = ({ inputs: [, x, , , weights] }: Operation) =>
  sizeOf(x.slice(0, 2)) * sizeOf(weights);

const MULTIPLY_ACCUMULATES: Readonly<Record<string, (operation: Operation) => number>> = {
  MatMul: ofMatrices,
  BatchMatMul: ofMatrices,
  BatchMatMulV2: ofMatrices,
  _FusedMatMul: ofMatrices,
  Conv2D: ofConvolution,
  DepthwiseConv2dNative: ofDepthwise,
  BlockLSTMV2: ofLstm,
};

/** Operations whose results are what was there already, seen otherwise. */
const VIEWS = new Set(["Reshape", "ExpandDims", "Squeeze", "Identity", "ReadVariableOp", "Const"]);

const FLOAT_BYTES = 4;

/**
 * Counts a forward pass.
 *
 * @param shape of the input, the batch included: [batch, bands, frames, channels]
 * @throws Error where there is no native library
 */
export function forwardCost(layer: Layer, shape: readonly number[]): ForwardCost {
  const training = passOf(layer, shape, () => ({
    training: true,
    random: new RandomStream(tf.tensor1d([0, 0], "int32")),
    statistic: () => () => {},
  }));
  return {
    multiplyAccumulates: passOf(layer, shape).operations.reduce(
      (sum, operation) => sum + (MULTIPLY_ACCUMULATES[operation.name]?.(operation) ?? 0),
      0,
    ),
    activationBytes: training.operations.filter(({ name }) => !VIEWS.has(name))
      .reduce(
        (sum, { outputs }) =>
          sum + FLOAT_BYTES * outputs.reduce((bytes, shape) => bytes + sizeOf(shape), 0),
        0,
      ),
  };
}

/**
 * The shape of what a layer makes of an input, without computing it.
 *
 * @param shape of the input, the batch included
 * @throws Error where there is no native library
 */
export const outputShape = (layer: Layer, shape: readonly number[]): number[] =>
  passOf(layer, shape).output;

/** Records a layer's forward pass. */
function passOf(layer: Layer, shape: readonly number[], mode: () => Mode = () => INFERENCE) {
  const names = new Map(layer.parameters.map(({ name }, k) => [name, k + 1]));
  let output: number[] = [];
  const operations = listOperations((...given) => {
    const y = layer.apply((name) => given[names.get(name)!], given[0], mode());
    output = y.shape;
    return y;
  }, [[...shape], ...layer.parameters.map((parameter) => parameter.shape)]);
  return { operations, output };
}
