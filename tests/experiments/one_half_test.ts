import assert from "node:assert/strict";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { countOutcomes, decide, labelScores, macroF1 } from "lib/evaluation/metrics.ts";
import { compareFamily } from "lib/experiments/comparison.ts";
import { type FinishedRun, type IrmasResult, readRuns } from "lib/experiments/evidence.ts";
import { compareAtHalf } from "lib/experiments/one_half.ts";
import { scoredClips } from "lib/experiments/scored_clips.ts";

const runsOf = async (recipe: string) =>
  (await readRuns<IrmasResult>(recipeConfig(recipe)))
    .filter((run) => scoredClips(run, "mixturesOfTwo"));

Deno.test("at one half: each run's own numbers, and the comparison's difference where that is the runs' threshold", async () => {
  const [base, variant] = [await runsOf("irmas_scratch"), await runsOf("irmas_yamnet")];
  const found = compareAtHalf(base, variant)!;
  [base, variant].forEach((side, s) =>
    side.forEach((run, k) => {
      const { scores, targets } = scoredClips(run, "mixturesOfTwo")!;
      const outcomes = countOutcomes(decide(scores, 0.5), targets);
      const recalls = labelScores(outcomes).map(({ recall }) => recall);
      const recall = recalls.reduce((sum, one) => sum + one, 0) / recalls.length;
      assert.ok(Math.abs(found.macroF1.values[s][k] - macroF1(outcomes)) < 1e-9);
      assert.ok(Math.abs(found.recall.values[s][k] - recall) < 1e-9);
    })
  );
  /** A run whose threshold on mixtures is one half, with a report that says so. */
  const atHalf = (side: FinishedRun<IrmasResult>[], s: 0 | 1) =>
    side.map((run, k) => {
      const result = structuredClone(run.result);
      result.mixturesOfTwo.thresholds = [0.5, 0.5];
      result.mixturesOfTwo.macroF1.value = found.macroF1.values[s][k];
      return { ...run, result };
    });
  const { measures: [{ variants: [{ difference }] }] } = compareFamily({
    base: atHalf(base, 0),
    variants: [{ name: "yamnet", runs: atHalf(variant, 1) }],
    measures: ["mixturesOfTwo.macroF1"],
  });
  for (const key of ["value", "low", "high", "p"] as const) {
    assert.ok(Math.abs(found.macroF1.difference[key] - difference[key]) < 1e-9, key);
  }
  assert.equal(compareAtHalf([], variant), undefined);
});
