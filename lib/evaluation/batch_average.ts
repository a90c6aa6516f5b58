/** The document's "validation F1": macro-F1 within each batch, averaged over the batches. No measure of a whole set. */
import { INSTRUMENTS } from "../datasets/labels.ts";
import { countOutcomes, macroF1, type Matrix } from "./metrics.ts";

/**
 * Macro-F1 of consecutive batches, averaged by their rows, as a training step that logs its metric does.
 *
 * A label that a batch neither has nor is given counts as 0 (as in torchmetrics), so that a perfect system scores the mean
 * share of labels that occur in a batch: what comes out depends on the size of the batches and on the order of the rows.
 *
 * @param decisions 0 or 1, `[rows, labels]`
 * @param targets 0 or 1, same shape
 * @param options.order the rows' numbers, as they come. Default: as they stand
 * @throws RangeError when the shapes do not fit
 */
export function batchAveragedF1(
  decisions: Matrix,
  targets: Matrix,
  { batchSize, labels = INSTRUMENTS.length, order = rowNumbers(targets.length / labels) }: {
    batchSize: number;
    labels?: number;
    order?: ArrayLike<number>;
  },
): number {
  let sum = 0;
  for (let first = 0; first < order.length; first += batchSize) {
    const rows = Array.from(order).slice(first, first + batchSize);
    const taken = (matrix: Matrix) =>
      rows.flatMap((row) => Array.from({ length: labels }, (_, k) => matrix[row * labels + k]));
    sum += rows.length * macroF1(countOutcomes(taken(decisions), taken(targets), { labels }));
  }
  return sum / order.length;
}

const rowNumbers = (count: number) => Int32Array.from({ length: count }, (_, k) => k);
