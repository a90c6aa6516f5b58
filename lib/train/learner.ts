/** What is trained, and how: a network with its parameters, and the updates that change them. */
import { randomFrom } from "../core/random.ts";
import { tf } from "../nn/engine/mod.ts";
import type { Layer } from "../nn/layer.ts";
import { type Loss, makeLoss } from "../nn/losses/loss.ts";
import { AdamW } from "./adamw.ts";
import type { Batch, BatchSource } from "./batches.ts";
import type { RunConfig } from "./config.ts";
import { GradientSums } from "./gradients.ts";
import { buildNetwork, initialWeights, isHead } from "./model.ts";
import { objectiveOf } from "./objectives/objective.ts";
import { type NamedValues, Parameters } from "./parameters.ts";
import { makePredictor, type Predictor } from "./predictor.ts";
import { type GatheringStep, gatheringStep, type TrainingStep, trainingStep } from "./step.ts";
import { WeightAverage } from "./weight_average.ts";

/** A batch's part in an update. */
export interface BatchOptions {
  /** [size, bands, frames, 1] */
  shape: [number, number, number, number];
  /** Updates before this one. */
  step: number;
  /** The batch's place among all batches of the run: what it draws depends on it. */
  number: number;
  learningRate: number;
  /** Whether the head alone is trained. */
  headOnly: boolean;
  /** Whether the update has all its batches with this one, and is made. */
  last: boolean;
}

/** The network that a configuration trains: it names instruments, or does what the objective is. */
export function networkOf(config: RunConfig): Layer {
  const network = buildNetwork(config.model);
  return objectiveOf(config)?.network(network.backbone) ?? network;
}

/** A network that learns. */
export class Learner {
  readonly network: Layer;
  readonly parameters: Parameters;
  readonly optimizer: AdamW;
  /** The weights' average, where the configuration asks for it. */
  readonly average?: WeightAverage;
  /** Answers with the weights that are to be evaluated: the averaged ones, where there are any. */
  readonly predict: Predictor;
  readonly #config: RunConfig;
  readonly #headSteps: number;
  readonly #loss: Loss;
  readonly #sums?: GradientSums;
  readonly #chosen: (name: string) => boolean;
  readonly #updates = new Map<boolean, TrainingStep>();
  readonly #gathering = new Map<boolean, GatheringStep>();

  /**
   * @param options.batches what it is to learn from: some losses weigh labels by how many there are
   * @param options.headSteps updates in which the head alone is trained, the first of the run
   * @param options.initial weights to begin with, e.g. a pretrained backbone's. Default: the configuration's own
   * @throws RangeError where the configuration trains parameters that there are not
   */
  constructor(
    config: RunConfig,
    { batches, headSteps, initial }: {
      batches: BatchSource;
      headSteps: number;
      initial?: NamedValues;
    },
  ) {
    const { accumulate = 1, averageDecay } = config;
    const objective = objectiveOf(config);
    this.#config = config;
    this.#headSteps = headSteps;
    this.#loss = objective?.loss ?? makeLoss(config.loss, batches);
    this.network = networkOf(config);
    const random = randomFrom(config.seed, "parameters");
    this.parameters = new Parameters(this.network.parameters, random);
    this.parameters.set(initialWeights(config.model));
    if (initial) this.parameters.set(initial);
    this.optimizer = new AdamW(config.optimizer);
    if (averageDecay) this.average = new WeightAverage(this.parameters, { decay: averageDecay });
    if (accumulate > 1) this.#sums = new GradientSums(accumulate);
    this.#chosen = trainedOf(config, [...this.parameters.variables.keys()]);
    const evaluated = this.average ?? this.parameters;
    this.predict = makePredictor(this.network, () => evaluated.read());
  }

  /** The weights that are to be evaluated. */
  weights(): NamedValues {
    return (this.average ?? this.parameters).values();
  }

  /** Makes these weights the network's, averaged and not. */
  settle(weights: NamedValues): void {
    this.parameters.set(weights);
    this.average?.set(weights);
  }

  /** Learns from a batch on another thread and gives its loss. */
  async learn(batch: Batch, options: BatchOptions): Promise<number> {
    const { shape, step, number, learningRate, headOnly, last } = options;
    const data = [
      tf.tensor4d(batch.input, shape),
      tf.tensor2d(batch.labels, [shape[0], batch.labels.length / shape[0]]),
    ] as const;
    const rate = [tf.scalar(learningRate), tf.scalar(step + 1)] as const;
    const seed = tf.tensor1d([this.#config.seed, number], "int32");
    const [loss] = last
      ? await this.#update(headOnly).inBackground(...data, ...rate, seed)
      : await this.#gather(headOnly).inBackground(...data, seed);
    const [value] = await loss.data();
    tf.dispose([loss, ...data, ...rate, seed]);
    return value;
  }

  /** Frees what it holds in TensorFlow. It cannot be used any more. */
  dispose(): void {
    for (const compiled of [...this.#updates.values(), ...this.#gathering.values()]) {
      compiled.dispose();
    }
    for (const held of [this.parameters, this.optimizer, this.average, this.#sums]) held?.dispose();
  }

  #update(headOnly: boolean): TrainingStep {
    if (!this.#updates.has(headOnly)) {
      this.#updates.set(headOnly, trainingStep(this.#parts(headOnly)));
    }
    return this.#updates.get(headOnly)!;
  }

  #gather(headOnly: boolean): GatheringStep {
    if (!this.#gathering.has(headOnly)) {
      const parts = { ...this.#parts(headOnly), sums: this.#sums! };
      this.#gathering.set(headOnly, gatheringStep(parts));
    }
    return this.#gathering.get(headOnly)!;
  }

  #parts(headOnly: boolean) {
    const { clipValue, clipNorm } = this.#config;
    return {
      model: this.network,
      parameters: this.parameters,
      optimizer: this.optimizer,
      loss: this.#loss,
      trainable: (name: string) => this.#chosen(name) && (!headOnly || this.#isEarly(name)),
      before: (name: string) => this.#isEarly(name) ? 0 : this.#headSteps,
      clip: { clipValue, clipNorm },
      sums: this.#sums,
      average: this.average,
    };
  }

  /** Whether it is trained with the head: batch norm is never frozen with the backbone (M8). */
  #isEarly(name: string): boolean {
    const { batchNorms, trainable } = this.parameters;
    return isHead(name) || batchNorms.has(name) || !trainable.has(name);
  }
}

/** Which parameters are trained at all. @throws RangeError where the configuration names none that there is */
export function trainedOf(
  { trained }: RunConfig,
  names: readonly string[],
): (name: string) => boolean {
  if (!trained) return () => true;
  const unknown = trained.find((start) => !names.some((name) => name.startsWith(start)));
  if (unknown !== undefined) {
    throw new RangeError(
      `no parameter's name begins with "${unknown}", which is to be trained; there are ${
        [...new Set(names.map((name) => name.split(".").slice(0, 2).join(".")))].join(", ")
      }`,
    );
  }
  return (name) => trained.some((start) => name.startsWith(start));
}
