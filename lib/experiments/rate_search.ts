/** A range test of the learning rate on a configuration's data. */
import { showProgress } from "../core/progress.ts";
import { requireNative } from "../nn/engine/mod.ts";
import type { RunConfig } from "../train/config.ts";
import { findLearningRate, type RateRange, type RateRangeOptions } from "../train/rate_range.ts";
import {
  batchesOf,
  loadTrainingData,
  pretrainedBackbone,
  type RunOptions,
} from "./run_training.ts";

/**
 * Finds where a configuration's loss falls fastest, with progress on the terminal. No run is made, but for the pretraining
 * that the configuration asks for, where its weights are not here.
 *
 * @throws Error that says how to get the data, where they are missing
 */
export async function searchLearningRate(
  config: RunConfig,
  { load = loadTrainingData, roots, ...options }:
    & Pick<RunOptions, "load" | "roots">
    & Omit<RateRangeOptions, "batches" | "initial" | "onUpdate"> = {},
): Promise<RateRange> {
  requireNative("training");
  const initial = await pretrainedBackbone(config, { load, roots, signal: options.signal });
  if (initial === "stopped") throw new Error("the pretraining was stopped before a rate was tried");
  using batches = await batchesOf(config, await load(config));
  const bar = showProgress("learning rate", options.updates ?? 100);
  const range = await findLearningRate(config, {
    ...options,
    batches,
    initial,
    onUpdate: (done) => bar.update(done),
  });
  bar.done();
  return range;
}
