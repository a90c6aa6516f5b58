import assert from "node:assert/strict";
import {
  binomialTest,
  mean,
  skewness,
  standardDeviation,
  variance,
  wilsonInterval,
} from "lib/core/statistics.ts";
import { readJson } from "lib/core/files.ts";

interface BinomialCase {
  successes: number;
  trials: number;
  probability: number;
  greater: number;
  less: number;
  "two-sided": number;
}

const fixture = readJson<{ binomial: BinomialCase[] }>("tests/fixtures/published/published.json");

Deno.test("binomialTest gives SciPy's exact p-values", () => {
  for (const { successes, trials, probability, ...expected } of fixture.binomial) {
    for (const alternative of ["greater", "less", "two-sided"] as const) {
      const p = binomialTest(successes, trials, { probability, alternative });
      // Sums of logarithms up to 2476! lose about four of sixteen digits.
      const error = Math.abs(p / expected[alternative] - 1);
      assert.ok(error < 1e-10, `${successes} of ${trials}, ${alternative}: off by ${error}`);
    }
  }
});

Deno.test("binomialTest: the two one-sided tests overlap in the observed outcome alone", () => {
  const [greater, less] = (["greater", "less"] as const)
    .map((alternative) => binomialTest(4, 9, { alternative }));
  assert.ok(Math.abs(greater + less - 1 - 126 / 512) < 1e-12);
});

Deno.test("binomialTest refuses what is no count and no probability", () => {
  assert.throws(() => binomialTest(5, 4), RangeError);
  assert.throws(() => binomialTest(1.5, 4), RangeError);
  assert.throws(() => binomialTest(1, 4, { probability: 1 }), RangeError);
});

Deno.test("moments of a small list worked by hand", () => {
  const values = [1, 1, 1, 5];
  assert.equal(mean(values), 2);
  assert.equal(variance(values), 4);
  assert.equal(standardDeviation(values), 2);
  // m2 = 3, m3 = (-1 -1 -1 + 27) / 4 = 6
  assert.ok(Math.abs(skewness(values) - 6 / 3 ** 1.5) < 1e-15);
});

Deno.test("skewness changes its sign with the values, and does not change with their unit", () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  assert.ok(Math.abs(skewness(values) + skewness(values.map((x) => -x))) < 1e-14);
  assert.ok(Math.abs(skewness(values) - skewness(values.map((x) => 10 * x + 3))) < 1e-13);
});

interface Share {
  successes: number;
  trials: number;
  low: number;
  high: number;
}

Deno.test("Wilson's interval is SciPy's, and refuses what is no share", () => {
  const { shares } = readJson<{ shares: Share[] }>("tests/fixtures/statistics/statistics.json");
  for (const { successes, trials, ...expected } of shares) {
    const [low, high] = wilsonInterval(successes, trials);
    // a few roundings in double precision
    assert.ok(Math.abs(low - expected.low) < 1e-14 && Math.abs(high - expected.high) < 1e-14);
  }
  assert.throws(() => wilsonInterval(1, 0), RangeError);
  assert.throws(() => wilsonInterval(0, 0), RangeError);
});
