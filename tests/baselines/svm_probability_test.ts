import assert from "node:assert/strict";
import type { Rows } from "lib/baselines/rows.ts";
import { crossDecisions, fitMultilabelSvm } from "lib/baselines/svm.ts";
import { fitProbabilisticSvm, fitSigmoid, sigmoidOf } from "lib/baselines/svm_probability.ts";
import { searchSvm } from "lib/baselines/svm_search.ts";
import { readJson } from "lib/core/files.ts";
import { rank } from "lib/evaluation/ranking.ts";

interface SigmoidCase {
  decisions: number[];
  slope: number;
  offset: number;
}

interface Fixture {
  kernels: { kernel: "rbf" | "linear"; gamma?: number }[];
  Cs: number[];
  labels: (SigmoidCase & { probabilities: number[]; grid: number[] })[];
  sigmoids: (SigmoidCase & { targets: number[] })[];
}

interface Data {
  train: number[][];
  trainLabels: number[];
  test: number[][];
}

const fixture = readJson<Fixture>("tests/fixtures/baselines/svm_probability.json");
const data = readJson<Data>("tests/fixtures/baselines/classical.json");
const rowsOf = (lists: number[][]): Rows => ({
  values: Float64Array.from(lists.flat()),
  columns: lists[0].length,
});
const train = rowsOf(data.train), test = rowsOf(data.test), labels = 3;
const targets = Uint8Array.from(
  data.trainLabels.flatMap((own) => [0, 1, 2].map((k) => Number(k === own))),
);
const folds = data.train.map((_, row) => row % 5);
const column = (matrix: Float64Array, label: number) =>
  matrix.filter((_, k) => k % labels === label);

function close(ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number): void {
  assert.equal(ours.length, theirs.length);
  const error = Math.max(...Array.from(ours, (x, k) => Math.abs(x - theirs[k])));
  assert.ok(error <= tolerance, `off by ${error}`);
}

/** The cross-entropy with Platt's targets, as its paper writes it. */
function loss(decisions: ArrayLike<number>, own: ArrayLike<number>, [slope, offset]: number[]) {
  const positives = Array.from(own).filter((y) => y).length, negatives = own.length - positives;
  const aims = [1 / (negatives + 2), (positives + 1) / (positives + 2)];
  return -Array.from(decisions).reduce((sum, f, k) => {
    const p = 1 / (1 + Math.exp(slope * f + offset)), aim = aims[own[k]];
    return sum + aim * Math.log(p) + (1 - aim) * Math.log1p(-p);
  }, 0);
}

Deno.test("sigmoids of given decisions are scikit-learn's", () => {
  for (const { decisions, targets: own, slope, offset } of fixture.sigmoids) {
    const ours = fitSigmoid(decisions, own);
    const theirs = decisions.map((f) => sigmoidOf({ slope, offset }, f));
    // scikit-learn's search stops at a gradient of 1e-5
    close(decisions.map((f) => sigmoidOf(ours, f)), theirs, 1e-4);
    assert.ok(
      loss(decisions, own, [ours.slope, ours.offset]) <=
        loss(decisions, own, [slope, offset]) + 1e-9,
    );
  }
});

Deno.test("a sigmoid is the same from decisions of another size, and refuses what has none", () => {
  const { decisions, targets: own } = fixture.sigmoids[0];
  const { slope, offset } = fitSigmoid(decisions, own);
  const larger = fitSigmoid(decisions.map((f) => 1000 * f), own);
  assert.ok(Math.abs(1000 * larger.slope - slope) < 1e-6 * Math.abs(slope));
  assert.ok(Math.abs(larger.offset - offset) < 1e-6);
  // decisions that tell nothing: everywhere what Platt's targets are on average
  const flat = fitSigmoid([0, 0, 0, 0], [1, 0, 0, 0]);
  close([sigmoidOf(flat, 0)], [(2 / 3 + 3 / 5) / 4], 1e-6);
  assert.throws(() => fitSigmoid([1, 2], [1]), /2 decisions with 1 targets/);
  assert.throws(() => fitSigmoid([], []), /0 decisions/);
  assert.throws(() => fitSigmoid([1, NaN], [1, 0]), /decision 1: it is NaN/);
});

Deno.test("decisions out of fold, sigmoids and probabilities are scikit-learn's", () => {
  const options = { labels, C: 1, folds, tolerance: 1e-8 };
  const [held] = crossDecisions(train, targets, { ...options, Cs: [1] });
  const machine = fitProbabilisticSvm(train, targets, options);
  const probabilities = machine.probabilities(test);
  fixture.labels.forEach(({ decisions, slope, offset, probabilities: theirs }, label) => {
    // kernel values in single precision
    close(column(held, label), decisions, 1e-5);
    close(
      column(machine.outOfFold, label),
      decisions.map((f) => sigmoidOf({ slope, offset }, f)),
      1e-4,
    );
    close(column(probabilities, label), theirs, 1e-4);
  });
});

Deno.test("a fold's machine is the one that is fitted to the other folds alone", () => {
  const gamma = 0.2, Cs = [0.5, 20];
  const held = crossDecisions(train, targets, { labels, Cs, folds, gamma, tolerance: 1e-8 });
  const rows = [...folds.keys()];
  const pick = (lists: number[][], wanted: (fold: number) => boolean) =>
    lists.filter((_, k) => wanted(folds[k]));
  const inner = rowsOf(pick(data.train, (fold) => fold !== 2));
  const own = Uint8Array.from(
    pick(rows.map((k) => [...targets.subarray(3 * k, 3 * k + 3)]), (fold) => fold !== 2).flat(),
  );
  Cs.forEach((C, k) => {
    const alone = fitMultilabelSvm(inner, own, { labels, C, gamma, tolerance: 1e-8 });
    const expected = alone.decisions(rowsOf(pick(data.train, (fold) => fold === 2)));
    const ours = rows.filter((row) => folds[row] === 2)
      .flatMap((row) => [...held[k].subarray(3 * row, 3 * row + 3)]);
    close(ours, expected, 1e-5);
  });
  const one = { labels, Cs, folds: folds.map(() => 0) };
  assert.throws(() => crossDecisions(train, targets, one), /in 1 folds/);
  assert.throws(
    () => crossDecisions(train, targets, { labels, Cs, folds: [0, 1] }),
    /90 rows by 2 places/,
  );
});

Deno.test("a grid search has scikit-learn's scores, and takes the best of each label", () => {
  const { kernels, Cs } = fixture;
  const score = (decisions: Float64Array, own: Uint8Array) =>
    rank(decisions, own).averagePrecision();
  const options = { labels, kernels, Cs, folds, score, tolerance: 1e-8 };
  searchSvm(train, targets, options).forEach((choice, label) => {
    const { grid } = fixture.labels[label], best = grid.indexOf(Math.max(...grid));
    close(choice.scores, grid, 1e-9);
    assert.deepEqual(
      [choice.kernel, choice.gamma, choice.C],
      [
        kernels[Math.floor(best / 4)].kernel,
        kernels[Math.floor(best / 4)].gamma,
        Cs[best % 4],
      ],
    );
  });
  assert.throws(
    () => searchSvm(train, targets, { ...options, Cs: [] }),
    /4 kernels and 0 values of C/,
  );
});
