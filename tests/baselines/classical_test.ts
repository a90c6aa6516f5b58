import assert from "node:assert/strict";
import {
  correlationMatrix,
  covarianceMatrix,
  weightedCorrelation,
} from "lib/baselines/correlation.ts";
import { fitLogisticRegression } from "lib/baselines/logistic_regression.ts";
import { fitNearestNeighbours } from "lib/baselines/nearest_neighbours.ts";
import { fitPca, projectPca } from "lib/baselines/pca.ts";
import { fitRandomForest } from "lib/baselines/random_forest.ts";
import {
  type Classifier,
  joinColumns,
  rowCount,
  type Rows,
  selectRows,
} from "lib/baselines/rows.ts";
import { applyScaler, fitMinMax, fitStandard } from "lib/baselines/scaler.ts";
import { fitSvm } from "lib/baselines/svm.ts";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";

interface Fixture {
  train: number[][];
  trainLabels: number[];
  test: number[][];
  testLabels: number[];
  minMax: number[][];
  standard: number[][];
  correlation: number[][];
  covariance: number[][];
  pcaRatio: number[];
  pcaComponents: number[][];
  logistic: { C: number; weights: number[][]; intercepts: number[]; probabilities: number[][] }[];
  knn: number[][];
  svm: {
    kernel: "rbf" | "linear";
    C: number;
    intercepts: number[];
    support: number;
    predictions: number[];
  }[];
}

const fixture = readJson<Fixture>("tests/fixtures/baselines/classical.json");
const rowsOf = (lists: number[][]): Rows => ({
  values: Float64Array.from(lists.flat()),
  columns: lists[0].length,
});
const train = rowsOf(fixture.train), test = rowsOf(fixture.test);
const all = rowsOf([...fixture.train, ...fixture.test]);

function close(ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number): void {
  assert.equal(ours.length, theirs.length);
  const error = Math.max(...Array.from(ours, (x, k) => Math.abs(x - theirs[k])));
  assert.ok(error <= tolerance, `off by ${error}`);
}

function answers(model: Classifier, rows: Rows, classes = 3): number[] {
  const scores = model.scores(rows);
  return Array.from({ length: rowCount(rows) }, (_, row) => {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(own.reduce((a, b) => Math.max(a, b)));
  });
}

Deno.test("scalers fitted to one set scale another as scikit-learn's do", () => {
  close(applyScaler(fitMinMax(train), test).values, fixture.minMax.flat(), 1e-13);
  close(applyScaler(fitStandard(train), test).values, fixture.standard.flat(), 1e-13);
});

Deno.test("a constant column is moved to zero, and columns must fit", () => {
  const rows = { values: Float64Array.of(5, 1, 5, 3), columns: 2 };
  assert.deepEqual([...applyScaler(fitMinMax(rows), rows).values], [0, 0, 0, 1]);
  assert.deepEqual([...applyScaler(fitStandard(rows), rows).values], [0, -1, 0, 1]);
  assert.throws(() => applyScaler(fitMinMax(rows), train), /4 columns with a scaler of 2/);
  assert.throws(() => fitMinMax({ values: new Float64Array(0), columns: 2 }), /no rows/);
});

Deno.test("covariance and correlation are NumPy's", () => {
  close(covarianceMatrix(all), fixture.covariance.flat(), 1e-12);
  close(correlationMatrix(all), fixture.correlation.flat(), 1e-13);
});

Deno.test("weighted correlation: unit weights change nothing, a weight of n is a row n times", () => {
  const x = [1, 4, 2, 8, 5], y = [3, 1, 4, 1, 5], weights = [2, 0, 1, 3, 1];
  const [, plain] = correlationMatrix({
    values: Float64Array.from(x.flatMap((v, k) => [v, y[k]])),
    columns: 2,
  });
  assert.ok(Math.abs(weightedCorrelation(x, y, [1, 1, 1, 1, 1]) - plain) < 1e-15);
  const repeated = weights.flatMap((n, k) => Array.from({ length: n }, () => [x[k], y[k]]));
  const [, expected] = correlationMatrix({
    values: Float64Array.from(repeated.flat()),
    columns: 2,
  });
  assert.ok(Math.abs(weightedCorrelation(x, y, weights) - expected) < 1e-15);
});

Deno.test("principal components are scikit-learn's, but for their sign", () => {
  const pca = fitPca(all, 2);
  close(pca.explained, fixture.pcaRatio, 1e-12);
  pca.components.forEach((component, k) => {
    const theirs = fixture.pcaComponents[k];
    const sign = Math.sign(component[0] * theirs[0]);
    close(component, theirs.map((x) => sign * x), 1e-9);
    assert.ok(Math.max(...component) >= -Math.min(...component), "the largest entry is positive");
  });
});

Deno.test("projected rows are uncorrelated, and their variances are the explained shares", () => {
  const pca = fitPca(all, 4);
  const covariance = covarianceMatrix(projectPca(pca, all));
  const variances = [0, 5, 10, 15].map((k) => covariance[k]);
  const total = variances.reduce((sum, x) => sum + x, 0);
  close(variances.map((x) => x / total), pca.explained, 1e-12);
  covariance.forEach((x, k) => assert.ok(k % 5 === 0 || Math.abs(x) < 1e-12 * total));
  assert.throws(() => fitPca(all, 5), /5 principal components of 4 columns/);
});

Deno.test("logistic regression lands on scikit-learn's minimum", () => {
  for (const { C, weights, intercepts, probabilities } of fixture.logistic) {
    const options = { classes: 3, C, tolerance: 1e-9 };
    const model = fitLogisticRegression(train, fixture.trainLabels, options);
    assert.ok(model.converged);
    close(model.weights, weights.flat(), 1e-4);
    // Intercepts are free up to a common number: compare what the softmax sees.
    const centred = (list: ArrayLike<number>) => {
      const mean = Array.from(list).reduce((a, b) => a + b) / list.length;
      return Array.from(list, (x) => x - mean);
    };
    close(centred(model.intercepts), centred(intercepts), 1e-4);
    close(model.scores(test), probabilities.flat(), 1e-4);
  }
});

Deno.test("neighbours' shares are scikit-learn's", () => {
  const model = fitNearestNeighbours(train, fixture.trainLabels, { classes: 3, k: 7 });
  close(model.scores(test), fixture.knn.flat(), 1e-12);
  assert.throws(
    () => fitNearestNeighbours(train, fixture.trainLabels, { classes: 3, k: 91 }),
    /91 neighbours in 90 rows/,
  );
});

Deno.test("support vector machines: intercepts, support vectors and votes of LIBSVM", () => {
  for (const { kernel, C, intercepts, support, predictions } of fixture.svm) {
    const options = { classes: 3, C, kernel, tolerance: 1e-8 };
    const model = fitSvm(train, fixture.trainLabels, options);
    close(model.pairs.map((pair) => pair.intercept), intercepts, 1e-5);
    const rows = new Set(model.pairs.flatMap((pair) => [...pair.support]));
    assert.equal(rows.size, support, `${kernel}, C = ${C}`);
    assert.deepEqual(answers(model, test), predictions);
  }
});

Deno.test("a support vector machine keeps the conditions of its dual", () => {
  const model = fitSvm(train, fixture.trainLabels, { classes: 3, C: 2 });
  for (const { coefficients } of model.pairs) {
    assert.ok(Math.abs(coefficients.reduce((sum, c) => sum + c, 0)) < 1e-9);
    assert.ok(coefficients.every((c) => Math.abs(c) <= 2));
  }
  assert.throws(() => fitSvm(train, fixture.trainLabels, { classes: 3, C: 0 }), /C = 0/);
});

Deno.test("a forest of full trees knows its training set, and beats guessing beyond it", () => {
  const options = { classes: 3, trees: 200, random: randomFrom(1, "forest") };
  const model = fitRandomForest(train, fixture.trainLabels, options);
  const right = (rows: Rows, labels: number[]) =>
    answers(model, rows).filter((answer, row) => answer === labels[row]).length / labels.length;
  assert.equal(right(train, fixture.trainLabels), 1);
  // 0.42 is the share of the largest class.
  assert.ok(right(test, fixture.testLabels) > 0.6);
  const sums = fixture.test.map((_, row) =>
    model.scores(test).subarray(3 * row, 3 * row + 3).reduce((a, b) => a + b)
  );
  close(sums, sums.map(() => 1), 1e-9);
});

Deno.test("a forest is the same for the same seed, another for another", () => {
  const grow = (seed: number) =>
    fitRandomForest(train, fixture.trainLabels, { classes: 3, trees: 5, random: randomFrom(seed) })
      .scores(test);
  assert.deepEqual(grow(1), grow(1));
  assert.notDeepEqual(grow(1), grow(2));
});

Deno.test("one tree on one column splits half-way between the classes", () => {
  const rows = { values: Float64Array.of(0, 1, 2, 10, 11, 12), columns: 1 };
  const labels = [0, 0, 0, 1, 1, 1];
  // Every tree's threshold is half-way between members of the two classes: inside [1, 11].
  const random = randomFrom(3);
  const model = fitRandomForest(rows, labels, { classes: 2, trees: 300, random });
  const at = (x: number) => answers(model, { values: Float64Array.of(x), columns: 1 }, 2)[0];
  assert.deepEqual([at(-5), at(0.9), at(11.1), at(20)], [0, 0, 1, 1]);
  // Both 2 and 10 are drawn in (1 - (5/6)^6)^2 = 44 % of the bootstrap samples: their split is at 6.
  const share = model.scores({ values: Float64Array.of(5.9), columns: 1 });
  const below = model.scores({ values: Float64Array.of(6.1), columns: 1 });
  assert.ok(share[0] - below[0] > 0.3 && share[0] - below[0] < 0.6);
});

Deno.test("classifiers refuse labels that do not fit", () => {
  const random = randomFrom(1);
  assert.throws(
    () => fitLogisticRegression(train, [1, 2], { classes: 3 }),
    /90 rows with 2 labels/,
  );
  assert.throws(() => fitSvm(train, [1, 2], { classes: 3, C: 1 }), /90 rows with 2 labels/);
  assert.throws(() => fitRandomForest(train, [1], { classes: 3, random }), /90 rows with 1 labels/);
});

Deno.test("rows: chosen ones in the order given, columns side by side", () => {
  const rows = { values: Float64Array.of(1, 2, 3, 4, 5, 6), columns: 2 };
  assert.deepEqual([...selectRows(rows, [2, 0]).values], [5, 6, 1, 2]);
  const right = { values: Float64Array.of(7, 8, 9), columns: 1 };
  assert.deepEqual([...joinColumns(rows, right).values], [1, 2, 7, 3, 4, 8, 5, 6, 9]);
  assert.throws(() => joinColumns(rows, selectRows(right, [0])), /3 rows with 1/);
  assert.throws(() => rowCount({ values: new Float64Array(5), columns: 2 }), /5 values/);
});
