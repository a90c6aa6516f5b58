/** A training run's state on disk: parameters, moments, averages, and how far it came. */
import { exists } from "../core/files.ts";
import { type NamedArray, readSafetensors, writeSafetensors } from "../nn/safetensors.ts";
import type { AdamW } from "./adamw.ts";
import { type NamedValues, type Parameters, readValues, setValue } from "./parameters.ts";
import type { Measurements } from "./watch.ts";
import type { WeightAverage } from "./weight_average.ts";

/** What a run holds in TensorFlow. */
export interface CheckpointParts {
  parameters: Parameters;
  optimizer: AdamW;
  average?: WeightAverage;
}

/** How far a run came. */
export interface RunProgress {
  /** Updates so far. */
  step: number;
  /** What was measured after each epoch. Default: nothing */
  history?: Measurements[];
  /** The weights of the best epoch, where they are kept. */
  best?: NamedValues;
}

/** What is no parameter is written under a name of its own. */
const MOMENT = "optimizer.", AVERAGE = "average.", BEST = "best.";

const withPrefix = (prefix: string, values: NamedValues) =>
  [...values].map(([name, value]) => [prefix + name, value] as const);

const withoutPrefix = (prefix: string, values: NamedValues) =>
  new Map(
    [...values].filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );

/**
 * Writes the state, atomically: where it fails, or is interrupted, the state before it stays.
 *
 * @throws Error that names a parameter that is not finite any more: nobody can go on from there
 */
export function saveCheckpoint(
  path: string,
  { parameters, optimizer, average, step, history = [], best = new Map() }:
    & CheckpointParts
    & RunProgress,
): void {
  const weights = parameters.values();
  for (const [name, { data }] of weights) {
    if (data.every(Number.isFinite)) continue;
    throw new Error(
      `${name} is not finite after step ${step}, which is not saved; what was saved before it stays`,
    );
  }
  const tensors = new Map([
    ...weights,
    ...withPrefix(MOMENT, readValues(optimizer.moments)),
    ...withPrefix(AVERAGE, average ? readValues(average.variables) : new Map()),
    ...withPrefix(BEST, best),
  ]);
  const metadata = { step: String(step), history: JSON.stringify(history) };
  writeSafetensors(path, { tensors, metadata });
}

/**
 * Reads the state back.
 *
 * @returns how far the run came; no step where there is no checkpoint
 * @throws Error when it does not fit the model
 */
export function loadCheckpoint(
  path: string,
  { parameters, optimizer, average }: CheckpointParts,
): Required<Omit<RunProgress, "best">> & Pick<RunProgress, "best"> {
  if (!exists(path)) return { step: 0, history: [] };
  const { tensors, metadata } = readSafetensors(path);
  const others = [MOMENT, AVERAGE, BEST];
  const weights = new Map<string, NamedArray>();
  for (const [name, array] of tensors) {
    if (!others.some((prefix) => name.startsWith(prefix))) weights.set(name, array);
  }
  parameters.load(weights);
  optimizer.prepare(parameters.trainable);
  const moments = withoutPrefix(MOMENT, tensors);
  for (const [name, variable] of optimizer.moments) {
    const saved = moments.get(name);
    // without one it was not trained yet when the checkpoint was written: its moments are zero
    if (saved) setValue(variable, saved);
  }
  average?.set(withoutPrefix(AVERAGE, tensors));
  const best = withoutPrefix(BEST, tensors);
  // JSON has no NaN
  const history = JSON.parse(
    metadata.history ?? "[]",
    (_, value) => value === null ? NaN : value,
  ) as Measurements[];
  return { step: Number(metadata.step), history, best: best.size > 0 ? best : undefined };
}
