/** The finished runs by what they share: seeds of one experiment, and which experiments lead. */
import { mean } from "../core/statistics.ts";
import { type FinishedRun, type IrmasResult, readRun } from "./evidence.ts";
import { finishedRuns, RUN_ROOTS, withoutSeed } from "./run_folder.ts";

/** Runs that differ in nothing but their seed. */
export interface Experiment<R> {
  /** Recipe and the digits of the settings, e.g. `irmas_scratch-1c752158`. */
  name: string;
  /** By seed, at least one. */
  runs: FinishedRun<R>[];
}

/**
 * All experiments on real spectrograms that tell instruments and hold out this fold, by name.
 *
 * @param options.root Default: the shared runs, which everybody has
 */
export function irmasExperiments(
  { root = RUN_ROOTS.shared, fold = 0 }: { root?: string; fold?: number } = {},
): Experiment<IrmasResult>[] {
  const runs = finishedRuns({ roots: [root] }).filter((folder) => {
    const { data, objective } = folder.readRecord().config;
    return folder.isCurrent && data.source === "irmas-mels" && !objective && data.fold === fold;
  }).map((folder) => readRun<IrmasResult>(folder));
  return [...Map.groupBy(runs, ({ name }) => withoutSeed(name))]
    .map(([name, runs]) => ({ name, runs: runs.sort((a, b) => a.config.seed - b.config.seed) }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

/**
 * The experiments with the highest mean over their seeds, the highest first.
 *
 * @param measure of one run's result
 * @param options.count at the most. Default: 5
 */
export function leading<R>(
  experiments: readonly Experiment<R>[],
  measure: (result: R) => number,
  { count = 5 }: { count?: number } = {},
): Experiment<R>[] {
  const score = new Map(
    experiments.map((one) => [one, mean(one.runs.map(({ result }) => measure(result)))]),
  );
  return experiments.toSorted((a, b) => score.get(b)! - score.get(a)!).slice(0, count);
}
