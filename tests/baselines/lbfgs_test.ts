import assert from "node:assert/strict";
import { minimize } from "lib/baselines/lbfgs.ts";

Deno.test("the minimum of Rosenbrock's valley", () => {
  const { x, value, converged } = minimize(([a, b], gradient) => {
    gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
    gradient[1] = 200 * (b - a * a);
    return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
  }, Float64Array.of(-1.2, 1));
  assert.ok(converged);
  assert.ok(Math.abs(x[0] - 1) < 1e-5 && Math.abs(x[1] - 1) < 1e-5 && value < 1e-10);
});

Deno.test("a quadratic of very different curvatures, in any start", () => {
  const curvature = [1e-3, 1, 1e3];
  for (const start of [[5, 5, 5], [-100, 0.1, 3], [0, 0, 0]]) {
    const { x, iterations } = minimize(
      (x, gradient) => {
        curvature.forEach((c, k) => gradient[k] = c * (x[k] - k));
        return curvature.reduce((sum, c, k) => sum + c * (x[k] - k) ** 2 / 2, 0);
      },
      Float64Array.from(start),
      { tolerance: 1e-8 },
    );
    x.forEach((value, k) => assert.ok(Math.abs(value - k) < 1e-4));
    assert.ok(iterations < 60, `${iterations} iterations`);
  }
});

Deno.test("too few iterations: said so", () => {
  const { converged, iterations } = minimize(
    (x, gradient) => {
      gradient[0] = 4 * x[0] ** 3;
      return x[0] ** 4;
    },
    Float64Array.of(100),
    { maxIterations: 2 },
  );
  assert.deepEqual([converged, iterations], [false, 2]);
});
