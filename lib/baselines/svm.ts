/** Support vector machines (Cortes and Vapnik, 1995) by sequential minimal optimisation. */
import { InnerProducts } from "./inner_products.ts";
import { type Classifier, rowAt, rowCount, type Rows } from "./rows.ts";
import { DualSolver } from "./svm_solver.ts";

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

/** Kernel values with the rows that a machine learns from. */
class Kernel {
  readonly #products: InnerProducts;
  readonly #norms: Float64Array;
  /** 0: the inner products themselves. */
  readonly #gamma: number;

  constructor(rows: Rows, gamma: number) {
    this.#products = new InnerProducts(rows);
    this.#gamma = gamma;
    this.#norms = Float64Array.from(
      { length: rowCount(rows) },
      (_, k) => squaredNorm(rowAt(rows, k)),
    );
  }

  /** Writes a row's values with as many of the first rows as there is place for. */
  fill(row: Float64Array, into: Float32Array | Float64Array): void {
    const products = this.#products.with(row, into.length), gamma = this.#gamma;
    if (gamma === 0) return into.set(products);
    const norm = squaredNorm(row), norms = this.#norms;
    for (let k = 0; k < into.length; k++) {
      into[k] = Math.exp(gamma * (2 * products[k] - norms[k] - norm));
    }
  }
}

function squaredNorm(row: Float64Array): number {
  let sum = 0;
  for (const x of row) sum += x * x;
  return sum;
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
  const count = labels.length;
  const kernel = new Kernel(training, name === "linear" ? 0 : gamma ?? scaleGamma(training));
  const solver = new DualSolver(count, (row, into) => kernel.fill(rowAt(training, row), into));
  const members: number[][] = Array.from({ length: classes }, () => []);
  for (let row = 0; row < count; row++) members[labels[row]].push(row);

  const fitPair = (a: number, b: number): BinarySvm => {
    const chosen = Int32Array.from([...members[a], ...members[b]]);
    const signs = Int8Array.from(chosen, (row) => labels[row] === a ? 1 : -1);
    const { alpha, intercept } = solver.solve(chosen, signs, { C, tolerance });
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
      const values = new Float64Array(count);
      for (let row = 0; row < rowCount(rows); row++) {
        kernel.fill(rowAt(rows, row), values);
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
