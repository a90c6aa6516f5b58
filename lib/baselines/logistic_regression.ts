/** Multinomial logistic regression with an L2 penalty. */
import { minimize } from "./lbfgs.ts";
import { type Classifier, rowCount, type Rows } from "./rows.ts";

/** Options of {@link fitLogisticRegression}. */
export interface LogisticRegressionOptions {
  /** Number of classes. */
  classes: number;
  /** Weight of the data against the penalty. Default 1. */
  C?: number;
  /** Largest entry of the gradient of the mean loss at the end. Default 1e-6. */
  tolerance?: number;
  maxIterations?: number;
}

/** A fitted model. */
export interface LogisticRegression extends Classifier {
  /** `classes x columns`. */
  weights: Float64Array;
  /** One a class. */
  intercepts: Float64Array;
  converged: boolean;
}

/** Turns a row of logits into probabilities, in place; returns the logarithm of their exponentials' sum. */
function softmax(row: Float64Array): number {
  const top = row.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (let c = 0; c < row.length; c++) sum += row[c] = Math.exp(row[c] - top);
  for (let c = 0; c < row.length; c++) row[c] /= sum;
  return top + Math.log(sum);
}

/** Logits of a row: weights (`classes x columns`), then intercepts, in one parameter vector. */
function logits(parameters: Float64Array, x: Float64Array, out: Float64Array): void {
  const columns = x.length, classes = out.length;
  for (let c = 0; c < classes; c++) {
    let sum = parameters[classes * columns + c];
    for (let k = 0; k < columns; k++) sum += parameters[c * columns + k] * x[k];
    out[c] = sum;
  }
}

/**
 * Fits the model that minimises C x sum of the cross-entropies + half the squared norm of the weights;
 * intercepts are not penalised. This is scikit-learn's objective.
 *
 * @param labels class numbers, one a row
 * @throws RangeError when labels and rows do not fit
 */
export function fitLogisticRegression(
  rows: Rows,
  labels: ArrayLike<number>,
  { classes, C = 1, tolerance = 1e-6, maxIterations = 1000 }: LogisticRegressionOptions,
): LogisticRegression {
  const { values, columns } = rows, count = rowCount(rows);
  if (labels.length !== count) {
    throw new RangeError(`cannot fit ${count} rows with ${labels.length} labels`);
  }
  const size = classes * columns, scale = 1 / (C * count);
  const row = new Float64Array(classes);
  const objective = (parameters: Float64Array, gradient: Float64Array) => {
    let loss = 0;
    for (let n = 0; n < count; n++) {
      const x = values.subarray(n * columns, (n + 1) * columns);
      logits(parameters, x, row);
      const own = row[labels[n]];
      loss += softmax(row) - own;
      row[labels[n]] -= 1;
      for (let c = 0; c < classes; c++) {
        const error = row[c] / count;
        for (let k = 0; k < columns; k++) gradient[c * columns + k] += error * x[k];
        gradient[size + c] += error;
      }
    }
    let norm = 0;
    for (let k = 0; k < size; k++) {
      norm += parameters[k] ** 2;
      gradient[k] += scale * parameters[k];
    }
    return loss / count + scale * norm / 2;
  };
  const start = new Float64Array(size + classes);
  const { x: parameters, converged } = minimize(objective, start, { tolerance, maxIterations });
  return {
    weights: parameters.slice(0, size),
    intercepts: parameters.slice(size),
    converged,
    scores(rows) {
      const out = new Float64Array(rowCount(rows) * classes);
      for (let n = 0; n < rowCount(rows); n++) {
        const target = out.subarray(n * classes, (n + 1) * classes);
        logits(parameters, rows.values.subarray(n * columns, (n + 1) * columns), target);
        softmax(target);
      }
      return out;
    },
  };
}
