/**
 * The training loop.
 *
 * Everything random is a function of the seed and of the step's number, so a run that was killed and goes on
 * from its last checkpoint computes what it would have computed.
 */
import { randomFrom } from "../core/random.ts";
import { tf } from "../nn/engine/mod.ts";
import { makeLoss } from "../nn/losses/loss.ts";
import { AdamW } from "./adamw.ts";
import type { Batch, BatchSource } from "./batches.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import type { RunConfig } from "./config.ts";
import { buildNetwork, initialWeights, isHead, type Network } from "./model.ts";
import { Parameters } from "./parameters.ts";
import { makePredictor, type Predictor } from "./predictor.ts";
import { learningRate } from "./schedule.ts";
import { type TrainingStep, trainingStep } from "./step.ts";

/** Something measured: a line of `metrics.jsonl`. */
export interface Metric {
  name: string;
  value: number;
  /** Updates so far, and epochs begun. */
  step: number;
  epoch: number;
}

/** What the loop needs besides the configuration. */
export interface TrainingTask {
  config: RunConfig;
  /** What it is trained on. */
  batches: BatchSource;
  /** Where the checkpoint is. */
  checkpoint: string;
  /** Called once, with the step to go on from. */
  onStart?: (step: number, steps: number) => void;
  onMetric: (metric: Metric) => void;
  /** Measures the network after an epoch; name/value pairs. */
  validate: (predict: Predictor) => Promise<Record<string, number>>;
  /** Stops after the current step, with a checkpoint. */
  signal?: AbortSignal;
  /** Seconds between checkpoints inside an epoch. */
  checkpointSeconds?: number;
}

/** A trained network. */
export interface Trained {
  network: Network;
  parameters: Parameters;
  predict: Predictor;
  /** Whether all steps were done. */
  finished: boolean;
}

/** Updates of an epoch, and of the whole run. The last batch of an epoch is left out where it is not full. */
export function countSteps(config: RunConfig, clips: number): { perEpoch: number; all: number } {
  const perEpoch = Math.floor(clips / config.batchSize);
  if (perEpoch === 0) {
    throw new RangeError(
      `${clips} clips do not fill one batch of ${config.batchSize}; set a smaller batchSize`,
    );
  }
  return { perEpoch, all: perEpoch * config.epochs };
}

/** Trains, from the last checkpoint where there is one. */
export async function train(task: TrainingTask): Promise<Trained> {
  const { config, batches, checkpoint, signal } = task;
  const network = buildNetwork(config.model);
  const parameters = new Parameters(network.parameters, randomFrom(config.seed, "parameters"));
  parameters.set(initialWeights(config.model));
  const optimizer = new AdamW(config.optimizer);
  const predict = makePredictor(network, () => parameters.read());
  const steps = countSteps(config, batches.examples);
  const save = (step: number) => saveCheckpoint(checkpoint, { parameters, optimizer, step });

  let step = loadCheckpoint(checkpoint, { parameters, optimizer });
  task.onStart?.(step, steps.all);
  const headSteps = config.headEpochs * steps.perEpoch;
  // batch norm is never frozen with the backbone (M8)
  const isEarly = (name: string) =>
    isHead(name) || parameters.batchNorms.has(name) || !parameters.trainable.has(name);
  const before = (parameter: string) => isEarly(parameter) ? 0 : headSteps;
  const parts = {
    model: network,
    parameters,
    optimizer,
    loss: makeLoss(config.loss, batches),
    before,
  };
  const compiled = new Map<boolean, TrainingStep>();
  const chosen = trainedOf(config, [...parameters.variables.keys()]);
  const stepFunction = (headOnly: boolean) => {
    if (!compiled.has(headOnly)) {
      const trainable = (name: string) => chosen(name) && (!headOnly || isEarly(name));
      compiled.set(headOnly, trainingStep({ ...parts, trainable }));
    }
    return compiled.get(headOnly)!;
  };

  let saved = performance.now();
  let coming = step < steps.all ? batches.at(step) : undefined;
  while (coming && !signal?.aborted) {
    const batch = await coming;
    const epoch = Math.floor(step / steps.perEpoch);
    const update = stepFunction(epoch < config.headEpochs);
    const running = runStep(update, batch, {
      shape: [config.batchSize, batches.bands, batches.frames, 1],
      rate: learningRate(config, step, { perEpoch: steps.perEpoch }),
      step,
      seed: config.seed,
    });
    coming = step + 1 < steps.all ? batches.at(step + 1) : undefined; // made while the step runs
    coming?.catch(() => {}); // its failure is told when it is awaited
    const loss = await running;
    step++;
    if (!Number.isFinite(loss)) {
      throw new Error(
        `the loss is ${loss} at step ${step}: the learning rate (${config.schedule.maxLearningRate}) is too high`,
      );
    }
    task.onMetric({ name: "train/loss", value: loss, step, epoch });
    if (step % steps.perEpoch === 0) {
      for (const [name, value] of Object.entries(await task.validate(predict))) {
        task.onMetric({ name, value, step, epoch });
      }
      save(step); // after its measurements: a run that is killed among them takes them again
      saved = performance.now();
    } else if (performance.now() - saved > 1000 * (task.checkpointSeconds ?? 60)) {
      save(step);
      saved = performance.now();
    }
  }
  if (signal?.aborted) save(step);
  return { network, parameters, predict, finished: step === steps.all };
}

/** Which parameters are trained at all. @throws RangeError where the configuration names none that there is */
function trainedOf({ trained }: RunConfig, names: readonly string[]): (name: string) => boolean {
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

/** Runs one update on another thread and gives its loss. */
async function runStep(
  update: TrainingStep,
  batch: Batch,
  { shape, rate, step, seed }: {
    shape: [number, number, number, number];
    rate: number;
    step: number;
    seed: number;
  },
): Promise<number> {
  const inputs = [
    tf.tensor4d(batch.input, shape),
    tf.tensor2d(batch.labels, [shape[0], batch.labels.length / shape[0]]),
    tf.scalar(rate),
    tf.scalar(step + 1),
    tf.tensor1d([seed, step], "int32"),
  ] as const;
  const [loss] = await update.inBackground(...inputs);
  const [value] = await loss.data();
  tf.dispose([loss, ...inputs]);
  return value;
}
