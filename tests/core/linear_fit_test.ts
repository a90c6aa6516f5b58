import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { type LinearFit, linearFit } from "lib/core/linear_fit.ts";

const { lines } = readJson<{ lines: (LinearFit & { x: number[]; y: number[] })[] }>(
  "tests/fixtures/statistics/relations.json",
);

Deno.test("lines have SciPy's slopes, intercepts, shares of variance and intervals", () => {
  for (const { x, y, ...expected } of lines) {
    const fit = linearFit(x, y);
    for (const [key, value] of Object.entries(expected)) {
      const own = fit[key as keyof LinearFit];
      // 10,000 to 10,001 leaves 12 of 16 digits of a place's distance from the mean
      assert.ok(Math.abs(own - value) < 1e-9 * Math.max(1e-3, Math.abs(value)), `${key}: ${own}`);
    }
  }
});

Deno.test("points on a line give it, with an interval of no width", () => {
  const { slope, intercept, r2, low, high } = linearFit([1, 2, 4], [5, 7, 11]);
  assert.deepEqual([slope, intercept, r2, low, high], [2, 3, 1, 2, 2]);
});

Deno.test("refuses what gives no line", () => {
  assert.throws(() => linearFit([1, 2], [1, 2]), /2 places and 2 values: 3 at least/);
  assert.throws(() => linearFit([1, 2, 3], [1, 2]), RangeError);
  assert.throws(() => linearFit([7, 7, 7], [1, 2, 3]), /3 points, all at 7/);
});
