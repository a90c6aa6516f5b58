import assert from "node:assert/strict";
import { formatSeedMean, overSeeds } from "lib/evaluation/over_seeds.ts";

Deno.test("the interval of a mean over seeds is Student's", () => {
  // deviation 1, t(0.975, 2) = 4.302653 (tables): 2 +- 4.302653 / sqrt(3)
  const { mean, low, high } = overSeeds([3, 1, 2]);
  assert.equal(mean, 2);
  assert.ok(Math.abs(low! - (2 - 4.302653 / Math.sqrt(3))) < 1e-6);
  assert.ok(Math.abs(high! - (2 + 4.302653 / Math.sqrt(3))) < 1e-6);
  // equal seeds leave no doubt; a lower level leaves less
  assert.deepEqual(overSeeds([0.5, 0.5]), { mean: 0.5, low: 0.5, high: 0.5 });
  assert.ok(overSeeds([3, 1, 2], { level: 0.5 }).high! < high!);
});

Deno.test("one seed has no interval, and none has no mean", () => {
  assert.deepEqual(overSeeds([0.25]), { mean: 0.25 });
  assert.throws(() => overSeeds([]), /no seeds/);
});

Deno.test("a mean in words", () => {
  assert.equal(formatSeedMean({ mean: 0.5, low: 0.25, high: 0.75 }), "0.500 (0.250 to 0.750)");
  assert.equal(formatSeedMean({ mean: 0.5 }, 1), "0.5");
});
