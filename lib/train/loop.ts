/**
 * The training loop.
 *
 * Everything random is a function of the seed and of the step's number, so a run that was killed and goes on
 * from its last checkpoint computes what it would have computed.
 */
import type { Batch, BatchSource } from "./batches.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import type { RunConfig } from "./config.ts";
import { Learner } from "./learner.ts";
import type { Network } from "./model.ts";
import type { Parameters } from "./parameters.ts";
import type { Predictor } from "./predictor.ts";
import { learningRate } from "./schedule.ts";
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
  network: Network;
  parameters: Parameters;
  predict: Predictor;
  /** Whether all steps were done, or all that early stopping left. */
  finished: boolean;
}

/** Updates of an epoch and of the whole run, and batches of an epoch. */
export interface StepCounts {
  perEpoch: number;
  all: number;
  /** Some may be left over, where an update takes several. */
  batchesPerEpoch: number;
}

/**
 * Counts what a run takes. The last update of an epoch is left out where it is not full.
 *
 * @param clips examples of an epoch
 * @throws RangeError where there is not one full update
 */
export function countSteps(config: RunConfig, clips: number): StepCounts {
  const { accumulate = 1, batchSize, epochs } = config;
  const batchesPerEpoch = Math.floor(clips / batchSize);
  const perEpoch = Math.floor(batchesPerEpoch / accumulate);
  if (perEpoch === 0) {
    const [what, smaller] = accumulate === 1 ? [`one batch of ${batchSize}`, "batchSize"] : [
      `the ${accumulate} batches of ${batchSize} that make an update`,
      "batchSize or accumulate",
    ];
    throw new RangeError(`${clips} clips do not fill ${what}; set a smaller ${smaller}`);
  }
  return { perEpoch, all: perEpoch * epochs, batchesPerEpoch };
}

/** Trains, from the last checkpoint where there is one. */
export async function train(task: TrainingTask): Promise<Trained> {
  const { config, batches, checkpoint, signal } = task;
  const { accumulate = 1, headEpochs } = config;
  const steps = countSteps(config, batches.examples), { perEpoch } = steps;
  const learner = new Learner(config, { batches, headSteps: headEpochs * perEpoch });
  const { network, parameters, optimizer, average, predict } = learner;
  const progress = loadCheckpoint(checkpoint, { parameters, optimizer, average });
  const save = () => saveCheckpoint(checkpoint, { parameters, optimizer, average, ...progress });
  const isOver = () => progress.step === steps.all || isExhausted(config, progress.history);
  task.onStart?.(progress.step, steps.all);

  const shape: [number, number, number, number] = //
    [config.batchSize, batches.bands, batches.frames, 1];
  const ahead = new BatchesAhead(batches, { steps, accumulate, first: progress.step });
  let saved = performance.now();
  while (!isOver() && !signal?.aborted) {
    const { step, history } = progress, epoch = Math.floor(step / perEpoch);
    const rate = learningRate(config, step, { perEpoch, history });
    let loss = 0;
    for (let k = 0; k < accumulate; k++) {
      const { batch, number } = await ahead.take();
      const learning = learner.learn(batch, {
        shape,
        step,
        number,
        learningRate: rate,
        headOnly: epoch < headEpochs,
        last: k === accumulate - 1,
      });
      ahead.make(); // while the step runs
      loss += await learning / accumulate;
    }
    progress.step++;
    if (!Number.isFinite(loss)) {
      throw new Error(
        `the loss is ${loss} at step ${progress.step} (epoch ${
          epoch + 1
        }, learning rate ${rate}); the last ` +
          "checkpoint, from before it, stays: train with a lower schedule.maxLearningRate, or with clipNorm=1",
      );
    }
    task.onMetric({ name: "train/loss", value: loss, step: progress.step, epoch });
    const ends = progress.step % perEpoch === 0;
    if (ends) {
      const measured = await task.validate(predict);
      for (const [name, value] of Object.entries(measured)) {
        task.onMetric({ name, value, step: progress.step, epoch });
      }
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

/** The batches of the updates in their order, each made while the one before it is used. */
class BatchesAhead {
  readonly #batches: BatchSource;
  readonly #numbers: Iterator<number>;
  #coming?: { batch: Promise<Batch>; number: number };

  /** @param options.first the update to begin with */
  constructor(
    batches: BatchSource,
    options: { steps: StepCounts; accumulate: number; first: number },
  ) {
    this.#batches = batches;
    this.#numbers = batchNumbers(options);
    this.make();
  }

  /** Begins with the next one, if any. */
  make(): void {
    const { value: number, done } = this.#numbers.next();
    this.#coming = done ? undefined : { number, batch: this.#batches.at(number) };
    this.#coming?.batch.catch(() => {}); // its failure is told when it is awaited
  }

  /** The one that was begun, with its number among all of the run. */
  async take(): Promise<{ batch: Batch; number: number }> {
    const { batch, number } = this.#coming!;
    return { batch: await batch, number };
  }
}

/** The numbers of the batches from an update on. What an epoch has left over is left out. */
function* batchNumbers(
  { steps: { perEpoch, all, batchesPerEpoch }, accumulate, first }: {
    steps: StepCounts;
    accumulate: number;
    first: number;
  },
): Generator<number, void> {
  for (let step = first; step < all; step++) {
    const start = Math.floor(step / perEpoch) * batchesPerEpoch + (step % perEpoch) * accumulate;
    for (let k = 0; k < accumulate; k++) yield start + k;
  }
}
