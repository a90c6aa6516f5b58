import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { Random } from "lib/core/random.ts";
import { oneWayAnova } from "lib/evaluation/anova.ts";
import { holm } from "lib/evaluation/difference.ts";

interface Fixture {
  anova: { sizes: number[]; shift: number; f: number; p: number; omegaSquared: number }[];
}

const fixture = readJson<Fixture>("tests/fixtures/statistics/statistics.json");

Deno.test("F, p and omega squared are SciPy's", () => {
  for (const { sizes, shift, ...expected } of fixture.anova) {
    const groups = sizes.flatMap((size, g) => new Array<string>(size).fill(`group ${g}`));
    const values = sizes.flatMap((size, g) =>
      Array.from({ length: size }, (_, k) => Math.sin(1 + 7 * k + 3 * g) + shift * g * g)
    );
    const { f, p, omegaSquared, freedom } = oneWayAnova(values, groups);
    assert.deepEqual(freedom, [sizes.length - 1, values.length - sizes.length]);
    // differences of sums: a few of sixteen digits are lost
    assert.ok(Math.abs(f / expected.f - 1) < 1e-10, `F ${f} for ${expected.f}`);
    assert.ok(Math.abs(p - expected.p) <= 1e-9 * expected.p, `p ${p} for ${expected.p}`);
    assert.ok(Math.abs(omegaSquared - expected.omegaSquared) < 1e-10);
  }
});

Deno.test("where the groups do not differ, one of twenty tests says that they do", () => {
  const random = new Random("anova"), groups = Array.from({ length: 30 }, (_, k) => `${k % 3}`);
  const repetitions = 4000;
  let found = 0;
  for (let k = 0; k < repetitions; k++) {
    if (oneWayAnova(groups.map(() => random.normal()), groups).p < 0.05) found++;
  }
  // four standard errors
  assert.ok(Math.abs(found / repetitions - 0.05) < 4 * Math.sqrt(0.05 * 0.95 / repetitions));
});

Deno.test("a shift and a unit change nothing; equal values in each group explain all", () => {
  const values = [1, 2, 4, 3, 5, 9], groups = ["a", "a", "a", "b", "b", "b"];
  const { f, p } = oneWayAnova(values, groups);
  const moved = oneWayAnova(values.map((x) => 8 * x - 3), groups);
  assert.ok(Math.abs(moved.f / f - 1) < 1e-12 && Math.abs(moved.p / p - 1) < 1e-12);
  const exact = oneWayAnova([1, 1, 2, 2], ["a", "a", "b", "b"]);
  assert.deepEqual([exact.f, exact.p, exact.omegaSquared], [Infinity, 0, 1]);
});

Deno.test("refuses what cannot be compared", () => {
  assert.throws(() => oneWayAnova([1, 2], ["a"]), /2 values in 1 groups/);
  assert.throws(() => oneWayAnova([1, 2], ["a", "a"]), /1 groups of 2 values/);
  assert.throws(() => oneWayAnova([1, 2], ["a", "b"]), /more values than groups/);
  assert.throws(() => oneWayAnova([1, NaN, 2], ["a", "b", "b"]), /value 1 is NaN/);
});

Deno.test("Holm's correction, worked by hand: in their own order, never falling, never above one", () => {
  // sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1 and the running maximum
  const corrected = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((p, k) => assert.ok(Math.abs(corrected[k] - p) < 1e-15));
  assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
  assert.deepEqual(holm([]), []);
});

Deno.test("Holm's correction: with all hypotheses true, any of ten is rejected in at most 5 % of the cases", () => {
  const random = new Random("holm"), repetitions = 10000;
  let wrong = 0;
  for (let k = 0; k < repetitions; k++) {
    if (holm(Array.from({ length: 10 }, () => random.uniform())).some((p) => p < 0.05)) wrong++;
  }
  // 1 - 0.995^10 = 0.049 for independent tests; four standard errors
  const expected = 1 - 0.995 ** 10;
  assert.ok(Math.abs(wrong / repetitions - expected) < 4 * Math.sqrt(expected / repetitions));
});
