/** Choice of a support vector machine's kernel and C for each label, by machines that did not learn from what they decide. */
import type { Rows } from "./rows.ts";
import { crossDecisions, type KernelSvmOptions } from "./svm.ts";

/** A kernel that is tried. */
export type KernelChoice = Pick<KernelSvmOptions, "kernel" | "gamma">;

/** Options of {@link searchSvm}. */
export interface SvmSearchOptions {
  /** Number of labels. */
  labels: number;
  /** Each is tried with each C. */
  kernels: readonly KernelChoice[];
  Cs: readonly number[];
  /** The fold of every row; with clips of one recording in one fold the choice is not one that knows recordings. */
  folds: ArrayLike<number>;
  /** How good a label's decisions are, the more the better: e.g. average precision. */
  score: (decisions: Float64Array, targets: Uint8Array) => number;
  /** See {@link KernelSvmOptions}. */
  tolerance?: number;
}

/** A label's best machine. */
export interface SvmChoice extends KernelChoice {
  C: number;
  /** What it scores on the rows held out: of the best of many, so a little too high. */
  score: number;
  /** Every score, `kernels x Cs`. */
  scores: number[];
}

/**
 * Tries every kernel with every C, and gives each label its best; of equally good ones the first.
 *
 * @param targets 0 or 1, `rows x labels`
 * @throws RangeError when nothing is to be tried, and as {@link crossDecisions}
 */
export function searchSvm(
  training: Rows,
  targets: Uint8Array,
  { labels, kernels, Cs, folds, score, tolerance }: SvmSearchOptions,
): SvmChoice[] {
  if (kernels.length === 0 || Cs.length === 0) {
    throw new RangeError(`cannot choose of ${kernels.length} kernels and ${Cs.length} values of C`);
  }
  const column = <T extends Float64Array | Uint8Array>(matrix: T, label: number) =>
    matrix.filter((_, k) => k % labels === label) as T;
  const wanted = Array.from({ length: labels }, (_, label) => column(targets, label));
  // [kernels x Cs][labels]
  const scores = kernels.flatMap((kernel) =>
    crossDecisions(training, targets, { ...kernel, labels, Cs, folds, tolerance })
      .map((decisions) => wanted.map((own, label) => score(column(decisions, label), own)))
  );
  return wanted.map((_, label) => {
    const own = scores.map((row) => row[label]), best = own.indexOf(Math.max(...own));
    return {
      ...kernels[Math.floor(best / Cs.length)],
      C: Cs[best % Cs.length],
      score: own[best],
      scores: own,
    };
  });
}
