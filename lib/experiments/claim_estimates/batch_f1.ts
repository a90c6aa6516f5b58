/** The document's "validation F1": macro-F1 within each batch, averaged over batches. */
import { INSTRUMENTS } from "../../datasets/labels.ts";
import { targetsOf } from "../../datasets/clip.ts";
import type { Instrument } from "../../datasets/labels.ts";
import { countOutcomes, macroF1 } from "../../evaluation/metrics.ts";

/** Of decisions that are all right, in [0, 1]: an instrument that a batch lacks counts as 0 there. */
export function batchMacroF1(
  clips: readonly { labels: readonly Instrument[] }[],
  batchSize: number,
): number {
  const targets = targetsOf(clips.map(({ labels }) => ({ labels: [...labels] })));
  const width = batchSize * INSTRUMENTS.length, scores = [];
  for (let from = 0; from < targets.length; from += width) {
    const batch = targets.subarray(from, from + width);
    scores.push(macroF1(countOutcomes(batch, batch)));
  }
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
