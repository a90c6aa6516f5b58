/** What a run needs of its data, wherever they come from. */
import { createHash } from "node:crypto";
import { Batcher, type Clips } from "../train/batches.ts";
import type { RunConfig } from "../train/config.ts";
import type { LiveClip } from "../train/live_batches.ts";
import type { Predictor } from "../train/predictor.ts";

/** Clips to train on, what is measured after an epoch, and what is measured at the end. */
export interface TrainingData {
  clips: Clips;
  /** Clips to train on. */
  train: number[];
  /** Clips that show how training goes: never trained on. */
  held: number[];
  /** The same clips as sound, for live batches; undefined where there is none. */
  live?: () => Promise<LiveClip[]>;
  /** SHA-256 of names, labels and spectrograms. */
  fingerprint: string;
  /** After an epoch. */
  validate(predict: Predictor): Promise<Record<string, number>>;
  /** At the end: plain data for `result.json`, with the decision threshold that predictions use. */
  evaluate(predict: Predictor): Promise<{ threshold: number } & Record<string, unknown>>;
}

/** SHA-256 of names, labels and spectrograms. */
export function fingerprintOf({ names, targets, bytes }: Clips): string {
  return createHash("sha256").update(names.join("\n")).update(targets).update(bytes).digest("hex");
}

/** Logits of some clips as they are. */
export async function logitsOf(
  predict: Predictor,
  clips: Clips,
  { indices, config }: { indices: readonly number[]; config: RunConfig },
): Promise<Float32Array> {
  const { input } = new Batcher(clips, config.frontEnd).plain(indices);
  return await predict(input, { count: indices.length, bands: clips.bands, frames: clips.frames });
}
