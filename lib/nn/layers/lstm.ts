/** Long short-term memory (Hochreiter and Schmidhuber, 1997), with the forget gate of Gers et al., 2000. */
import { attribute, binding, int64Scalar, runOperation, tf } from "../engine/mod.ts";
import { fanInUniform } from "../initializers.ts";
import { type Layer, sequence } from "../layer.ts";

/** An LSTM's parameters; the gates are input, forget, candidate, output, side by side. */
interface Gates {
  /** [inputs, 4 units] */
  input: tf.Tensor2D;
  /** [units, 4 units] */
  state: tf.Tensor2D;
  /** [4 units] */
  bias: tf.Tensor;
}

const ATTRIBUTES = [attribute.type("T", "float32"), attribute.bool("use_peephole", false)];

/**
 * All steps as one of TensorFlow's operations, and their gradient as another. In a compiled training step {@link stepByStep}
 * takes half the time once it runs, but it is thousands of nodes, and seconds to compile for every shape.
 *
 * @param x [time, batch, inputs]
 * @returns the states, [time, batch, units]
 */
function atOnce(x: tf.Tensor3D, { input, state, bias }: Gates): tf.Tensor {
  const [time, batch] = x.shape, [units] = state.shape;
  const steps = () => int64Scalar(time), zeros = () => tf.zeros([batch, units]);
  const peepholes = () => Array.from({ length: 3 }, () => tf.zeros([units])); // not looked at
  const op = tf.customGrad((...given) => {
    const [x, weight, bias, save] = given as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const inside = runOperation(
      "BlockLSTMV2",
      [steps(), x, zeros(), zeros(), weight, ...peepholes(), bias],
      { attributes: [...ATTRIBUTES, attribute.float("cell_clip", 0)], outputs: 7 },
    );
    save([x, weight, bias, ...inside]);
    return {
      value: inside[6],
      gradFunc(dy: tf.Tensor, [x, weight, bias, ...inside]: tf.Tensor[]) {
        const given = [steps(), x, zeros(), zeros(), weight, ...peepholes(), bias];
        const [dx, , , dWeight, , , , dBias] = runOperation(
          "BlockLSTMGradV2",
          [...given, ...inside, tf.zerosLike(dy), dy],
          { attributes: ATTRIBUTES, outputs: 8 },
        );
        return [dx, dWeight, dBias];
      },
    };
  });
  return op(x, tf.concat([input, state], 0), bias);
}

/** The same, one step after the other, of operations that every backend has. */
export function stepByStep(x: tf.Tensor3D, { input, state, bias }: Gates): tf.Tensor {
  const [time, batch, inputs] = x.shape;
  const rows = x.reshape<tf.Tensor2D>([-1, inputs]);
  const fromInput = tf.matMul(rows, input).add(bias).reshape([time, batch, -1]);
  const states: tf.Tensor2D[] = [];
  let cell: tf.Tensor | undefined;
  for (const given of tf.unstack(fromInput)) { // [batch, 4 units]
    const before = states.at(-1);
    const gates = before ? given.add(tf.matMul(before, state)) : given;
    const [take, keep, candidate, give] = tf.split<tf.Tensor2D>(gates as tf.Tensor2D, 4, 1);
    const taken = take.sigmoid().mul(candidate.tanh());
    cell = cell ? cell.mul(keep.sigmoid()).add(taken) : taken;
    states.push(give.sigmoid().mul(cell.tanh()));
  }
  return tf.stack(states);
}

/**
 * LSTM layers one on the other, in one direction, from states of zero; [batch, time, inputs] to [batch, time, units].
 *
 * @param name parameters are PyTorch's (torch.nn.LSTM): for each layer k `name.weight_ih_lk` [inputs, 4 units],
 *   `name.weight_hh_lk` [units, 4 units], `name.bias_ih_lk` and `name.bias_hh_lk`, both [4 units]
 */
export function lstm(
  name: string,
  { inputs, units, layers = 1 }: { inputs: number; units: number; layers?: number },
): Layer {
  const initial = fanInUniform(units);
  const one = (k: number): Layer => {
    const own = (part: string) => `${name}.${part}_l${k}`;
    return {
      parameters: [
        { name: own("weight_ih"), shape: [k === 0 ? inputs : units, 4 * units], initial },
        { name: own("weight_hh"), shape: [units, 4 * units], initial },
        { name: own("bias_ih"), shape: [4 * units], initial },
        { name: own("bias_hh"), shape: [4 * units], initial },
      ],
      apply: (weights, x) =>
        (binding ? atOnce : stepByStep)(x as tf.Tensor3D, {
          input: weights(own("weight_ih")) as tf.Tensor2D,
          state: weights(own("weight_hh")) as tf.Tensor2D,
          bias: weights(own("bias_ih")).add(weights(own("bias_hh"))),
        }),
    };
  };
  const stack = sequence(...Array.from({ length: layers }, (_, k) => one(k)));
  return {
    parameters: stack.parameters,
    apply: (weights, x, mode) =>
      stack.apply(weights, x.transpose([1, 0, 2]), mode).transpose([1, 0, 2]),
  };
}
