import assert from "node:assert/strict";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { countOutcomes, macroF1 } from "lib/evaluation/metrics.ts";
import type { FinishedRun, IrmasResult } from "lib/experiments/evidence.ts";
import { readMixtures } from "lib/experiments/irmas_mixtures.ts";
import { RunFolder } from "lib/experiments/run_folder.ts";
import { pooledClips, scoredClips } from "lib/experiments/scored_clips.ts";

const folder = new RunFolder("irmas_scratch-1c752158-seed0");
const { scores: { heldOut, relabelled }, ...rest } = folder.readResult<IrmasResult>();
/** As the first runs were, without scores of mixtures. */
const run: FinishedRun<IrmasResult> = {
  name: folder.name,
  config: folder.readRecord().config,
  metrics: [],
  result: { ...rest, scores: { heldOut, relabelled } },
};

Deno.test("decisions from a run's scores reach what its result says", () => {
  for (const part of ["heldOut", "relabelled"] as const) {
    const { targets, decisions, clips } = scoredClips(run, part)!;
    assert.equal(clips.length, run.result[part].rows);
    // scores are kept with four decimals: a clip or two may fall on the other side
    const value = macroF1(countOutcomes(decisions, targets));
    assert.ok(Math.abs(value - run.result[part].macroF1.value) < 0.003);
  }
});

Deno.test("mixtures have the labels of their clips, and each half its threshold", () => {
  const clips = readMixtures(run.config.data)!.mixturesOfThree;
  const scores = clips.map(() => INSTRUMENTS.map(() => 0.3));
  const result = structuredClone(run.result);
  result.scores.mixturesOfThree = scores;
  result.mixturesOfThree.thresholds = [0.2, 0.4];
  const scored = scoredClips({ ...run, result }, "mixturesOfThree")!;
  const codes = (row: number) =>
    INSTRUMENTS.filter((_, label) => scored.targets[row * INSTRUMENTS.length + label]);
  for (const row of [0, 299, 300, 599]) {
    const expected = clips[row].map((clip) => clip.slice(0, 3)).sort();
    assert.deepEqual(codes(row), expected);
    assert.equal(scored.decisions[row * INSTRUMENTS.length], row < 300 ? 1 : 0);
  }
  assert.deepEqual(scored.recordings[0], clips[0].map((clip) => clip.replace(/__\d+$/, "")));
  assert.equal(scoredClips(run, "mixturesOfTwo"), undefined);
});

Deno.test("pooled clips are those of one run after the other", () => {
  const { clips, recordings, scores } = pooledClips([run, run], "relabelled")!;
  const alone = scoredClips(run, "relabelled")!;
  assert.deepEqual(clips, [...alone.clips, ...alone.clips]);
  assert.equal(recordings.length, clips.length);
  assert.deepEqual(scores.slice(alone.scores.length), alone.scores);
  assert.equal(pooledClips([run], "mixturesOfTwo"), undefined);
});
