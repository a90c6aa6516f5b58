import assert from "node:assert/strict";
import { fitLogisticRegression } from "lib/baselines/logistic_regression.ts";
import { RowProducts } from "lib/baselines/row_products.ts";
import { rowCount, type Rows } from "lib/baselines/rows.ts";
import { applyScaler, fitStandard } from "lib/baselines/scaler.ts";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { instrumentIndex } from "lib/datasets/labels.ts";
import { loadFeatures } from "lib/datasets/published.ts";
import { formulaRows } from "../label_quality_formulas.ts";

interface Case {
  data: string;
  classes: number;
  rows?: number;
  weighted?: boolean;
  C: number;
  coef: number[][];
  intercept: number[][];
  probabilities: number[][];
}

const { cases } = readJson<{ cases: Case[] }>("tests/fixtures/label_quality/logistic.json");

function published(): { rows: Rows; labels: number[] } {
  const { values, features, labels } = loadFeatures("irmas_single_features_28");
  const rows = { values, columns: features.length };
  return {
    rows: applyScaler(fitStandard(rows), rows),
    labels: labels.map(([label]) => instrumentIndex(label)),
  };
}

const real = published();
const dataOf = ({ data, classes, rows }: Case) => {
  if (data === "formula") return formulaRows({ rows: rows!, columns: 9, classes });
  return classes === 11
    ? real
    : { ...real, labels: real.labels.map((label) => label === 10 ? 1 : 0) };
};

function apart(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  assert.equal(ours.length, theirs.length);
  return Math.max(...Array.from(ours, (x, k) => Math.abs(x - theirs[k])));
}

Deno.test("logistic regression: scikit-learn's coefficients and probabilities at the minimum", () => {
  for (const one of cases) {
    const { classes, C, weighted, data } = one, { rows, labels } = dataOf(one);
    const sampleWeights = weighted ? labels.map((_, n) => 0.5 + n % 4) : undefined;
    const options = { classes, C, sampleWeights, tolerance: 1e-9, maxIterations: 5000 };
    const model = fitLogisticRegression(rows, labels, options);
    const name = `${data}, ${classes} classes, C = ${C}, ${weighted ? "weighted" : ""}`;
    assert.ok(model.converged, name);
    // what the study asks for; the farthest, of real features with C = 100, is off by 1e-6
    assert.ok(apart(model.weights, one.coef.flat()) < 1e-4, name);
    const [intercepts, theirs] = [[...model.intercepts], one.intercept.flat()].map((all) => {
      // several logits are free up to a common number
      const mean = classes === 2 ? 0 : all.reduce((a, b) => a + b) / all.length;
      return all.map((x) => x - mean);
    });
    assert.ok(apart(intercepts, theirs) < 1e-4, name);
    const step = Math.max(1, Math.floor(labels.length / 30));
    const sampled = Array.from(model.scores(rows)).filter((_, k) =>
      Math.floor(k / classes) % step === 0
    );
    assert.ok(apart(sampled, one.probabilities.flat()) < 1e-4, name);
  }
});

Deno.test("the objective is the formula's, and lies lower than anything near it", () => {
  const { rows, labels } = formulaRows({ rows: 60, columns: 5, classes: 3 });
  const C = 0.5, model = fitLogisticRegression(rows, labels, { classes: 3, C, tolerance: 1e-9 });
  const objective = (weights: Float64Array) => {
    let sum = 0;
    for (let n = 0; n < 60; n++) {
      const logits = [0, 1, 2].map((c) => {
        let z = model.intercepts[c];
        for (let k = 0; k < 5; k++) z += weights[5 * c + k] * rows.values[5 * n + k];
        return z;
      });
      sum += Math.log(logits.reduce((a, z) => a + Math.exp(z), 0)) - logits[labels[n]];
    }
    return sum / 60 + weights.reduce((a, w) => a + w * w, 0) / (2 * C * 60);
  };
  assert.ok(Math.abs(objective(model.weights) - model.objective) < 1e-12);
  const random = randomFrom("near the minimum");
  for (let trial = 0; trial < 20; trial++) {
    assert.ok(objective(model.weights.map((w) => w + random.normal(0, 0.01))) > model.objective);
  }
});

Deno.test("a row of weight 2 is two rows, one of weight 0 is none", () => {
  const { rows, labels } = formulaRows({ rows: 31, columns: 4, classes: 3 });
  const picked = [...labels.keys()].flatMap((n) => Array<number>(n % 3).fill(n));
  const copies = {
    values: Float64Array.from(picked.flatMap((n) => [...rows.values.subarray(4 * n, 4 * n + 4)])),
    columns: 4,
  };
  const options = { classes: 3, tolerance: 1e-10 };
  const sampleWeights = labels.map((_, n) => n % 3);
  const weighted = fitLogisticRegression(rows, labels, { ...options, sampleWeights });
  const copied = fitLogisticRegression(copies, picked.map((n) => labels[n]), options);
  assert.ok(apart(weighted.weights, copied.weights) < 1e-7);
});

Deno.test("products of rows and vectors, and back, in every shape", () => {
  const random = randomFrom("row products");
  // around the kernels' tiles (4 rows, 2 vectors, 8 columns) and the block of 32 rows
  for (const [count, columns, vectors] of [[1, 1, 1], [4, 8, 2], [33, 9, 3], [70, 31, 11]]) {
    const values = Float64Array.from({ length: count * columns }, () => random.normal());
    const weights = Float64Array.from({ length: vectors * columns }, () => random.normal());
    const products = new RowProducts({ values, columns }, vectors);
    const totals = new Float64Array(vectors * columns), scores = new Float64Array(count * vectors);
    for (let time = 0; time < 2; time++) { // the second time nothing of the first may be left
      const turn = (own: Float64Array, row: number) => {
        scores.set(own, row * vectors);
        own.forEach((x, v) => own[v] = x ** 2);
      };
      products.pass(weights, { totals, turn });
    }
    const expected = new Float64Array(vectors * columns);
    for (let row = 0; row < rowCount({ values, columns }); row++) {
      for (let v = 0; v < vectors; v++) {
        let score = 0;
        for (let k = 0; k < columns; k++) {
          score += values[row * columns + k] * weights[v * columns + k];
        }
        assert.ok(Math.abs(score - scores[row * vectors + v]) < 1e-12); // other order of sums
        for (let k = 0; k < columns; k++) {
          expected[v * columns + k] += score ** 2 * values[row * columns + k];
        }
      }
    }
    assert.ok(apart(totals, expected) < 1e-9);
  }
});

Deno.test("rows that the kernels' addresses do not reach are refused", () => {
  const values = { length: 2 ** 28 } as Float64Array; // nobody reads them
  assert.throws(() => new RowProducts({ values, columns: 1024 }, 3), /262144 rows of 1024 columns/);
});

Deno.test("logistic regression refuses what does not fit", () => {
  const { rows, labels } = formulaRows({ rows: 10, columns: 2, classes: 2 });
  const fit = (given: number[], options = {}) =>
    fitLogisticRegression(rows, given, { classes: 2, ...options });
  assert.throws(() => fit([0, 1]), /10 rows with 2 labels/);
  assert.throws(() => fit(labels.with(3, 2)), /row 3 with label 2: classes are 0 to 1/);
  assert.throws(() => fit(labels, { C: 0 }), /C = 0/);
  assert.throws(() => fit(labels, { sampleWeights: [1] }), /10 rows with 1 weights/);
});
