/** A finished run's network, with its weights. */
import type { RunConfig } from "../train/config.ts";
import { buildNetwork } from "../train/model.ts";
import { loadWeights } from "../train/parameters.ts";
import { makePredictor, type Predictor } from "../train/predictor.ts";
import { missingWeights, type RunFolder } from "./run_folder.ts";

/** What a run's weights make of spectrograms; they are freed at the end of its scope, where it has one. */
export interface RunNetwork extends Disposable {
  config: RunConfig;
  predict: Predictor;
}

/** Loads a run's network. @throws Error where its weights are not here, or it was trained for another task than instruments */
export function loadRunNetwork(run: RunFolder): RunNetwork {
  if (!run.hasWeights) throw missingWeights(run.name);
  const { config } = run.readRecord();
  if (config.objective) {
    throw new Error(
      `run "${run.name}" is a pretraining (${config.objective.name}) and knows no instruments: name one that begins with it`,
    );
  }
  const weights = loadWeights(run.weights);
  return {
    config,
    predict: makePredictor(buildNetwork(config.model), () => weights),
    [Symbol.dispose]: () => weights.values().forEach((tensor) => tensor.dispose()),
  };
}
