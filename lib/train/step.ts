/** The training step: forward, backward and update as one compiled function. */
import { compile, type Compiled, LOSS_SCALE, RandomStream, tf } from "../nn/engine/mod.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/losses/loss.ts";
import type { AdamW } from "./adamw.ts";
import { type Clip, clipGradients, type GradientSums } from "./gradients.ts";
import { type Parameters, weightsOf } from "./parameters.ts";
import type { WeightAverage } from "./weight_average.ts";

/** Takes (input, labels, learning rate, step, seed) and returns [loss]. */
export type TrainingStep = Compiled<
  [tf.Tensor, tf.Tensor, tf.Scalar, tf.Scalar, tf.Tensor1D],
  [tf.Scalar]
>;

/** Takes (input, labels, seed) and returns [loss]. */
export type GatheringStep = Compiled<[tf.Tensor, tf.Tensor, tf.Tensor1D], [tf.Scalar]>;

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
  /** How large gradients may be. Default: of any size. */
  clip?: Clip;
  /** Gradients of the batches before the step's own, which are part of its update. Default: there are none. */
  sums?: GradientSums;
  /** Follows the weights. Default: none. */
  average?: WeightAverage;
}

const scaled = (x: tf.Tensor, factor: number) => factor === 1 ? x : x.mul<tf.Tensor>(factor);

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
    return scaled(loss(model.apply(weightsOf(weights), input, mode), labels), LOSS_SCALE);
  })(names.map((name) => tensors.get(name)!));
  return {
    loss: scaled(value, 1 / LOSS_SCALE) as tf.Scalar,
    gradients: new Map(names.map((name, k) => [name, scaled(grads[k], 1 / LOSS_SCALE)])),
  };
}

/** The parameters that a step changes. */
function trainedBy({ parameters, trainable = () => true }: StepParts) {
  return new Map([...parameters.trainable].filter(([name]) => trainable(name)));
}

/** Compiles the training step. */
export function trainingStep(parts: StepParts): TrainingStep {
  const { optimizer, before, clip = {}, sums, average } = parts;
  const trained = trainedBy(parts);
  optimizer.prepare(trained);
  sums?.prepare(trained);
  return compile((input, labels, learningRate, step, seed) => {
    const { loss, gradients: own } = lossAndGradients(parts, { input, labels, seed });
    const gradients = clipGradients(sums?.takeMean(own) ?? own, clip);
    optimizer.apply(trained, gradients, { learningRate, step, before });
    average?.follow(step);
    return [loss];
  }, { name: "trainingStep" });
}

/** Compiles what is done with the batches before an update's last one: their gradients are added to `sums`. */
export function gatheringStep(parts: StepParts & { sums: GradientSums }): GatheringStep {
  parts.sums.prepare(trainedBy(parts));
  return compile((input, labels, seed) => {
    const { loss, gradients } = lossAndGradients(parts, { input, labels, seed });
    parts.sums.add(gradients);
    return [loss];
  }, { name: "gatheringStep" });
}
