/** One training run from its configuration to its result, in a folder of its own. */
import { framesAfter } from "../augment/steps.ts";
import { exists } from "../core/files.ts";
import { tryLockFolder } from "../core/lock.ts";
import { showProgress } from "../core/progress.ts";
import { requireNative } from "../nn/engine/mod.ts";
import { writeSafetensors } from "../nn/safetensors.ts";
import { fetchWeights } from "../nn/weights_file.ts";
import { type BatchSource, ReadyBatches } from "../train/batches.ts";
import { LiveBatches } from "../train/live_batches.ts";
import type { RunConfig } from "../train/config.ts";
import { featureMapOf, hasIdleAttention, IDLE_ATTENTION } from "../train/estimate.ts";
import { type Metric, train } from "../train/loop.ts";
import { isAttentive } from "../train/model.ts";
import { objectiveOf, TaskBatches } from "../train/objectives/objective.ts";
import type { NamedValues } from "../train/parameters.ts";
import { backboneWeights, pretrainingConfig } from "../train/pretraining.ts";
import { backgroundNoises } from "./background_noises.ts";
import { demoData } from "./demo_data.ts";
import { irmasAudioData } from "./irmas_audio_data.ts";
import { irmasData } from "./irmas_data.ts";
import { measuresOf } from "./pretraining.ts";
import { numericSettings, provenance } from "./provenance.ts";
import { RUN_ROOTS, RunFolder, runName, type RunRoots } from "./run_folder.ts";
import { splitOf, type TrainingData } from "./training_data.ts";

/** What to do with a run that is there already. */
export interface RunOptions {
  /** Goes on from the last checkpoint. */
  resume?: boolean;
  /** A finished run whose weights are not here (they are not in version control) is trained again, in the local folder. */
  needWeights?: boolean;
  /** Throws an unfinished or finished run away and begins anew. */
  restart?: boolean;
  /** Where another process trains this run: waits until it ends. Default: an error. */
  wait?: boolean;
  /** Stops training after the current step, with a checkpoint; whatever else is under way, at once. */
  signal?: AbortSignal;
  /** Folders of the runs. Default: the project's. */
  roots?: RunRoots;
  /** Trains in the local folder; a run that is finished in the shared one is left there. Default: in the shared one. */
  local?: boolean;
  checkpointSeconds?: number;
  /** Where the data come from. Default: what the configuration says. */
  load?: (config: RunConfig) => Promise<TrainingData>;
}

/** How a run ended. */
export type RunOutcome = "finished" | "was finished" | "stopped";

/** Loads the data of a configuration. @throws Error that says how to get it, where it is missing */
export function loadTrainingData(config: RunConfig): Promise<TrainingData> {
  switch (config.data.source) {
    case "demo":
      return demoData(config);
    case "irmas":
      return irmasAudioData(config);
    case "irmas-mels":
      return irmasData(config);
  }
}

/**
 * Trains and evaluates a configuration. A run of the same configuration and seed that is finished is left as it is.
 *
 * @throws Error where a run is under way and neither `resume` nor `restart` is given, or the data have changed since
 */
export async function runTraining(
  config: RunConfig,
  options: RunOptions = {},
): Promise<{ folder: RunFolder; outcome: RunOutcome }> {
  requireNative("training");
  const { resume, restart, signal, checkpointSeconds, load = loadTrainingData } = options;
  const folder = folderOf(await runName(config), options);
  if (isDone(folder, options)) return { folder, outcome: "was finished" };
  using lock = await holdFolder(folder, options);
  if (!lock) return { folder, outcome: "stopped" };
  // the process that was waited for may have finished it
  if (isDone(folder, options)) return { folder, outcome: "was finished" };
  const anew = restart || folder.isFinished;
  folder.removeUnfinished();
  if (folder.isStarted && !resume && !anew) {
    throw new Error(
      `run ${folder.name} was begun and not finished: add --resume to go on from its last checkpoint, or --restart to begin anew`,
    );
  }
  const { weights } = { weights: undefined, ...config.model };
  if (weights && !await unlessAborted(fetchWeights(weights, { signal }), signal)) {
    return { folder, outcome: "stopped" };
  }
  const pretrained = await pretrainedBackbone(config, options);
  if (pretrained === "stopped") return { folder, outcome: "stopped" };
  const data = await unlessAborted(load(config), signal);
  if (!data) return { folder, outcome: "stopped" };
  // not before all that can fail is there: what is thrown away cannot be had back
  if (anew) folder.clear();
  await prepareRecord(folder, config, data);
  warnOfIdleAttention(config, data);
  const progress = new TrainingProgress(config, folder.name);
  using batches = await batchesOf(config, data);
  const { validate, evaluate } = config.objective ? measuresOf(config, data) : data;
  const trained = await train({
    config,
    batches,
    initial: pretrained,
    checkpoint: folder.checkpoint,
    checkpointSeconds,
    signal,
    validate,
    onStart(step, steps) {
      folder.truncateMetrics(step);
      progress.start(step, steps);
    },
    onMetric(metric) {
      folder.appendMetric(metric);
      progress.update(metric);
    },
  });
  progress.done();
  if (!trained.finished) return { folder, outcome: "stopped" };
  const tensors = trained.parameters.values();
  writeSafetensors(folder.weights, { tensors, metadata: { run: folder.name } });
  const result = await unlessAborted<unknown>(evaluate(trained.predict), signal);
  if (!result) return { folder, outcome: "stopped" };
  folder.writeResult(result);
  if (exists(folder.checkpoint)) Deno.removeSync(folder.checkpoint);
  return { folder, outcome: "finished" };
}

/** What is trained all the same, since a head's other layers are there, but should not be read as a trial of attention. */
function warnOfIdleAttention(config: RunConfig, { clips: { bands, frames } }: TrainingData): void {
  if (config.objective || !isAttentive(config.model)) return; // others need not be traced for it
  const steps = (config.live ?? config.augment).spectrogram ?? [];
  const map = featureMapOf(config, { bands, frames: framesAfter(steps, frames) });
  if (hasIdleAttention(config, map)) console.error(`note: ${IDLE_ATTENTION}`);
}

/** What the network is trained on: spectrograms that are there, or sound. @throws Error for data that have no sound */
export async function batchesOf(config: RunConfig, data: TrainingData): Promise<BatchSource> {
  const batches = await clipsOf(config, data);
  const task = objectiveOf(config)?.task;
  return task ? new TaskBatches(batches, { task, seed: config.seed }) : batches;
}

/** Batches of labelled clips. */
async function clipsOf(
  config: RunConfig,
  { clips, train, live }: TrainingData,
): Promise<BatchSource> {
  if (!config.live) return new ReadyBatches(clips, { train, config });
  if (!live) {
    throw new Error(
      `live batches are made from sound, and ${config.data.source} has spectrograms alone: leave "live" out`,
    );
  }
  const noises = backgroundNoises(config.live);
  return new LiveBatches(await live(), { config, steps: config.live, noises });
}

/**
 * The weights of the backbone that a run begins with; undefined where it has no pretraining. The pretraining is a run of
 * its own, which goes on where it was, or is waited for where another process trains it.
 */
export async function pretrainedBackbone(
  config: RunConfig,
  options: RunOptions,
): Promise<NamedValues | undefined | "stopped"> {
  const pretraining = pretrainingConfig(config);
  if (!pretraining) return undefined;
  const { folder, outcome } = await runTraining(pretraining, {
    ...options,
    needWeights: true,
    resume: true,
    restart: false,
    wait: true,
  });
  return outcome === "stopped" ? outcome : backboneWeights(folder.weights, config.model);
}

/** Whether there is nothing to do: the result is here and of today's version, and the weights are where they are needed. */
function isDone(folder: RunFolder, { restart, needWeights }: RunOptions): boolean {
  return !restart && folder.isFinished && folder.isCurrent && (!needWeights || folder.hasWeights);
}

/** The folder of a run that is done, or the one to train it in: what is shared is not overwritten unasked. */
function folderOf(name: string, options: RunOptions): RunFolder {
  const roots = options.roots ?? RUN_ROOTS;
  const shared = new RunFolder(name, roots.shared), local = new RunFolder(name, roots.local);
  const done = [shared, local].find((folder) => isDone(folder, options));
  if (done) return done;
  const repeated = shared.isFinished && !options.restart;
  if (repeated && shared.path === local.path) {
    throw new Error(
      `run ${name} is finished, and its weights are not here or it is of an earlier version: add --restart to make it anew`,
    );
  }
  return options.local || repeated ? local : shared;
}

/** Keeps other processes out of a run's folder. Gives nothing where it was to wait and the signal came first. */
async function holdFolder(
  { name, path }: RunFolder,
  { wait, signal }: RunOptions,
): Promise<Disposable | undefined> {
  let lock = tryLockFolder(path);
  if (!lock && !wait) {
    throw new Error(
      `run ${name} is being trained by another process: wait until it ends, or end it and add --resume`,
    );
  }
  if (!lock) {
    console.error(`run ${name} is being trained by another process: waiting until it ends`);
  }
  while (!lock && !signal?.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    lock = tryLockFolder(path);
  }
  return lock;
}

/** What some work gives, or nothing as soon as the signal comes: whoever sent it ends the process, and the work with it. */
function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
  if (signal?.aborted) return Promise.resolve(undefined);
  const aborted = new Promise<undefined>((resolve) =>
    signal?.addEventListener("abort", () => resolve(undefined), { once: true })
  );
  return Promise.race([work, aborted]);
}

/** Writes where the run comes from, or makes sure that a resumed run still has the data that it began with. */
async function prepareRecord(folder: RunFolder, config: RunConfig, data: TrainingData) {
  if (!folder.isStarted) {
    const fingerprints = { dataFingerprint: data.fingerprint, splitFingerprint: splitOf(data) };
    return folder.writeRecord({ config, provenance: await provenance(fingerprints) });
  }
  const { dataFingerprint, splitFingerprint, settings = {} } = folder.readRecord().provenance;
  const begun = `run ${folder.name} was begun`, anew = "add --restart to begin anew";
  if (dataFingerprint !== data.fingerprint) {
    throw new Error(
      `${begun} on other data (fingerprint ${dataFingerprint.slice(0, 12)}, now ${
        data.fingerprint.slice(0, 12)
      }): ${anew}`,
    );
  }
  if (splitFingerprint !== undefined && splitFingerprint !== splitOf(data)) {
    throw new Error(
      `${begun} with other clips to train on, or held out, of the same data: ${anew}`,
    );
  }
  if (!folder.isCurrent) throw new Error(`${begun} by code that gives other results: ${anew}`);
  const text = (all: Record<string, string>) =>
    Object.entries(all).map((entry) => entry.join("=")).join(" ") || "none";
  if (text(settings) !== text(numericSettings())) {
    throw new Error(
      `${begun} with other settings of the environment (${text(settings)}, now ${
        text(numericSettings())
      }): set them again, or ${anew}`,
    );
  }
}

/** Epoch, step, loss, clips a second, time left. */
class TrainingProgress {
  readonly #config: RunConfig;
  readonly #name: string;
  #bar?: ReturnType<typeof showProgress>;
  #first = 0;
  #started = 0;
  #loss = NaN;

  constructor(config: RunConfig, name: string) {
    this.#config = config;
    this.#name = name;
  }

  start(step: number, steps: number): void {
    this.#first = step;
    this.#started = performance.now();
    this.#bar = showProgress(this.#name, steps, { start: step });
  }

  update({ name, value, step, epoch }: Metric): void {
    if (name !== "train/loss") return;
    // a moving mean: single batches jump
    this.#loss = Number.isNaN(this.#loss) ? value : 0.95 * this.#loss + 0.05 * value;
    const { epochs, batchSize } = this.#config;
    const seconds = (performance.now() - this.#started) / 1000;
    const rate = (step - this.#first) * batchSize / seconds;
    this.#bar!.update(
      step,
      `epoch ${epoch + 1}/${epochs}, loss ${this.#loss.toFixed(4)}, ${rate.toFixed(0)} clips/s`,
    );
  }

  done(): void {
    // nothing was measured where the signal came before the first step
    this.#bar?.done(Number.isNaN(this.#loss) ? "" : `loss ${this.#loss.toFixed(4)}`);
  }
}
