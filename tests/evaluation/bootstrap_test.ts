import assert from "node:assert/strict";
import { mean, variance } from "lib/core/statistics.ts";
import { type Random, randomFrom } from "lib/core/random.ts";
import { bootstrapInterval, bootstrapIntervals } from "lib/evaluation/bootstrap.ts";
import { weightedMean } from "lib/evaluation/metrics.ts";

const holds = ({ low, high }: { low: number; high: number }, truth: number) =>
  low <= truth && truth <= high;

/** 80 groups of 1 to 8 rows that are alike: standard deviation 1 between groups, 0.5 within; mean 0. */
function clustered(random: Random) {
  const groups: number[] = [], values: number[] = [];
  for (let group = 0; group < 80; group++) {
    const centre = random.normal();
    for (let rows = random.integer(1, 9); rows > 0; rows--) {
      groups.push(group);
      values.push(centre + random.normal(0, 0.5));
    }
  }
  return { groups, values };
}

Deno.test("an interval over groups holds the truth about as often as it says, one over rows does not", () => {
  const trials = 400;
  let byGroup = 0, byRow = 0;
  for (let trial = 0; trial < trials; trial++) {
    const random = randomFrom("bootstrap", "coverage", trial);
    const { groups, values } = clustered(random);
    const statistic = (weights: Float64Array) => weightedMean(values, weights);
    const options = { random, samples: 300 };
    if (holds(bootstrapInterval(statistic, { ...options, groups }), 0)) byGroup++;
    if (holds(bootstrapInterval(statistic, { ...options, groups: [...values.keys()] }), 0)) byRow++;
  }
  // percentile intervals of 80 groups hold 0.94 or so; three standard errors of 400 trials are 0.036
  assert.ok(byGroup / trials > 0.904 && byGroup / trials < 0.976, `by group ${byGroup / trials}`);
  // the design effect is about 4, so rows as groups give intervals half as long as they should be: 0.67
  assert.ok(byRow / trials < 0.8, `by row ${byRow / trials}`);
});

Deno.test("the deviation of the draws is the standard error that is known for a mean", () => {
  const random = randomFrom("bootstrap", "error");
  const values = Float64Array.from({ length: 400 }, () => random.normal(3, 2));
  const { value, low, high, groups } = bootstrapInterval(
    (weights) => weightedMean(values, weights),
    { groups: [...values.keys()], random, samples: 4000 },
  );
  const error = Math.sqrt(variance(values) / values.length);
  assert.ok(Math.abs(value - mean(values)) < 1e-12);
  assert.equal(groups, 400);
  // the 2.5 % point of 4,000 draws has a standard error of 0.042 of the deviation; five of them
  assert.ok(Math.abs((high - low) / (2 * 1.96 * error) - 1) < 0.11, `${high - low}, ${error}`);
});

Deno.test("a draw repeats whole groups, as often as there are groups", () => {
  const random = randomFrom("bootstrap", "draws");
  const groups = ["a", "b", "a", "c", "b", "a"];
  let draws = 0;
  bootstrapIntervals((weights) => {
    const [a, b, a2, c, b2, a3] = weights;
    assert.ok(a === a2 && a2 === a3 && b === b2);
    assert.equal(a + b + c, 3);
    draws++;
    return { value: weights[0] };
  }, { groups, random, samples: 50 });
  assert.equal(draws, 51);
});

Deno.test("equal seeds give equal intervals", () => {
  const { groups, values } = clustered(randomFrom("bootstrap", "equal"));
  const interval = (seed: number) =>
    bootstrapInterval((w) => weightedMean(values, w), { groups, random: randomFrom(seed) });
  assert.deepEqual(interval(1), interval(1));
  assert.notDeepEqual(interval(1), interval(2));
});

Deno.test("the bootstrap refuses one group", () => {
  assert.throws(
    () => bootstrapInterval(() => 0, { groups: ["a", "a"], random: randomFrom(0) }),
    /two are needed/,
  );
});
