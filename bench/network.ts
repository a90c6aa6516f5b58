/** A network as the benchmarks run it: its answer and its training step, both compiled; each call waits for the result. */
import { randomFrom } from "../lib/core/random.ts";
import { compile, tf } from "../lib/nn/engine/mod.ts";
import { pooledHead } from "../lib/nn/heads/pooled.ts";
import { type Backbone, INFERENCE, sequence } from "../lib/nn/layer.ts";
import { binaryCrossEntropy } from "../lib/nn/losses/binary_cross_entropy.ts";
import { AdamW } from "../lib/train/adamw.ts";
import { Parameters, weightsOf } from "../lib/train/parameters.ts";
import { trainingStep } from "../lib/train/step.ts";

/** [batch, bands, frames, channels] */
export type InputShape = [batch: number, bands: number, frames: number, channels: number];

/** What a network does with one batch. */
export interface PreparedNetwork {
  forward(): void;
  /** Forward, backward, and an update with Adam. */
  step(): void;
  /** Frees its parameters and compiled functions. */
  dispose(): void;
}

/** Gives a network a head of eleven outputs, and a batch of noise. */
export function prepareNetwork(backbone: Backbone, [batch, ...sizes]: InputShape): PreparedNetwork {
  const model = sequence(backbone, pooledHead({ features: backbone.features, outputs: 11 }));
  const parameters = new Parameters(model.parameters, randomFrom(0));
  const optimizer = new AdamW({ weightDecay: 0 });
  const x = tf.randomNormal([batch, ...sizes]);
  const y = tf.randomUniform([batch, 11]).greater(0.8).toFloat();
  const learningRate = tf.scalar(1e-4), seed = tf.tensor1d([0, 0], "int32");
  const update = trainingStep({ model, parameters, optimizer, loss: binaryCrossEntropy });
  const weights = weightsOf(parameters.read()); // constants, as in a prediction
  const answer = compile((x: tf.Tensor) => [model.apply(weights, x, INFERENCE)]);
  const settle = (result: tf.Tensor) => {
    result.dataSync();
    result.dispose();
  };
  let count = 0;
  return {
    forward: () => settle(answer(x)[0]),
    step() {
      const number = tf.scalar(++count);
      settle(update(x, y, learningRate, number, seed)[0]);
      number.dispose();
    },
    dispose() {
      for (const held of [update, answer, parameters, optimizer]) held.dispose();
      tf.dispose([x, y, learningRate, seed]);
    },
  };
}
