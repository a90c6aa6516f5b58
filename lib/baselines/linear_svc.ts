/** Linear support vector machines in their primal form, with squared violations: liblinear's (Fan et al., 2008). */
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { dot, rowCount, type Rows } from "./rows.ts";

/** Options of {@link fitLinearSvc}. */
export interface LinearSvcOptions {
  /** Weight of the violations. */
  C: number;
  /** The gradient's norm at the end, as a share of that at zero. Default: 1e-9. */
  tolerance?: number;
  /** Default: 100. */
  maxIterations?: number;
}

/** A fitted machine: the decision is the inner product with the weights, and the intercept. */
export interface LinearSvc {
  weights: Float64Array;
  intercept: number;
  iterations: number;
  /** Whether the gradient came below the tolerance. */
  converged: boolean;
}

/** Halvings of a step before it is said that there is no descent any more. */
const MOST_HALVINGS = 40;

/**
 * Minimises |w|^2 / 2 + b^2 / 2 + C sum max(0, 1 - sign (w x + b))^2 by Newton's method with a line search (Keerthi and
 * DeCoste, "A Modified Finite Newton Method for Fast Solution of Large Scale Linear SVMs", 2005). As in liblinear, the
 * intercept is the weight of a column of ones, and is kept small like the others.
 *
 * @param signs +1 or -1, one a row
 * @throws RangeError when signs and rows do not fit, or C is not positive
 */
export function fitLinearSvc(
  rows: Rows,
  signs: ArrayLike<number>,
  { C, tolerance = 1e-9, maxIterations = 100 }: LinearSvcOptions,
): LinearSvc {
  const count = rowCount(rows), size = rows.columns + 1;
  if (signs.length !== count) {
    throw new RangeError(`cannot fit ${count} rows with ${signs.length} signs`);
  }
  if (!(C > 0)) throw new RangeError(`cannot fit a support vector machine with C = ${C}`);
  const problem = { rows, signs, C };
  let w = new Float64Array(size), state = evaluate(problem, w);
  const goal = tolerance * norm(state.gradient);
  let iterations = 0;
  for (; norm(state.gradient) > goal && iterations < maxIterations; iterations++) {
    const direction = newtonDirection(problem, state), slope = dot(direction, state.gradient);
    let step = 1, next = moved(w, direction, step), found = evaluate(problem, next);
    for (let k = 0; k < MOST_HALVINGS && found.value > state.value + 1e-4 * step * slope; k++) {
      step /= 2;
      next = moved(w, direction, step);
      found = evaluate(problem, next);
    }
    if (!(found.value < state.value)) break; // as low as double precision shows
    [w, state] = [next, found];
  }
  return {
    weights: w.slice(0, rows.columns),
    intercept: w[rows.columns],
    iterations,
    converged: norm(state.gradient) <= goal,
  };
}

interface Problem {
  rows: Rows;
  signs: ArrayLike<number>;
  C: number;
}

/** What is known at a point. */
interface State {
  value: number;
  gradient: Float64Array;
  /** Rows that violate the margin. */
  violating: number[];
}

function evaluate({ rows: { values, columns }, signs, C }: Problem, w: Float64Array): State {
  const gradient = w.slice(), violating: number[] = [];
  let value = dot(w, w) / 2;
  for (let row = 0, at = 0; row < signs.length; row++, at += columns) {
    let decision = w[columns];
    for (let k = 0; k < columns; k++) decision += w[k] * values[at + k];
    const violation = 1 - signs[row] * decision;
    if (!(violation > 0)) continue;
    violating.push(row);
    value += C * violation * violation;
    const pull = -2 * C * violation * signs[row];
    for (let k = 0; k < columns; k++) gradient[k] += pull * values[at + k];
    gradient[columns] += pull;
  }
  return { value, gradient, violating };
}

/** Solves for the minimum of the quadratic function that holds while the same rows violate the margin. */
function newtonDirection(
  { rows: { values, columns }, C }: Problem,
  { gradient, violating }: State,
): Float64Array {
  const size = columns + 1, hessian = new Float64Array(size * size), x = new Float64Array(size);
  x[columns] = 1;
  for (const row of violating) {
    x.set(values.subarray(row * columns, (row + 1) * columns));
    for (let i = 0; i < size; i++) {
      const xi = 2 * C * x[i];
      for (let j = 0; j <= i; j++) hessian[i * size + j] += xi * x[j];
    }
  }
  for (let i = 0; i < size; i++) hessian[i * (size + 1)] += 1;
  // columns of one scale: features differ by ten orders of magnitude
  const scale = Float64Array.from(gradient, (_, i) => 1 / Math.sqrt(hessian[i * (size + 1)]));
  const scaled = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = hessian[i * size + j] * scale[i] * scale[j];
      scaled.set(i, j, value);
      scaled.set(j, i, value);
    }
  }
  const right = Matrix.columnVector(Array.from(gradient, (g, i) => -g * scale[i]));
  const solved = new CholeskyDecomposition(scaled).solve(right);
  return Float64Array.from(scale, (s, i) => s * solved.get(i, 0));
}

function moved(w: Float64Array, direction: Float64Array, step: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(w, (x, k) => x + step * direction[k]);
}

const norm = (a: Float64Array) => Math.sqrt(dot(a, a));
