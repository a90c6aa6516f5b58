/** From the scores of a file's chunks to the scores of the file (F8). */
import { mean } from "../core/statistics.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { quantile } from "./quantile.ts";

/**
 * How a file's score for a label comes from its chunks' scores.
 * - `maximum`: the highest; at any threshold the file's labels are the union of its chunks'.
 * - `meanProbability`: their mean.
 * - `meanLogit`: the probability of the mean of their logits.
 * - `sumRescale`: their sum, divided by the file's largest sum over all labels (Han, Kim and Lee, 2017).
 * - `percentile90`: the 90th percentile, interpolated linearly.
 */
export type Aggregation =
  | "maximum"
  | "meanProbability"
  | "meanLogit"
  | "sumRescale"
  | "percentile90";

/** Certainty is cut off here, so that one chunk (or one member of an ensemble) with a probability of 0 or 1 cannot decide
 * all. */
const CERTAIN = 1e-6;

/** The logit of a probability, within +-13.8. */
export const logit = (probability: number): number => {
  const p = Math.min(Math.max(probability, CERTAIN), 1 - CERTAIN);
  return Math.log(p / (1 - p));
};

const COMBINE: Record<Aggregation, (values: Float64Array) => number> = {
  maximum: (values) => values.reduce((a, b) => Math.max(a, b)),
  meanProbability: mean,
  meanLogit: (values) => 1 / (1 + Math.exp(-mean(values.map(logit)))),
  // divided by the number of chunks, which the rescaling cancels
  sumRescale: mean,
  percentile90: (values) => quantile(values.toSorted(), 0.9),
};

/** The ways to aggregate, in the order of their documentation. */
export const AGGREGATIONS = Object.keys(COMBINE) as Aggregation[];

/**
 * Aggregates chunk scores to file scores.
 *
 * @param scores probabilities in [0, 1], `[chunks, labels]`
 * @param groups the file's number of each chunk: 0 to files - 1, each at least once
 * @returns `[files, labels]`
 * @throws RangeError when the shapes do not fit, or a file has no chunk
 */
export function aggregateChunks(
  scores: ArrayLike<number>,
  groups: ArrayLike<number>,
  { by = "maximum", labels = INSTRUMENTS.length }: { by?: Aggregation; labels?: number } = {},
): Float32Array {
  if (scores.length !== groups.length * labels) {
    throw new RangeError(
      `cannot aggregate ${scores.length} scores of ${groups.length} chunks, ${labels} labels each`,
    );
  }
  const chunks: number[][] = [];
  for (let chunk = 0; chunk < groups.length; chunk++) (chunks[groups[chunk]] ??= []).push(chunk);
  const out = new Float32Array(chunks.length * labels);
  for (let file = 0; file < chunks.length; file++) {
    if (!chunks[file]) throw new RangeError(`cannot aggregate: file ${file} has no chunk`);
    const row = out.subarray(file * labels, (file + 1) * labels);
    for (let label = 0; label < labels; label++) {
      row[label] = COMBINE[by](Float64Array.from(chunks[file], (c) => scores[c * labels + label]));
    }
    if (by === "sumRescale") {
      const largest = row.reduce((a, b) => Math.max(a, b));
      if (largest > 0) row.forEach((score, label) => row[label] = score / largest);
    }
  }
  return out;
}
