/** Logistic regression with an L2 penalty: multinomial, or of one logit where there are two classes. */
import { minimize } from "./lbfgs.ts";
import { RowProducts } from "./row_products.ts";
import { type Classifier, rowAt, rowCount, type Rows } from "./rows.ts";

/** Options of {@link fitLogisticRegression}. */
export interface LogisticRegressionOptions {
  /** Number of classes, at least 2. */
  classes: number;
  /** Weight of the data against the penalty, above 0. Default 1. */
  C?: number;
  /** How much each row counts, at least 0. Default: 1 each. */
  sampleWeights?: ArrayLike<number>;
  /** Largest entry of the gradient of the mean loss at the end. Default 1e-6. */
  tolerance?: number;
  maxIterations?: number;
}

/** A fitted model. */
export interface LogisticRegression extends Classifier {
  /** `logits x columns`: one logit a class, but of two classes only that of the second one. */
  weights: Float64Array;
  /** One a logit. */
  intercepts: Float64Array;
  /** The mean loss and the penalty's share in it, at the end. */
  objective: number;
  iterations: number;
  converged: boolean;
}

/** Turns a row of logits into probabilities, in place; returns the logarithm of their exponentials' sum. */
function softmax(row: Float64Array): number {
  let top = row[0], sum = 0;
  for (let c = 1; c < row.length; c++) if (row[c] > top) top = row[c];
  for (let c = 0; c < row.length; c++) sum += row[c] = Math.exp(row[c] - top);
  for (let c = 0; c < row.length; c++) row[c] /= sum;
  return top + Math.log(sum);
}

/**
 * Fits the model that minimises C x the sum of the cross-entropies, each times its sample's weight, + half the squared
 * norm of the weights; intercepts are not penalised. This is scikit-learn's objective, and its stopping rule (its
 * `tol` is our tolerance).
 *
 * @param labels class numbers, one a row
 * @throws RangeError when labels, weights and rows do not fit, a label is no class, or C is not above 0
 */
export function fitLogisticRegression(
  rows: Rows,
  labels: ArrayLike<number>,
  options: LogisticRegressionOptions,
): LogisticRegression {
  const { classes, C = 1, sampleWeights, tolerance = 1e-6, maxIterations = 1000 } = options;
  check(rows, labels, options);
  const count = rowCount(rows), { columns } = rows;
  // of two classes the first one's logit is 0
  const free = classes === 2 ? 1 : classes, fixed = classes - free;
  const size = free * columns;
  const share = shares(count, sampleWeights);
  const scale = 1 / (C * share.total);
  const products = new RowProducts(rows, free), row = new Float64Array(classes);

  const objective = (parameters: Float64Array, gradient: Float64Array) => {
    const intercepts = parameters.subarray(size), slopes = gradient.subarray(size).fill(0);
    let loss = 0;
    // from the logits of row n to the loss's derivatives by them
    const turn = (scores: Float64Array, n: number) => {
      const weight = share.of(n), label = labels[n];
      row.fill(0);
      for (let c = 0; c < free; c++) row[fixed + c] = scores[c] + intercepts[c];
      const own = row[label];
      loss += weight * (softmax(row) - own);
      row[label] -= 1;
      for (let c = 0; c < free; c++) slopes[c] += scores[c] = weight * row[fixed + c];
    };
    products.pass(parameters, { totals: gradient, turn });
    let norm = 0;
    for (let k = 0; k < size; k++) {
      norm += parameters[k] ** 2;
      gradient[k] += scale * parameters[k];
    }
    return loss + scale * norm / 2;
  };

  const start = new Float64Array(size + free);
  const { x: parameters, value, iterations, converged } = minimize(objective, start, {
    tolerance,
    maxIterations,
  });
  const weights = parameters.slice(0, size), intercepts = parameters.slice(size);
  return {
    weights,
    intercepts,
    objective: value,
    iterations,
    converged,
    scores(rows) {
      const out = new Float64Array(rowCount(rows) * classes);
      for (let n = 0; n < rowCount(rows); n++) {
        const target = out.subarray(n * classes, (n + 1) * classes), x = rowAt(rows, n);
        for (let c = 0; c < free; c++) {
          let sum = intercepts[c];
          for (let k = 0; k < columns; k++) sum += weights[c * columns + k] * x[k];
          target[fixed + c] = sum;
        }
        softmax(target);
      }
      return out;
    },
  };
}

/** Each row's share of all weight. */
function shares(count: number, weights?: ArrayLike<number>) {
  if (!weights) return { total: count, of: () => 1 / count };
  let total = 0;
  for (let n = 0; n < count; n++) total += weights[n];
  return { total, of: (n: number) => weights[n] / total };
}

function check(
  rows: Rows,
  labels: ArrayLike<number>,
  { classes, C = 1, sampleWeights }: LogisticRegressionOptions,
): void {
  const count = rowCount(rows);
  if (labels.length !== count) {
    throw new RangeError(`cannot fit ${count} rows with ${labels.length} labels`);
  }
  if (sampleWeights && sampleWeights.length !== count) {
    throw new RangeError(`cannot fit ${count} rows with ${sampleWeights.length} weights`);
  }
  if (!(C > 0)) throw new RangeError(`cannot fit with C = ${C}: it must be above 0`);
  for (let n = 0; n < count; n++) {
    if (!(Number.isInteger(labels[n]) && labels[n] >= 0 && labels[n] < classes)) {
      throw new RangeError(
        `cannot fit row ${n} with label ${labels[n]}: classes are 0 to ${classes - 1}`,
      );
    }
  }
}
