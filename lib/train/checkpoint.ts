/** A training run's state on disk: parameters, moments, and how far it came. */
import { exists } from "../core/files.ts";
import { tf } from "../nn/engine/mod.ts";
import { type NamedArray, readSafetensors, writeSafetensors } from "../nn/safetensors.ts";
import type { AdamW } from "./adamw.ts";
import type { Parameters } from "./parameters.ts";

/** Moments are written under names of their own. */
const MOMENT = "optimizer.";

/** Writes the state after `step` updates, atomically. */
export function saveCheckpoint(
  path: string,
  { parameters, optimizer, step }: { parameters: Parameters; optimizer: AdamW; step: number },
): void {
  const tensors = parameters.values();
  for (const [name, variable] of optimizer.moments) {
    const value = variable.read();
    const data = value.dataSync() as Float32Array;
    value.dispose();
    tensors.set(MOMENT + name, { shape: variable.shape, data });
  }
  writeSafetensors(path, { tensors, metadata: { step: String(step) } });
}

/**
 * Reads the state back.
 *
 * @returns the number of updates that it has seen; 0 when there is no checkpoint
 * @throws Error when it does not fit the model
 */
export function loadCheckpoint(
  path: string,
  { parameters, optimizer }: { parameters: Parameters; optimizer: AdamW },
): number {
  if (!exists(path)) return 0;
  const { tensors, metadata } = readSafetensors(path);
  const weights = new Map<string, NamedArray>();
  for (const [name, array] of tensors) {
    if (!name.startsWith(MOMENT)) weights.set(name, array);
  }
  parameters.load(weights);
  optimizer.prepare(parameters.trainable);
  for (const [name, variable] of optimizer.moments) {
    const saved = tensors.get(MOMENT + name);
    if (!saved) continue; // not trained yet when the checkpoint was written: its moments are zero
    const value = tf.tensor(saved.data, saved.shape);
    variable.assign(value);
    value.dispose();
  }
  return Number(metadata.step);
}
