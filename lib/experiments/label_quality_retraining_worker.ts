/** Fits classifiers on one core: the worker of label_quality_retraining.ts. */
import type { Rows } from "../baselines/rows.ts";
import { applyScaler, fitStandard } from "../baselines/scaler.ts";
import { serveTasks } from "../core/parallel.ts";
import { randomFrom } from "../core/random.ts";
import { CLASSICAL_MODELS, type ClassicalModel } from "./classical.ts";

/** One fit: on standardised rows, with the given labels. */
export interface RetrainingTask {
  train: Rows;
  labels: Uint8Array;
  test: Rows;
  model: ClassicalModel;
}

serveTasks(({ train, labels, test, model }: RetrainingTask) => {
  const scaler = fitStandard(train);
  const random = randomFrom("retraining");
  const fitted = CLASSICAL_MODELS[model](applyScaler(scaler, train), labels, random);
  const value = fitted.scores(applyScaler(scaler, test));
  return Promise.resolve({ value, transfer: [value.buffer] });
});
