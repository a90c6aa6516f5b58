import assert from "node:assert/strict";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { recordingOf } from "lib/datasets/split.ts";
import { meanDifference } from "lib/evaluation/difference.ts";
import { compareFamily } from "lib/experiments/comparison.ts";
import { type FinishedRun, type IrmasResult, readRuns } from "lib/experiments/evidence.ts";
import { compareOverFolds } from "lib/experiments/folds_comparison.ts";

/** A run with scores of made-up held-out clips, two a recording; it names the right instrument with a probability. */
function made(fold: number, { seed = 0, right }: { seed?: number; right: number }) {
  const random = randomFrom("folds", fold, seed, right), names = [...Array(40).keys()];
  const heldOut = Object.fromEntries(names.flatMap((k) =>
    [1, 2].map((part) => {
      const code = INSTRUMENTS[k % 3]; // every third of the same instrument
      const said = random.chance(right) ? code : "voi";
      return [
        `${code}/[${code}][fold${fold}]${k}__${part}`,
        INSTRUMENTS.map((own) => own === said ? 0.9 : 0.1),
      ] as const;
    })
  ));
  const config = recipeConfig("irmas_scratch", { seed, settings: [`data.fold=${fold}`] });
  return {
    name: `made-${fold}-${right}-seed${seed}`,
    config,
    metrics: [],
    result: { fold, scores: { heldOut } },
  } as unknown as FinishedRun<IrmasResult>;
}

/** 1 for each clip that a run has right. */
const rightOf = ({ result }: FinishedRun<IrmasResult>) =>
  Object.entries(result.scores.heldOut).map(([clip, scores]) =>
    Number(INSTRUMENTS[scores.indexOf(Math.max(...scores))] === clip.slice(0, 3))
  );

Deno.test("over folds: every clip counts once, recordings stay together, trivial is the most frequent instrument", () => {
  const base = [1, 0, 3].map((fold) => made(fold, { right: 0.5 }));
  const variant = [0, 1, 2].map((fold) => made(fold, { right: 0.8 }));
  const comparison = compareOverFolds([...base, made(1, { seed: 4, right: 0 })], variant)!;
  assert.deepEqual(comparison.folds, [0, 1]);
  assert.deepEqual(comparison.runs, {
    base: ["made-0-0.5-seed0", "made-1-0.5-seed0"],
    variant: ["made-0-0.8-seed0", "made-1-0.8-seed0"],
  });
  const [accuracy, macroF1] = comparison.measures;
  assert.deepEqual([accuracy.statistic, macroF1.statistic], ["accuracy", "macroF1"]);
  const clips = [0, 1].flatMap((fold) =>
    Object.keys(made(fold, { right: 0.5 }).result.scores.heldOut)
  );
  const [ours, theirs] = [variant.slice(0, 2), [base[1], base[0]]].map((runs) =>
    runs.flatMap(rightOf)
  );
  const groups = clips.map(recordingOf);
  const expected = meanDifference([ours], [theirs], { groups });
  const alone = meanDifference([ours], [ours.map(() => 0)], { groups });
  for (const field of ["value", "low", "high"] as const) {
    assert.ok(Math.abs(accuracy.difference[field] - expected[field]) < 1e-6); // of slopes by finite steps
    assert.ok(Math.abs(accuracy.variant[field] - alone[field]) < 1e-6);
  }
  assert.equal(accuracy.trivial, 28 / 80); // 14 of 40 recordings
});

Deno.test("over one fold the comparison is that of these two models", async () => {
  const [first, second] = await readRuns<IrmasResult>(recipeConfig("irmas_scratch"));
  const { measures } = compareOverFolds([first], [second])!;
  const family = compareFamily({
    base: [first],
    variants: [{ name: "second", runs: [{ ...second, config: { ...second.config, seed: 0 } }] }],
  });
  assert.equal(measures.length, 4);
  for (const { part, statistic, difference } of measures) {
    const same = family.measures.find(({ measure }) => measure === `${part}.${statistic}`);
    if (part === "heldOut" && statistic === "macroF1") assert.equal(same, undefined);
    else assert.deepEqual(difference, same!.variants[0].difference);
  }
});

Deno.test("over folds: nothing in common is nothing to compare, other rows are refused", () => {
  assert.equal(compareOverFolds([made(0, { right: 1 })], [made(1, { right: 1 })]), undefined);
  const other = made(0, { right: 1 });
  delete other.result.scores.heldOut["cel/[cel][fold0]0__2"];
  assert.throws(
    () => compareOverFolds([made(0, { right: 1 })], [other]),
    /in heldOut one way's runs were scored on cel\/\[cel\]\[fold0\]0__2, the other's on/,
  );
});
