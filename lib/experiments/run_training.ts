/** One training run from its configuration to its result, in a folder of its own. */
import { exists } from "../core/files.ts";
import { showProgress } from "../core/progress.ts";
import { requireNative } from "../nn/engine/mod.ts";
import { writeSafetensors } from "../nn/safetensors.ts";
import { ReadyBatches } from "../train/batches.ts";
import type { RunConfig } from "../train/config.ts";
import { type Metric, train } from "../train/loop.ts";
import { demoData } from "./demo_data.ts";
import { irmasData } from "./irmas_data.ts";
import { provenance } from "./provenance.ts";
import { RunFolder, runName } from "./run_folder.ts";
import type { TrainingData } from "./training_data.ts";

/** What to do with a run that is there already. */
export interface RunOptions {
  /** Goes on from the last checkpoint. */
  resume?: boolean;
  /** A finished run whose weights are not here (they are not in version control) is trained again. */
  needWeights?: boolean;
  /** Throws an unfinished or finished run away and begins anew. */
  restart?: boolean;
  /** Stops after the current step, with a checkpoint. */
  signal?: AbortSignal;
  /** Folder of the runs. */
  root?: string;
  checkpointSeconds?: number;
  /** Where the data come from. Default: what the configuration says. */
  load?: (config: RunConfig) => Promise<TrainingData>;
}

/** How a run ended. */
export type RunOutcome = "finished" | "was finished" | "stopped";

/** Loads the data of a configuration. @throws Error that says how to get it, where it is missing */
export function loadTrainingData(config: RunConfig): Promise<TrainingData> {
  return config.data.source === "demo" ? demoData(config) : irmasData(config);
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
  const { resume, signal, checkpointSeconds, load = loadTrainingData } = options;
  const folder = new RunFolder(await runName(config), options.root);
  const lacksWeights = folder.isFinished && options.needWeights && !exists(folder.weights);
  if (options.restart || lacksWeights) folder.clear();
  if (folder.isFinished) return { folder, outcome: "was finished" };
  if (folder.isStarted && !resume) {
    throw new Error(
      `run ${folder.name} was begun and not finished: add --resume to go on from its last checkpoint, or --restart to begin anew`,
    );
  }
  const data = await load(config);
  await prepareRecord(folder, config, data);
  const progress = new TrainingProgress(config, folder.name);
  const trained = await train({
    config,
    batches: new ReadyBatches(data.clips, { train: data.train, config }),
    checkpoint: folder.checkpoint,
    checkpointSeconds,
    signal,
    validate: data.validate,
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
  folder.writeResult(await data.evaluate(trained.predict));
  if (exists(folder.checkpoint)) Deno.removeSync(folder.checkpoint);
  return { folder, outcome: "finished" };
}

/** Writes where the run comes from, or makes sure that a resumed run still has the data that it began with. */
async function prepareRecord(folder: RunFolder, config: RunConfig, data: TrainingData) {
  if (!folder.isStarted) {
    return folder.writeRecord({ config, provenance: await provenance(data.fingerprint) });
  }
  const { provenance: { dataFingerprint } } = folder.readRecord();
  if (dataFingerprint !== data.fingerprint) {
    throw new Error(
      `run ${folder.name} was begun on other data (fingerprint ${
        dataFingerprint.slice(0, 12)
      }, now ${data.fingerprint.slice(0, 12)}): add --restart to begin anew`,
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
    this.#bar = showProgress(this.#name, steps);
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
    this.#bar?.done(`loss ${this.#loss.toFixed(4)}`);
  }
}
