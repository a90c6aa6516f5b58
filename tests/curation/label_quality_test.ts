import assert from "node:assert/strict";
import {
  cutOfShare,
  dealFolds,
  qualityOfClips,
  removalTable,
  scoreCut,
  scoreDetection,
} from "lib/curation/label_quality.ts";
import { randomFrom } from "lib/core/random.ts";
import { clouds } from "../label_quality_formulas.ts";

Deno.test("wrong labels of clips that are told apart lie at the ranking's beginning, on both kinds of folds", async () => {
  const all = clouds();
  for (const kind of ["random", "by recording"] as const) {
    const quality = await qualityOfClips(all, { kind, random: randomFrom("folds") });
    const { averagePrecision, share } = scoreDetection([quality], {
      ...all,
      random: randomFrom("bootstrap"),
      samples: 200,
    });
    assert.equal(share, 17 / 330);
    // clouds 4 * sqrt(2) deviations apart: a clip of a thousand lies on the other side
    assert.ok(averagePrecision.value > 0.95, `${kind}: ${averagePrecision.value}`);
    assert.ok(averagePrecision.low <= averagePrecision.value);
  }
});

Deno.test("folds by recording have no recording in two of them, random ones do", () => {
  const all = clouds();
  const split = (folds: Int32Array) => {
    const seen = new Map<string, Set<number>>();
    all.recordings.forEach((name, n) =>
      seen.set(name, (seen.get(name) ?? new Set()).add(folds[n]))
    );
    return [...seen.values()].filter(({ size }) => size > 1).length;
  };
  const random = randomFrom("folds");
  assert.equal(split(dealFolds(all, { kind: "by recording", random })), 0);
  assert.ok(split(dealFolds(all, { kind: "random", random })) > 50);
});

Deno.test("what a cut removes and finds, counted by hand", () => {
  const quality = [0.05, 0.2, 0.1, 0.11, 0.3], labels = [0, 0, 3, 3, 3];
  const table = removalTable(quality, { labels, cut: 0.11 });
  assert.deepEqual(table[0], { instrument: "cel", clips: 2, removed: 1, share: 1 / 2 });
  assert.deepEqual(table[1], { instrument: "cla", clips: 0, removed: 0, share: 0 });
  assert.deepEqual(table[3], { instrument: "gac", clips: 3, removed: 1, share: 1 / 3 });
  const truth = { known: [0, 1, 3], wrong: [1, 0, 1] };
  assert.deepEqual(scoreCut(quality, { ...truth, cut: 0.25 }), {
    cut: 0.25,
    removed: 3,
    found: 2,
    precision: 2 / 3,
    recall: 1,
  });
  assert.equal(scoreCut(quality, { ...truth, cut: 0.11 }).recall, 1 / 2);
});

Deno.test("the cut of a share leaves that share below it", () => {
  const quality = [0.5, 0.1, 0.4, 0.2, 0.3];
  assert.equal(cutOfShare(quality, 0.4), 0.3);
  assert.equal(cutOfShare(quality, 0), 0.1);
  assert.equal(cutOfShare(quality, 1), Infinity);
});

Deno.test("several rankings are scored by the mean, from the same draws", () => {
  const truth = { known: [0, 1, 2, 3], wrong: [1, 0, 0, 0], recordings: ["a", "b", "c", "d"] };
  const best = [0, 1, 2, 3], worst = [3, 0, 1, 2];
  const score = (qualities: number[][]) =>
    scoreDetection(qualities, { ...truth, random: randomFrom("mean"), samples: 10 });
  assert.equal(score([best]).averagePrecision.value, 1);
  assert.equal(score([best, worst]).averagePrecision.value, (1 + 1 / 4) / 2);
});
