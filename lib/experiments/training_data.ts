/** What a run needs of its data, wherever they come from. */
import { createHash } from "node:crypto";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { bestLabels, countOutcomes, decide, hammingScore, macroF1 } from "../evaluation/metrics.ts";
import { Batcher, type Clips } from "../train/batches.ts";
import type { RunConfig } from "../train/config.ts";
import type { LiveClip } from "../train/live_batches.ts";
import { type Predictor, sigmoid } from "../train/predictor.ts";

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

/** SHA-256 of the names of the clips that are trained on, and of those that are held out. */
export function splitOf(
  { clips, train, held }: Pick<TrainingData, "clips" | "train" | "held">,
): string {
  const names = [train, held].map((indices) => indices.map((k) => clips.names[k]));
  return createHash("sha256").update(JSON.stringify(names)).digest("hex");
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

/**
 * What is measured on clips of one instrument after an epoch: how often the best-scored instrument is theirs, macro-F1 and
 * Hamming score of decisions at one half, and the mean binary cross-entropy, whatever loss the run is trained with, so that
 * curves of different losses can be held against each other.
 *
 * @param logits `[rows, 11]`
 * @param targets 0 or 1, same shape
 */
export function validationMeasures(
  logits: Float32Array,
  targets: Uint8Array,
): Record<`validation/${"accuracy" | "macroF1" | "hamming" | "loss"}`, number> {
  const best = bestLabels(logits);
  const right = best.filter((label, row) => targets[row * INSTRUMENTS.length + label]).length;
  const outcomes = countOutcomes(decide(sigmoid(logits), 0.5), targets);
  // in double precision and without overflow: max(z, 0) - z y + log(1 + exp(-|z|))
  const loss = logits.reduce(
    (sum, z, k) => sum + Math.max(z, 0) - z * targets[k] + Math.log1p(Math.exp(-Math.abs(z))),
    0,
  );
  return {
    "validation/accuracy": right / best.length,
    "validation/macroF1": macroF1(outcomes),
    "validation/hamming": hammingScore(outcomes),
    "validation/loss": loss / logits.length,
  };
}
