import assert from "node:assert/strict";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { instrumentIndex, INSTRUMENTS } from "lib/datasets/labels.ts";
import type { FinishedRun, IrmasResult } from "lib/experiments/evidence.ts";
import { readMixtures } from "lib/experiments/irmas_mixtures.ts";
import { formatThresholds, studyThresholds } from "lib/experiments/threshold_study.ts";

const config = recipeConfig("irmas_scratch"), listed = readMixtures(config.data)!;

/** Scores of a network that knows all, with what sounds at one level and what does not at a fifth of it. */
const knowing = (mixtures: string[][], level: (row: number, label: number) => number) =>
  mixtures.map((clips, row) => {
    const sounding = new Set(clips.map((clip) => instrumentIndex(clip.split("/")[0])));
    return INSTRUMENTS.map((_, k) => level(row, k) * (sounding.has(k) ? 1 : 0.2));
  });

/** A run with these scores. */
function run(
  level: (row: number, label: number) => number,
  thresholdsOfSums: [number, number],
): FinishedRun<IrmasResult> {
  const report = { thresholds: [0.1, 0.1] };
  const result = {
    mixturesOfTwo: report,
    mixturesOfThree: report,
    thresholdsOfSums,
    scores: {
      mixturesOfTwo: knowing(listed.mixturesOfTwo, level),
      mixturesOfThree: knowing(listed.mixturesOfThree, level),
    },
  };
  return { name: "made", config, metrics: [], result: result as unknown as IrmasResult };
}

const scoresOf = (made: FinishedRun<IrmasResult>) =>
  studyThresholds([made]).parts.mixturesOfThree.map(({ macroF1 }) => macroF1);

Deno.test("a timid network never says yes at one half, and is right with a threshold from anywhere else", () => {
  const [half, sums, same, own] = scoresOf(run(() => 0.3, [0.2, 0.2]));
  assert.deepEqual([half, sums, same, own], [0, 1, 1, 1]);
});

Deno.test("each half is decided by what sums of the other half's recordings say", () => {
  // the first half of the recordings is ten times as loud: only its own threshold would do
  const level = (row: number) => row < 300 ? 0.5 : 0.05;
  const [, right] = scoresOf(run(level, [0.04, 0.4])),
    [, wrong] = scoresOf(run(level, [0.4, 0.04]));
  assert.equal(right, 1);
  // in one half everything is heard, in the other one nothing
  assert.ok(wrong < 0.5, `${wrong}`);
});

Deno.test("instruments that are differently shy need thresholds of their own", () => {
  const [, , same, own] = scoresOf(run((_, label) => label % 2 ? 0.9 : 0.1, [0.5, 0.5]));
  assert.equal(own, 1);
  assert.ok(same < 0.9, `${same}`);
});

Deno.test("a rule against one half: no doubt where the other one is always wrong", () => {
  const study = studyThresholds([run(() => 0.3, [0.2, 0.2]), run(() => 0.31, [0.2, 0.2])]);
  const [fixed, sums] = study.parts.mixturesOfTwo;
  assert.equal(fixed.difference, undefined);
  assert.deepEqual([sums.difference!.value, sums.threshold], [1, 0.2]);
  assert.ok(sums.difference!.low > 0.99);
  assert.match(formatThresholds(study), /of sums +1\.000 {2}at 0\.200 {2}\+1\.000/);
});

Deno.test("results without scores of mixtures are refused with what adds them", () => {
  const old = run(() => 0.3, [0.2, 0.2]);
  delete old.result.scores.mixturesOfTwo;
  assert.throws(
    () => studyThresholds([old]),
    /"made" has no scores of mixtures: ".\/lumen evaluate made"/,
  );
  assert.throws(() => studyThresholds([]), /no runs/);
});
