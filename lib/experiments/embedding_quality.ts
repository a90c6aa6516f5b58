/** How well an embedding keeps instruments and families together, on recordings that it was not trained on. */
import { fitLogisticRegression } from "../baselines/logistic_regression.ts";
import { fitNearestNeighbours } from "../baselines/nearest_neighbours.ts";
import { dot, rowAt, type Rows } from "../baselines/rows.ts";
import { bestLabels } from "../evaluation/metrics.ts";
import { takeRows } from "../evaluation/threshold.ts";
import { FAMILIES, INSTRUMENTS } from "../datasets/labels.ts";
import type { RunConfig } from "../train/config.ts";
import type { Predictor } from "../train/predictor.ts";
import type { Measures } from "./pretraining.ts";
import { logitsOf, type TrainingData } from "./training_data.ts";

/** Neighbours that vote. */
const NEIGHBOURS = 5;
/** Clips that become a network's input together. */
const PIECE = 512;

/** The family of each instrument, by the instrument's place among the labels. */
const FAMILY_OF = INSTRUMENTS.map((code) =>
  Object.values(FAMILIES).findIndex((family) => family.includes(code))
);

/** Numbers in at most so many parts of nearly one size. */
export function inPieces(indices: readonly number[], size: number): number[][] {
  const pieces = Math.ceil(indices.length / size);
  return Array.from({ length: pieces }, (_, k) => {
    const [from, end] = [k, k + 1].map((at) => Math.round(at * indices.length / pieces));
    return indices.slice(from, end);
  });
}

/** Shares of right answers: the instrument, and any of its family. */
export function agreement(
  answers: ArrayLike<number>,
  truth: ArrayLike<number>,
): { accuracy: number; familyAccuracy: number } {
  const n = truth.length, all = Array.from({ length: n }, (_, k) => k);
  const share = (right: (k: number) => boolean) => all.filter(right).length / n;
  return {
    accuracy: share((k) => answers[k] === truth[k]),
    familyAccuracy: share((k) => FAMILY_OF[answers[k]] === FAMILY_OF[truth[k]]),
  };
}

/**
 * Of each clip the nearest one of another recording, by the inner product.
 *
 * @param rows of length 1
 */
export function nearestElsewhere(rows: Rows, recordings: readonly string[]): Int32Array {
  return Int32Array.from(recordings, (own, row) => {
    let best = -1, highest = -Infinity;
    for (const [other, recording] of recordings.entries()) {
      if (recording === own) continue;
      const cosine = dot(rowAt(rows, row), rowAt(rows, other));
      if (cosine > highest) [best, highest] = [other, cosine];
    }
    return best;
  });
}

/**
 * What a run of metric learning measures. After an epoch: whether a held-out clip's nearest neighbour among the held-out
 * clips of other recordings has its instrument, or is of its family. At the end: what five neighbours among the training
 * clips say, and what a logistic regression that was fitted to these says (the linear probe).
 */
export function measuresOfEmbedding(
  config: RunConfig,
  { clips, train, held }: TrainingData,
): Measures {
  const labelsOf = (indices: readonly number[]) => bestLabels(takeRows(clips.targets, indices));
  const embed = async (predict: Predictor, indices: readonly number[]): Promise<Rows> => {
    const parts: number[] = [];
    for (const piece of inPieces(indices, PIECE)) {
      for (const value of await logitsOf(predict, clips, { indices: piece, config })) {
        parts.push(value);
      }
    }
    return { values: Float64Array.from(parts), columns: parts.length / indices.length };
  };
  const truth = labelsOf(held), recordings = held.map((k) => clips.recordings[k]);
  return {
    async validate(predict) {
      const nearest = nearestElsewhere(await embed(predict, held), recordings);
      const { accuracy, familyAccuracy } = agreement(nearest.map((row) => truth[row]), truth);
      return {
        "validation/neighbourAccuracy": accuracy,
        "validation/neighbourFamilyAccuracy": familyAccuracy,
      };
    },
    async evaluate(predict) {
      const [known, asked] = [await embed(predict, train), await embed(predict, held)];
      const labels = labelsOf(train), classes = INSTRUMENTS.length;
      const neighbours = fitNearestNeighbours(known, labels, { classes, k: NEIGHBOURS });
      const probe = fitLogisticRegression(known, labels, { classes });
      const answers = (scores: Float64Array) => agreement(bestLabels(scores), truth);
      return {
        objective: "metric",
        heldOut: {
          clips: held.length,
          neighbours: answers(neighbours.scores(asked)),
          probe: answers(probe.scores(asked)),
        },
      };
    },
  };
}
