/** Support vector machines (Cortes and Vapnik, 1995) by sequential minimal optimisation. */
import { type Classifier, rowAt, rowCount, type Rows, selectRows } from "./rows.ts";

/** Options of {@link fitSvm}. */
export interface SvmOptions {
  /** Number of classes. */
  classes: number;
  /** Weight of the margin's violations. */
  C: number;
  /** `rbf`: exp(-gamma |a - b|^2); `linear`: the inner product. Default `rbf`. */
  kernel?: "rbf" | "linear";
  /** Default: 1 / (columns x variance of all values), scikit-learn's "scale". */
  gamma?: number;
  /** Largest violation of the optimality conditions at the end. Default 1e-3, as LIBSVM's. */
  tolerance?: number;
}

/** A machine that parts two classes: the decision is sum of coefficients x kernel + intercept. */
export interface BinarySvm {
  /** The training rows that are support vectors. */
  support: Int32Array;
  /** alpha x (+1 or -1) of every support vector. */
  coefficients: Float64Array;
  intercept: number;
}

/** A fitted machine for many classes: one for every pair of classes a < b, in this order. */
export interface Svm extends Classifier {
  pairs: BinarySvm[];
}

/** Kernel values of one row with the first `count` of many. */
type Kernel = (x: Float64Array, rows: Rows, count: number) => Float64Array;

/** scikit-learn's default width of the RBF kernel. */
export function scaleGamma({ values, columns }: Rows): number {
  let sum = 0, squares = 0;
  for (const x of values) {
    sum += x;
    squares += x * x;
  }
  const mean = sum / values.length;
  return 1 / (columns * (squares / values.length - mean * mean));
}

const linear: Kernel = (x, { values, columns }, count) => {
  const out = new Float64Array(count);
  for (let row = 0, at = 0; row < count; row++) {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += x[k] * values[at++];
    out[row] = sum;
  }
  return out;
};

const rbf = (gamma: number): Kernel => (x, { values, columns }, count) => {
  const out = new Float64Array(count);
  for (let row = 0, at = 0; row < count; row++) {
    let sum = 0;
    for (let k = 0; k < columns; k++) {
      const difference = x[k] - values[at++];
      sum += difference * difference;
    }
    out[row] = Math.exp(-gamma * sum);
  }
  return out;
};

/**
 * Solves the dual problem of two classes. The pair to change is chosen by second-order information (Fan,
 * Chen and Lin, 2005), as LIBSVM does; the whole kernel matrix is kept: a few thousand rows at the most.
 *
 * @param signs +1 or -1, one a row
 * @returns alpha of every row, and the intercept
 */
function solve(
  rows: Rows,
  signs: Int8Array,
  { kernel, C, tolerance }: { kernel: Kernel; C: number; tolerance: number },
): { alpha: Float64Array; intercept: number } {
  const n = rowCount(rows);
  const K = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = kernel(rowAt(rows, i), rows, i + 1);
    for (let j = 0; j <= i; j++) K[i * n + j] = K[j * n + i] = row[j];
  }
  const alpha = new Float64Array(n);
  // -sign x gradient of the dual: optimal when no row that can go up is above one that can go down.
  const drive = Float64Array.from(signs);
  for (;;) {
    let i = -1, highest = -Infinity;
    for (let k = 0; k < n; k++) {
      if (drive[k] > highest && (signs[k] > 0 ? alpha[k] < C : alpha[k] > 0)) {
        i = k;
        highest = drive[k];
      }
    }
    let j = -1, lowest = Infinity, gain = 0;
    for (let k = 0; k < n; k++) {
      if (!(signs[k] > 0 ? alpha[k] > 0 : alpha[k] < C)) continue;
      if (drive[k] < lowest) lowest = drive[k];
      if (i < 0 || drive[k] >= highest) continue;
      const curvature = Math.max(K[i * n + i] + K[k * n + k] - 2 * K[i * n + k], 1e-12);
      const descent = (highest - drive[k]) ** 2 / curvature;
      if (descent > gain) {
        j = k;
        gain = descent;
      }
    }
    if (j < 0 || highest - lowest <= tolerance) {
      return { alpha, intercept: (highest + lowest) / 2 };
    }
    const curvature = Math.max(K[i * n + i] + K[j * n + j] - 2 * K[i * n + j], 1e-12);
    const step = Math.min(
      (highest - drive[j]) / curvature,
      signs[i] > 0 ? C - alpha[i] : alpha[i],
      signs[j] > 0 ? alpha[j] : C - alpha[j],
    );
    alpha[i] = bounded(alpha[i] + signs[i] * step, C);
    alpha[j] = bounded(alpha[j] - signs[j] * step, C);
    for (let k = 0; k < n; k++) drive[k] -= step * (K[i * n + k] - K[j * n + k]);
  }
}

/** Rounding must not leave a coefficient a hair inside its bounds. */
function bounded(x: number, C: number): number {
  if (x < 1e-12 * C) return 0;
  return x > C * (1 - 1e-12) ? C : x;
}

/**
 * Fits a machine for every pair of classes; the scores are shares of the votes, a tie goes to the class
 * that comes first.
 *
 * @param labels class numbers, one a row
 * @throws RangeError when labels and rows do not fit, or C is not positive
 */
export function fitSvm(training: Rows, labels: ArrayLike<number>, options: SvmOptions): Svm {
  const { classes, C, kernel: name = "rbf", gamma, tolerance = 1e-3 } = options;
  if (labels.length !== rowCount(training)) {
    throw new RangeError(`cannot fit ${rowCount(training)} rows with ${labels.length} labels`);
  }
  if (!(C > 0)) throw new RangeError(`cannot fit a support vector machine with C = ${C}`);
  const kernel = name === "linear" ? linear : rbf(gamma ?? scaleGamma(training));
  const members: number[][] = Array.from({ length: classes }, () => []);
  for (let row = 0; row < labels.length; row++) members[labels[row]].push(row);

  const fitPair = (a: number, b: number): BinarySvm => {
    const chosen = [...members[a], ...members[b]];
    const signs = Int8Array.from(chosen, (row) => labels[row] === a ? 1 : -1);
    const rows = selectRows(training, chosen);
    const { alpha, intercept } = solve(rows, signs, { kernel, C, tolerance });
    const kept = [...alpha.keys()].filter((k) => alpha[k] > 0);
    return {
      support: Int32Array.from(kept, (k) => chosen[k]),
      coefficients: Float64Array.from(kept, (k) => alpha[k] * signs[k]),
      intercept,
    };
  };
  const classPairs: [number, number][] = [];
  for (let a = 0; a < classes; a++) {
    for (let b = a + 1; b < classes; b++) classPairs.push([a, b]);
  }
  const pairs = classPairs.map(([a, b]) => fitPair(a, b));
  return {
    pairs,
    scores(rows) {
      const out = new Float64Array(rowCount(rows) * classes);
      for (let row = 0; row < rowCount(rows); row++) {
        const values = kernel(rowAt(rows, row), training, labels.length);
        pairs.forEach(({ support, coefficients, intercept }, pair) => {
          let decision = intercept;
          for (let k = 0; k < support.length; k++) decision += coefficients[k] * values[support[k]];
          out[row * classes + classPairs[pair][decision > 0 ? 0 : 1]] += 1 / pairs.length;
        });
      }
      return out;
    },
  };
}
