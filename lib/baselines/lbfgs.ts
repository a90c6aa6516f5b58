/** Limited-memory BFGS (Nocedal, 1980) with a line search that ends on the weak Wolfe conditions. */
import { dot } from "./rows.ts";

/** Value of a function at a point; its gradient goes into the second array. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** Options of {@link minimize}. */
export interface MinimizeOptions {
  /** Stop when no entry of the gradient is larger than this in magnitude. Default 1e-5. */
  tolerance?: number;
  /** Default 1000. */
  maxIterations?: number;
  /** Pairs of steps and gradient changes that are remembered. Default 10. */
  memory?: number;
}

/** Where {@link minimize} ended. */
export interface Minimum {
  x: Float64Array;
  value: number;
  iterations: number;
  /** Whether the gradient went below the tolerance. */
  converged: boolean;
}

const largest = (a: Float64Array) => a.reduce((top, x) => Math.max(top, Math.abs(x)), 0);

interface Pair {
  step: Float64Array;
  change: Float64Array;
  curvature: number;
}

/** The quasi-Newton direction by the two-loop recursion. */
function direction(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const d = gradient.map((g) => -g);
  const alphas = pairs.map(() => 0);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { step, change, curvature } = pairs[k];
    alphas[k] = dot(step, d) / curvature;
    for (let i = 0; i < d.length; i++) d[i] -= alphas[k] * change[i];
  }
  const last = pairs.at(-1);
  const scale = last ? last.curvature / dot(last.change, last.change) : 1 / (1 + largest(gradient));
  for (let i = 0; i < d.length; i++) d[i] *= scale;
  pairs.forEach(({ step, change, curvature }, k) => {
    const beta = alphas[k] - dot(change, d) / curvature;
    for (let i = 0; i < d.length; i++) d[i] += beta * step[i];
  });
  return d;
}

/** Minimises a smooth function from a starting point. */
export function minimize(
  objective: Objective,
  start: Float64Array,
  { tolerance = 1e-5, maxIterations = 1000, memory = 10 }: MinimizeOptions = {},
): Minimum {
  let x = start.slice(), gradient = new Float64Array(x.length);
  let value = objective(x, gradient), iterations = 0;
  const pairs: Pair[] = [];
  for (; iterations < maxIterations && largest(gradient) > tolerance; iterations++) {
    const d = direction(gradient, pairs);
    const slope = dot(gradient, d);
    let low = 0, high = Infinity, t = 1, accepted = false;
    let nextX = x, nextValue = value, nextGradient = gradient;
    // Bisection between a step that is too short and one that is too long (Lewis and Overton, 2013).
    for (let trial = 0; trial < 50 && !accepted; trial++) {
      nextX = x.map((x, k) => x + t * d[k]);
      nextGradient = new Float64Array(x.length);
      nextValue = objective(nextX, nextGradient);
      const nextSlope = dot(nextGradient, d);
      // Where rounding hides the descent of the value, the slope shows it (Hager and Zhang, 2005).
      const descends = nextValue <= value + 1e-4 * t * slope ||
        nextValue <= value + 1e-14 * Math.abs(value) && nextSlope <= -0.9 * slope;
      if (!descends) high = t;
      else if (nextSlope < 0.9 * slope) low = t;
      else accepted = true;
      if (!accepted) t = high === Infinity ? 2 * t : (low + high) / 2;
    }
    if (!accepted) break;
    const step = nextX.map((a, k) => a - x[k]);
    const change = nextGradient.map((a, k) => a - gradient[k]);
    const curvature = dot(step, change);
    if (curvature > 0) pairs.push({ step, change, curvature });
    if (pairs.length > memory) pairs.shift();
    [x, value, gradient] = [nextX, nextValue, nextGradient];
  }
  return { x, value, iterations, converged: largest(gradient) <= tolerance };
}
