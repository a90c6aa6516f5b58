import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import { randomFrom } from "lib/core/random.ts";
import { standardDeviation } from "lib/core/statistics.ts";
import { studentTail } from "lib/core/student.ts";
import {
  difference,
  differenceInterval,
  holm,
  meanDifference,
  seedDifference,
  smallestVisible,
} from "lib/evaluation/difference.ts";
import { influenceOf, influencesOnOutcomes, SharedGroups } from "lib/evaluation/influence.ts";
import { countOutcomes, macroF1 } from "lib/evaluation/metrics.ts";
import type { Coverage } from "../../bench/coverage.ts";
import {
  simulate,
  type Simulation,
  type Statistic,
  STATISTICS,
  truthOf,
} from "./simulated_runs.ts";

/** By make_difference.py: scikit-learn, statsmodels, scipy. */
const oracle = readJson<{
  labels: number;
  cases: {
    name: string;
    groups: (number | number[])[];
    targets: number[];
    decisions: [number[][], number[][]];
    firstInfluence: number[];
    expected: Record<string, number>;
  }[];
  clustered: { values: number[]; groups: number[]; groupCount: number; error: number };
  bootstrap: { values: number[]; error: number };
  holm: { ps: number[]; expected: number[] };
  visible: { freedom: number; level: number; expected: number }[];
  tails: { t: number; freedom: number; expected: number }[];
}>(projectPath("tests/fixtures/evaluation/difference.json"));

const near = (value: number, expected: number, tolerance: number, what = "") =>
  assert.ok(
    Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${what} ${value}, expected ${expected}`,
  );

const { labels } = oracle;
for (const { name, groups, targets, decisions, firstInfluence, expected } of oracle.cases) {
  Deno.test(`differences of macro-F1 as numpy and scipy have them: ${name}`, () => {
    const statistic = (own: number[]) => (weights: Float64Array) =>
      macroF1(countOutcomes(own, targets, { weights, labels }));
    const { byRow } = influenceOf(statistic(decisions[0][0]), groups.length);
    // a step of 1e-4 to one side, against both: the curvature of F1 of 40 rows is below 0.1
    byRow.forEach((x, row) => assert.ok(Math.abs(x - firstInfluence[row]) < 1e-5, `row ${row}`));
    const options = {
      decisions: Uint8Array.from(decisions[0][0]),
      targets: Uint8Array.from(targets),
      labels,
    };
    const { f1 } = influencesOnOutcomes((outcomes) => ({ f1: macroF1(outcomes) }), options);
    f1.byRow.forEach((x, row) => assert.ok(Math.abs(x - byRow[row]) < 2e-5, `row ${row}`));
    const [first, second] = decisions.map((runs) => runs.map(statistic));
    const found = differenceInterval([first, second], { groups });
    for (const [key, value] of Object.entries(expected)) {
      near(found[key as "value"], value, key === "freedom" ? 1e-3 : 1e-5, key);
    }
  });
}

Deno.test("the error of a mean over groups is statsmodels', and scipy's bootstrap's where rows are groups", () => {
  const { values, groups, groupCount, error } = oracle.clustered;
  const zeros = values.map(() => 0);
  const clustered = meanDifference([values], [zeros], { groups });
  near(clustered.error, error * Math.sqrt(groupCount / (groupCount - 1)), 1e-9);
  assert.equal(clustered.seedError, 0);
  const alone = oracle.bootstrap.values;
  const { error: ours } = meanDifference([alone], [alone.map(() => 0)], {
    groups: [...alone.keys()],
  });
  near(ours, standardDeviation(alone) / Math.sqrt(alone.length), 1e-9);
  // resampling divides by n, not n - 1 (0.8 % for 60), and 20,000 draws have an error of 0.5 %: four of them
  assert.ok(Math.abs(oracle.bootstrap.error / ours / Math.sqrt(59 / 60) - 1) < 0.02);
});

Deno.test("Holm's correction is statsmodels', tails of t are scipy's, visible differences those of the noncentral t", () => {
  holm(oracle.holm.ps).forEach((p, k) => near(p, oracle.holm.expected[k], 1e-12));
  assert.deepEqual(holm([]), []);
  assert.deepEqual(holm([0.03]), [0.03]);
  for (const { t, freedom, expected } of oracle.tails) {
    // relative; rounding of x near 1 is what a million degrees of freedom leave
    assert.ok(Math.abs(studentTail(t, freedom) / expected - 1) < (freedom > 1e5 ? 1e-6 : 1e-9));
  }
  for (const { freedom, level, expected } of oracle.visible) {
    const visible = smallestVisible({ error: 1, freedom }, { level });
    // what the comment says of the approximation
    assert.ok(visible > 0.97 * expected && visible < 1.001 * expected, `${visible} ${expected}`);
  }
});

Deno.test("a system compared with itself differs by nothing, a real difference is found", () => {
  const random = randomFrom("difference", "self");
  const values = Float64Array.from({ length: 50 }, () => random.uniform());
  const groups = [...values.keys()];
  const { value, low, high, p } = meanDifference([values], [values], { groups });
  assert.deepEqual([value, low, high, p], [0, 0, 0, 1]);
  const raised = values.map((x) => x + 1 + 0.1 * random.normal());
  const found = meanDifference([raised], [values], { groups });
  assert.ok(found.low > 0.9 && found.high < 1.1 && found.p < 1e-20);
  const swapped = meanDifference([values], [raised], { groups });
  near(swapped.value, -found.value, 1e-12);
  near(swapped.p, found.p, 1e-12);
});

Deno.test("a difference over seeds alone is that of systems whose rows have no influence", () => {
  const shared = new SharedGroups(["one", "other"]), byRow = new Float64Array(2);
  const of = (values: number[]) => values.map((value) => ({ value, byRow }));
  for (const [first, second] of [[[3, 5, 4], [1, 2.5, 2]], [[1, 2], [7]], [[2, 2], [2, 2, 2]]]) {
    const expected = difference([of(first), of(second)], { shared });
    const found = seedDifference(first, second);
    for (const key of ["value", "low", "high", "error", "p"] as const) {
      near(found[key], expected[key], 1e-9);
    }
  }
  assert.throws(() => seedDifference([1], [2]), /how seeds vary from 1 and 1/);
  assert.throws(() => seedDifference([], [2, 3]), /from 0 and 2/);
});

Deno.test("rows of several groups that never meet again count as one each", () => {
  for (const size of [2, 3]) {
    const random = randomFrom("difference", "apart", size), rows = 400;
    const groups = Array.from(
      { length: rows },
      (_, row) => Array.from({ length: size }, (_, k) => row * size + k),
    );
    const values = Float64Array.from({ length: rows }, () => random.normal());
    const plain = standardDeviation(values) / Math.sqrt(rows);
    const { error } = meanDifference([values], [values.map(() => 0)], { groups });
    // rows - 1 in the one, groups - 1 in the other: 0.13 %
    assert.ok(Math.abs(error / plain - 1) < 0.002, `${error} ${plain}`);
  }
});

/** Share of 95 % intervals that hold the truth. */
function coverage(simulation: Simulation, repetitions: number): Record<Statistic, number> {
  const truth = truthOf(simulation), held = { accuracy: 0, macroF1: 0 };
  for (let k = 0; k < repetitions; k++) {
    const found = simulate(randomFrom("coverage", JSON.stringify(simulation), k), simulation);
    for (const name of STATISTICS) {
      const { low, high } = found[name];
      if (low <= truth[name] && truth[name] <= high) held[name] += 1 / repetitions;
    }
  }
  return held;
}

// 0.17 adds as much as the choice of 50 groups; docs/coverage.md has more settings, and 2,000 repetitions of each
for (const rows of ["clips", "mixtures"] as const) {
  for (const seedDeviation of [0, 0.17, 0.5]) {
    Deno.test(`intervals hold the truth as often as they say: ${rows}, seeds ${seedDeviation}`, () => {
      const simulation = { rows, groups: 50, seeds: 3, seedDeviation, gain: 0 };
      for (const [name, held] of Object.entries(coverage(simulation, 400))) {
        // 93 to 97 % by 2,000 repetitions; three standard errors of 400 are 0.038 below and 0.026 above
        assert.ok(held > 0.892 && held < 0.996, `${name} ${held}`);
      }
    });
  }
}

Deno.test("the kept simulations held the truth in 93 to 97 % of cases, and had the sizes that they should", () => {
  const kept = readJson<Coverage[]>(projectPath("docs/coverage.json"));
  assert.equal(kept.length, 24);
  for (const { repetitions, groups, rows, seeds, of } of kept) {
    assert.equal(repetitions, 2000);
    for (const name of STATISTICS) {
      const { coverage } = of[name];
      assert.ok(
        coverage > 0.93 && coverage < 0.97,
        `${rows} ${groups} ${seeds} ${name}: ${coverage}`,
      );
    }
  }
});

Deno.test("a comparison refuses one group and no seed", () => {
  assert.throws(() => meanDifference([[1]], [[0]], { groups: ["a"] }), /two are needed/);
  assert.throws(
    () => difference([[], [influenceOf(() => 0, 2)]], { shared: new SharedGroups(["a", "b"]) }),
    /0 with 1 seeds/,
  );
});
