/** Support vector machines (Cortes and Vapnik, 1995) by sequential minimal optimisation. */
import { InnerProducts } from "./inner_products.ts";
import { type Classifier, dot, rowAt, rowCount, type Rows, selectRows } from "./rows.ts";
import { DualSolver } from "./svm_solver.ts";

/** What every support vector machine needs. */
export interface KernelSvmOptions {
  /** Weight of the margin's violations. */
  C: number;
  /** `rbf`: exp(-gamma |a - b|^2); `linear`: the inner product. Default `rbf`. */
  kernel?: "rbf" | "linear";
  /** Default: 1 / (columns x variance of all values), scikit-learn's "scale". */
  gamma?: number;
  /** Largest violation of the optimality conditions at the end. Default 1e-3, as LIBSVM's. */
  tolerance?: number;
}

/** Options of {@link fitSvm}. */
export interface SvmOptions extends KernelSvmOptions {
  /** Number of classes. */
  classes: number;
}

/** Options of {@link fitMultilabelSvm}. */
export interface MultilabelSvmOptions extends KernelSvmOptions {
  /** Number of labels. */
  labels: number;
}

/** Options of {@link crossDecisions}. */
export interface CrossDecisionsOptions extends Omit<MultilabelSvmOptions, "C"> {
  /** Weights of the violations; all are tried on one kernel matrix. */
  Cs: readonly number[];
  /** The fold of every row: any numbers, two different ones at least. */
  folds: ArrayLike<number>;
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
      (_, k) => dot(rowAt(rows, k), rowAt(rows, k)),
    );
  }

  /** Writes a row's values with as many of the first rows as there is place for. */
  fill(row: Float64Array, into: Float32Array | Float64Array): void {
    const products = this.#products.with(row, into.length), gamma = this.#gamma;
    if (gamma === 0) return into.set(products);
    const norm = dot(row, row), norms = this.#norms;
    for (let k = 0; k < into.length; k++) {
      into[k] = Math.exp(gamma * (2 * products[k] - norms[k] - norm));
    }
  }
}

/** Machines that learn from the same rows and share their kernel matrix: four bytes for every pair of rows. */
class Trainer {
  readonly #kernel: Kernel;
  readonly #solver: DualSolver;
  readonly #count: number;
  readonly #tolerance: number;

  constructor(training: Rows, options: Omit<KernelSvmOptions, "C">) {
    const { kernel = "rbf", gamma = scaleGamma(training), tolerance = 1e-3 } = options;
    if (!(gamma > 0)) {
      throw new RangeError(`cannot fit a support vector machine with gamma = ${gamma}`);
    }
    this.#count = rowCount(training);
    this.#tolerance = tolerance;
    const own = this.#kernel = new Kernel(training, kernel === "linear" ? 0 : gamma);
    this.#solver = new DualSolver(
      this.#count,
      (row, into) => own.fill(rowAt(training, row), into),
    );
  }

  /** Parts some rows by their signs. */
  fit(members: Int32Array, signs: Int8Array, C: number): BinarySvm {
    if (!(C > 0)) throw new RangeError(`cannot fit a support vector machine with C = ${C}`);
    const limits = { C, tolerance: this.#tolerance };
    const { alpha, intercept } = this.#solver.solve(members, signs, limits);
    const kept = [...alpha.keys()].filter((k) => alpha[k] > 0);
    return {
      support: Int32Array.from(kept, (k) => members[k]),
      coefficients: Float64Array.from(kept, (k) => alpha[k] * signs[k]),
      intercept,
    };
  }

  /** Every machine's decision on every row, `rows x machines`. */
  decide(machines: readonly BinarySvm[], rows: Rows): Float64Array {
    const out = new Float64Array(rowCount(rows) * machines.length);
    const values = new Float64Array(this.#count);
    for (let row = 0, at = 0; row < rowCount(rows); row++) {
      this.#kernel.fill(rowAt(rows, row), values);
      for (const { support, coefficients, intercept } of machines) {
        let decision = intercept;
        for (let k = 0; k < support.length; k++) decision += coefficients[k] * values[support[k]];
        out[at++] = decision;
      }
    }
    return out;
  }
}

/**
 * Fits a machine for every pair of classes; the scores are shares of the votes, a tie goes to the class
 * that comes first.
 *
 * @param labels class numbers, one a row
 * @throws RangeError when labels and rows do not fit, or C or gamma is not positive
 */
export function fitSvm(training: Rows, labels: ArrayLike<number>, options: SvmOptions): Svm {
  const { classes, C } = options;
  if (labels.length !== rowCount(training)) {
    throw new RangeError(`cannot fit ${rowCount(training)} rows with ${labels.length} labels`);
  }
  const trainer = new Trainer(training, options);
  const members: number[][] = Array.from({ length: classes }, () => []);
  for (let row = 0; row < labels.length; row++) members[labels[row]].push(row);
  const classPairs: [number, number][] = [];
  for (let a = 0; a < classes; a++) {
    for (let b = a + 1; b < classes; b++) classPairs.push([a, b]);
  }
  const pairs = classPairs.map(([a, b]) => {
    const chosen = Int32Array.from([...members[a], ...members[b]]);
    return trainer.fit(chosen, Int8Array.from(chosen, (row) => labels[row] === a ? 1 : -1), C);
  });
  return {
    pairs,
    scores(rows) {
      const out = new Float64Array(rowCount(rows) * classes);
      trainer.decide(pairs, rows).forEach((decision, k) => {
        const row = Math.floor(k / pairs.length), [a, b] = classPairs[k % pairs.length];
        out[row * classes + (decision > 0 ? a : b)] += 1 / pairs.length;
      });
      return out;
    },
  };
}

/** One machine a label, against all rows without it. */
export interface MultilabelSvm {
  machines: BinarySvm[];
  /** `rows x labels`: above 0 the label is given. */
  decisions(rows: Rows): Float64Array;
}

/**
 * Fits a machine for every label (M19).
 *
 * @param targets 0 or 1, `rows x labels`
 * @throws RangeError when targets and rows do not fit, or C or gamma is not positive
 */
export function fitMultilabelSvm(
  training: Rows,
  targets: Uint8Array,
  { labels, C, ...options }: MultilabelSvmOptions,
): MultilabelSvm {
  const count = checkedCount(training, targets, labels);
  const trainer = new Trainer(training, options);
  const all = Int32Array.from({ length: count }, (_, k) => k);
  const machines = Array.from(
    { length: labels },
    (_, label) => trainer.fit(all, signsOf(all, targets, { label, labels }), C),
  );
  return { machines, decisions: (rows) => trainer.decide(machines, rows) };
}

/**
 * What is decided about every row by machines that did not learn from it: each fold is held out in turn. The width of
 * the kernel, where none is given, is that of all rows, as in scikit-learn's own folds.
 *
 * @param targets 0 or 1, `rows x labels`
 * @returns `rows x labels` for each C
 * @throws RangeError when targets, folds and rows do not fit, there is one fold only, or C or gamma is not positive
 */
export function crossDecisions(
  training: Rows,
  targets: Uint8Array,
  { labels, Cs, folds, ...options }: CrossDecisionsOptions,
): Float64Array[] {
  const count = checkedCount(training, targets, labels), names = new Set(Array.from(folds));
  if (folds.length !== count || names.size < 2) {
    throw new RangeError(
      `cannot part ${count} rows by ${folds.length} places in ${names.size} folds`,
    );
  }
  const trainer = new Trainer(training, options), all = [...Array(count).keys()];
  const out = Cs.map(() => new Float64Array(count * labels));
  for (const name of names) {
    const members = Int32Array.from(all.filter((row) => folds[row] !== name));
    const held = all.filter((row) => folds[row] === name);
    const machines = Cs.flatMap((C) =>
      Array.from(
        { length: labels },
        (_, label) => trainer.fit(members, signsOf(members, targets, { label, labels }), C),
      )
    );
    const decisions = trainer.decide(machines, selectRows(training, held));
    decisions.forEach((decision, k) => {
      const row = held[Math.floor(k / machines.length)], machine = k % machines.length;
      out[Math.floor(machine / labels)][row * labels + machine % labels] = decision;
    });
  }
  return out;
}

/** How many rows there are. @throws RangeError when the targets are not as many. */
function checkedCount(training: Rows, targets: Uint8Array, labels: number): number {
  const count = rowCount(training);
  if (targets.length !== count * labels) {
    throw new RangeError(`cannot fit ${count} rows with ${targets.length} targets of ${labels}`);
  }
  return count;
}

/** +1 for members that have a label, -1 for the others. */
function signsOf(
  members: Int32Array,
  targets: Uint8Array,
  { label, labels }: { label: number; labels: number },
): Int8Array {
  return Int8Array.from(members, (row) => targets[row * labels + label] ? 1 : -1);
}
