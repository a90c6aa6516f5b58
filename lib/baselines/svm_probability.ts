/** Probabilities from the decisions of support vector machines (Platt, "Probabilistic Outputs for Support Vector Machines", 1999). */
import type { Rows } from "./rows.ts";
import {
  crossDecisions,
  fitMultilabelSvm,
  type MultilabelSvm,
  type MultilabelSvmOptions,
} from "./svm.ts";

/** The probability of a decision f is 1 / (1 + exp(slope f + offset)); the slope is below 0 where decisions tell something. */
export interface Sigmoid {
  slope: number;
  offset: number;
}

/** A decision's probability, in [0, 1]. */
export function sigmoidOf({ slope, offset }: Sigmoid, decision: number): number {
  return 1 / (1 + Math.exp(slope * decision + offset));
}

/** Where the search for a sigmoid ends: of the gradient's entries the larger, and steps. */
const FLAT = 1e-9, MOST_STEPS = 100;

/** Makes the curvature invertible where it vanishes. */
const RIDGE = 1e-12;

/**
 * Fits the sigmoid of largest likelihood by Newton's method with a line search (Lin, Lin and Weng, "A Note on Platt's
 * Probabilistic Outputs for Support Vector Machines", 2007). Targets are not 1 and 0 but what Platt's prior makes of
 * them, (positives + 1) / (positives + 2) and 1 / (negatives + 2): decisions that part the rows perfectly must not
 * become certainty.
 *
 * @param decisions of rows that the machine did not learn from, else the probabilities are too sure
 * @param targets 1 or 0, one a decision
 * @throws RangeError when the numbers differ, there are none, or a decision is not finite
 */
export function fitSigmoid(decisions: ArrayLike<number>, targets: ArrayLike<number>): Sigmoid {
  const count = decisions.length;
  if (count === 0 || targets.length !== count) {
    throw new RangeError(
      `cannot fit a sigmoid to ${count} decisions with ${targets.length} targets`,
    );
  }
  let positives = 0;
  for (let k = 0; k < count; k++) {
    if (!Number.isFinite(decisions[k])) {
      throw new RangeError(`cannot fit a sigmoid to decision ${k}: it is ${decisions[k]}`);
    }
    positives += targets[k] ? 1 : 0;
  }
  const negatives = count - positives;
  const aims = [1 / (negatives + 2), (positives + 1) / (positives + 2)];

  /** Cross-entropy with its gradient and curvature. */
  const look = (slope: number, offset: number) => {
    let loss = 0, bySlope = 0, byOffset = 0, slopes = RIDGE, mixed = 0, offsets = RIDGE;
    for (let k = 0; k < count; k++) {
      const f = decisions[k], aim = aims[targets[k] ? 1 : 0], z = slope * f + offset;
      // log(1 + exp(z)) - (1 - aim) z, which overflows on neither side
      loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - (1 - aim) * z;
      const p = 1 / (1 + Math.exp(z)), pull = aim - p, bend = p * (1 - p);
      bySlope += pull * f;
      byOffset += pull;
      slopes += bend * f * f;
      mixed += bend * f;
      offsets += bend;
    }
    return { loss, bySlope, byOffset, slopes, mixed, offsets };
  };

  let slope = 0, offset = Math.log((negatives + 1) / (positives + 1)), at = look(slope, offset);
  for (let k = 0; k < MOST_STEPS; k++) {
    if (Math.max(Math.abs(at.bySlope), Math.abs(at.byOffset)) < FLAT * count) break;
    const determinant = at.slopes * at.offsets - at.mixed ** 2;
    const dSlope = (at.mixed * at.byOffset - at.offsets * at.bySlope) / determinant;
    const dOffset = (at.mixed * at.bySlope - at.slopes * at.byOffset) / determinant;
    const descent = at.bySlope * dSlope + at.byOffset * dOffset;
    let step = 1, next = look(slope + dSlope, offset + dOffset);
    for (; next.loss > at.loss + 1e-4 * step * descent && step > 1e-10; step /= 2) {
      next = look(slope + step / 2 * dSlope, offset + step / 2 * dOffset);
    }
    if (!(next.loss < at.loss)) break; // as low as double precision shows
    slope += step * dSlope;
    offset += step * dOffset;
    at = next;
  }
  return { slope, offset };
}

/** Machines that also say how probable each label is. */
export interface ProbabilisticSvm extends MultilabelSvm {
  /** One a label. */
  sigmoids: Sigmoid[];
  /** Probabilities of the training rows by machines that did not learn from them, `rows x labels`. */
  outOfFold: Float64Array;
  /** `rows x labels`, in [0, 1]. */
  probabilities(rows: Rows): Float64Array;
}

/**
 * Fits a machine for every label, and a sigmoid to the decisions that machines of the other folds make, as scikit-learn's
 * `SVC(probability=True)` does; here the folds are given, so that recordings can be kept together.
 *
 * @param targets 0 or 1, `rows x labels`
 * @param options.folds the fold of every row
 * @throws RangeError as {@link fitMultilabelSvm} and {@link crossDecisions}
 */
export function fitProbabilisticSvm(
  training: Rows,
  targets: Uint8Array,
  { folds, ...options }: MultilabelSvmOptions & { folds: ArrayLike<number> },
): ProbabilisticSvm {
  const [held] = crossDecisions(training, targets, { ...options, Cs: [options.C], folds });
  const sigmoids = sigmoidsOf(held, targets, options.labels);
  const probable = (decisions: Float64Array) =>
    decisions.map((decision, k) => sigmoidOf(sigmoids[k % sigmoids.length], decision));
  const machine = fitMultilabelSvm(training, targets, options);
  return {
    ...machine,
    sigmoids,
    outOfFold: probable(held),
    probabilities: (rows) => probable(machine.decisions(rows)),
  };
}

function sigmoidsOf(decisions: Float64Array, targets: Uint8Array, labels: number): Sigmoid[] {
  return Array.from({ length: labels }, (_, label) => {
    const own = (_: number, k: number) => k % labels === label;
    return fitSigmoid(decisions.filter(own), targets.filter(own));
  });
}
