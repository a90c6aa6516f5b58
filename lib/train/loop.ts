/**
 * The training loop.
 *
 * Everything random is a function of the seed and of the step's number, so a run that was killed and goes on
 * from its last checkpoint computes what it would have computed.
 */
import type { Layer } from "../nn/layer.ts";
import type { BatchSource } from "./batches.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import type { RunConfig } from "./config.ts";
import { Learner } from "./learner.ts";
import type { NamedValues, Parameters } from "./parameters.ts";
import type { Predictor } from "./predictor.ts";
import { learningRate } from "./schedule.ts";
import { countSteps, Updates } from "./updates.ts";
import { bestEpoch, type Measurements, watchedValues } from "./watch.ts";

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
  /** Weights to begin with, e.g. a pretrained backbone's. Default: the configuration's own. */
  initial?: NamedValues;
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

/** A trained network, with the weights that are to be kept: the last ones, their average, or the best epoch's. */
export interface Trained {
  network: Layer;
  parameters: Parameters;
  predict: Predictor;
  /** Whether all steps were done, or all that early stopping left. */
  finished: boolean;
}

/** Trains, from the last checkpoint where there is one. */
export async function train(task: TrainingTask): Promise<Trained> {
  const { config, batches, initial, checkpoint, signal } = task;
  const { headEpochs } = config;
  const steps = countSteps(config, batches.examples), { perEpoch } = steps;
  const learner = new Learner(config, { batches, headSteps: headEpochs * perEpoch, initial });
  const { network, parameters, optimizer, average, predict } = learner;
  const progress = loadCheckpoint(checkpoint, { parameters, optimizer, average });
  const save = () => saveCheckpoint(checkpoint, { parameters, optimizer, average, ...progress });
  const isOver = () => progress.step === steps.all || isExhausted(config, progress.history);
  task.onStart?.(progress.step, steps.all);

  const updates = new Updates(learner, batches, { config, first: progress.step });
  let saved = performance.now();
  while (!isOver() && !signal?.aborted) {
    const { step, history } = progress, epoch = Math.floor(step / perEpoch);
    const rate = learningRate(config, step, { perEpoch, history });
    const loss = await updates.make({ learningRate: rate, headOnly: epoch < headEpochs });
    progress.step++;
    if (!Number.isFinite(loss)) {
      const where = `step ${progress.step} (epoch ${epoch + 1}, learning rate ${rate})`;
      throw new Error(
        `the loss is ${loss} at ${where}; the last checkpoint, from before it, stays: ` +
          "train with a lower schedule.maxLearningRate, or with clipNorm=1",
      );
    }
    const report = (measured: Measurements) => {
      for (const [name, value] of Object.entries(measured)) {
        task.onMetric({ name, value, step: progress.step, epoch });
      }
    };
    report({ "train/loss": loss, "train/learningRate": rate });
    const ends = progress.step % perEpoch === 0;
    if (ends) {
      const measured = await task.validate(predict);
      report(measured);
      progress.history.push(measured);
      if (isBest(config, progress.history)) progress.best = learner.weights();
    }
    // after its measurements: a run that is killed among them takes them again
    if (ends || performance.now() - saved > 1000 * (task.checkpointSeconds ?? 60)) {
      save();
      saved = performance.now();
    }
  }
  if (signal?.aborted) save();
  if (isOver()) learner.settle(progress.best ?? learner.weights());
  return { network, parameters, predict, finished: isOver() };
}

/** Early stopping's measure, of the epochs in which more than the head is trained. */
const watchedBy = ({ earlyStopping, headEpochs }: RunConfig, history: readonly Measurements[]) =>
  earlyStopping &&
  { earlyStopping, values: watchedValues(history.slice(headEpochs), earlyStopping) };

/** Whether the last epoch is the best one, and its weights are to be kept. */
function isBest(config: RunConfig, history: readonly Measurements[]): boolean {
  const watched = watchedBy(config, history);
  return watched !== undefined && watched.values.length > 0 &&
    bestEpoch(watched.values, watched.earlyStopping) === watched.values.length - 1;
}

/** Whether early stopping has no patience left. */
function isExhausted(config: RunConfig, history: readonly Measurements[]): boolean {
  const watched = watchedBy(config, history);
  if (!watched) return false;
  const { earlyStopping, values } = watched;
  return values.length - 1 - (bestEpoch(values, earlyStopping) ?? -1) >= earlyStopping.patience;
}
