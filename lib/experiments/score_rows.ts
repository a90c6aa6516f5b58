/** Probabilities as a run's result keeps them. */
import { INSTRUMENTS } from "../datasets/labels.ts";

/** What lies below is 0: no threshold is tuned there. */
const LEAST_DECIMALS = 5;

/**
 * Rows of probabilities, rounded: to decimals where the best instrument of a clip is what counts, to significant digits
 * (and five decimals) where small ones do. Of mixtures the best thresholds lie between 0.001 and 0.1.
 *
 * @param probabilities `[rows, 11]`
 */
export function scoreRows(
  probabilities: Float32Array,
  precision: { decimals: number } | { digits: number },
): number[][] {
  const n = INSTRUMENTS.length;
  const round = (p: number) =>
    "decimals" in precision
      ? Number(p.toFixed(precision.decimals))
      : Number(Number(p.toPrecision(precision.digits)).toFixed(LEAST_DECIMALS));
  return Array.from(
    { length: probabilities.length / n },
    (_, row) => Array.from(probabilities.subarray(row * n, (row + 1) * n), round),
  );
}
