/** The training step: forward, backward and update as one compiled function. */
import { compile, type Compiled, RandomStream, tf } from "../nn/engine/mod.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/losses/loss.ts";
import type { AdamW } from "./adamw.ts";
import { type Parameters, weightsOf } from "./parameters.ts";

/** Takes (input, labels, learning rate, step, seed) and returns [loss]. */
export type TrainingStep = Compiled<
  [tf.Tensor, tf.Tensor, tf.Scalar, tf.Scalar, tf.Tensor1D],
  [tf.Scalar]
>;

/** What a step is made of. */
export interface StepParts {
  model: Layer;
  parameters: Parameters;
  optimizer: AdamW;
  loss: Loss;
  /** Which parameters are trained, and which statistics measured; the others stay as they are. Default: all. */
  trainable?: (name: string) => boolean;
  /** Updates of the run before a parameter's own first one. Default: 0. */
  before?: (name: string) => number;
}

/**
 * The loss and its gradient with respect to the trainable parameters; statistics take their next values.
 *
 * @param seed int32 [2], for dropout and stochastic depth
 */
export function lossAndGradients(
  { model, parameters, loss, trainable = () => true }: Omit<StepParts, "optimizer">,
  { input, labels, seed }: { input: tf.Tensor; labels: tf.Tensor; seed: tf.Tensor1D },
): { loss: tf.Scalar; gradients: Map<string, tf.Tensor> } {
  const tensors = parameters.read();
  const names = [...parameters.trainable.keys()].filter(trainable);
  const statistic = (name: string) => {
    const variable = trainable(name) ? parameters.variables.get(name) : undefined;
    return variable && ((next: tf.Tensor) => variable.assign(next));
  };
  const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const weights = new Map([...tensors, ...names.map((name, k) => [name, values[k]] as const)]);
    const mode = { training: true, random: new RandomStream(seed), statistic } as const;
    return loss(model.apply(weightsOf(weights), input, mode), labels);
  })(names.map((name) => tensors.get(name)!));
  return {
    loss: value as tf.Scalar,
    gradients: new Map(names.map((name, k) => [name, grads[k]])),
  };
}

/** Compiles the training step. */
export function trainingStep(parts: StepParts): TrainingStep {
  const { parameters, optimizer, trainable = () => true, before } = parts;
  const trained = new Map([...parameters.trainable].filter(([name]) => trainable(name)));
  optimizer.prepare(trained);
  return compile((input, labels, learningRate, step, seed) => {
    const { loss, gradients } = lossAndGradients(parts, { input, labels, seed });
    optimizer.apply(trained, gradients, { learningRate, step, before });
    return [loss];
  }, { name: "trainingStep" });
}
