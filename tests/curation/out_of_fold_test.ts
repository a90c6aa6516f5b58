import assert from "node:assert/strict";
import { fitLogisticRegression } from "lib/baselines/logistic_regression.ts";
import { applyScaler, fitStandard } from "lib/baselines/scaler.ts";
import { selectRows } from "lib/baselines/rows.ts";
import { outOfFold } from "lib/curation/out_of_fold.ts";
import { formulaRows } from "../label_quality_formulas.ts";

const { rows, labels } = formulaRows({ rows: 90, columns: 6, classes: 3 });
const folds = labels.map((_, n) => n % 4);

Deno.test("every fold is judged by a model of the others, scaled by their rows", async () => {
  const options = { classes: 3, folds, C: 1, tolerance: 1e-8 };
  const { probabilities, fits } = await outOfFold(rows, labels, options);
  for (const fold of [0, 1, 2, 3]) {
    const [train, test] = [(own: number) => own !== fold, (own: number) => own === fold]
      .map((wanted) => [...folds.keys()].filter((n) => wanted(folds[n])));
    const scaler = fitStandard(selectRows(rows, train));
    const scaled = (indices: number[]) => applyScaler(scaler, selectRows(rows, indices));
    const model = fitLogisticRegression(scaled(train), train.map((n) => labels[n]), options);
    const scores = model.scores(scaled(test));
    test.forEach((row, at) =>
      assert.deepEqual(
        probabilities.subarray(3 * row, 3 * row + 3),
        scores.subarray(3 * at, 3 * at + 3),
      )
    );
    assert.equal(fits[fold].objective, model.objective);
    assert.ok(fits[fold].converged);
  }
});

Deno.test("a row's own label has no say in its probabilities", async () => {
  const options = { classes: 3, folds, standardize: false };
  const before = await outOfFold(rows, labels, options);
  const after = await outOfFold(rows, labels.with(8, (labels[8] + 1) % 3), options);
  const changed = [...labels.keys()].filter((n) =>
    [0, 1, 2].some((k) => before.probabilities[3 * n + k] !== after.probabilities[3 * n + k])
  );
  // row 8 is of fold 0: all others have learnt from it
  assert.deepEqual(changed, [...labels.keys()].filter((n) => n % 4 !== 0));
});

Deno.test("what cannot be judged out of fold is refused", async () => {
  const single = { classes: 3, folds: labels.map(() => 0) };
  await assert.rejects(outOfFold(rows, labels, single), /a single fold/);
  await assert.rejects(outOfFold(rows, [1], { classes: 3, folds }), /90 rows with 1 labels/);
  await assert.rejects(
    outOfFold(rows, labels, { classes: 2, folds }),
    /cannot fit the model of fold 0: .*label 2: classes are 0 to 1/,
  );
});
