import assert from "node:assert/strict";
import { join } from "node:path";
import { projectPath } from "lib/core/paths.ts";
import { randomFrom } from "lib/core/random.ts";
import { instrumentIndex } from "lib/datasets/labels.ts";
import { loadSingleClips } from "lib/datasets/published.ts";
import {
  assertNoLeak,
  foldsOf,
  leaks,
  readFolds,
  recordingOf,
  splitByRecording,
} from "lib/datasets/split.ts";
import { labelDistribution } from "lib/datasets/split_quality.ts";
import { oneHot } from "lib/evaluation/metrics.ts";

const clips = loadSingleClips();
const recordings = clips.map(({ instrument, file }) => recordingOf(`${instrument}/${file}`));
const targets = oneHot(clips.map(({ instrument }) => instrumentIndex(instrument)));
// bench/peers/make_folds.py: scikit-learn's StratifiedGroupKFold on the same names
const FOLDS = projectPath("experiments", "folds", "stratified_group_5.json");

Deno.test("a recording is a name without its last number, its folder kept", () => {
  assert.equal(
    recordingOf("cla/081__[cla][nod][cla]0316__1.wav"),
    "cla/081__[cla][nod][cla]0316",
  );
  assert.equal(recordingOf("cel/[cel][cla]0001__12"), "cel/[cel][cla]0001");
  assert.equal(recordingOf("008__[cel][nod][cla]0058"), "008__[cel][nod][cla]0058");
});

Deno.test("IRMAS's 6,705 training clips come from 2,273 recordings", () => {
  assert.equal(recordings.length, 6705);
  assert.equal(new Set(recordings).size, 2273);
});

Deno.test("folds of IRMAS share no recording and are no less even than scikit-learn's", () => {
  const theirs = foldsOf(recordings, readFolds(FOLDS));
  for (const seed of [0, 1, 2]) {
    const folds = splitByRecording(recordings, targets, { random: randomFrom("split", seed) });
    const fold = new Map<string, number>();
    recordings.forEach((recording, k) => {
      assert.equal(fold.get(recording) ?? folds[k], folds[k], recording);
      fold.set(recording, folds[k]);
    });
    assert.ok(labelDistribution(folds, targets) <= labelDistribution(theirs, targets));
    for (let k = 0; k < 5; k++) {
      assert.ok(Math.abs(folds.filter((fold) => fold === k).length - 1341) <= 2);
    }
  }
});

Deno.test("other numbers of folds, and clips of several labels, are spread evenly too", () => {
  const random = randomFrom("split", "several labels");
  const songs = Array.from({ length: 900 }, (_, k) => `song ${Math.floor(k / 3)}`);
  const several = new Uint8Array(900 * 11);
  for (let song = 0; song < 300; song++) {
    for (let label = 0; label < 11; label++) {
      if (!random.chance(0.05 + 0.03 * label)) continue;
      for (let clip = 0; clip < 3; clip++) several[(3 * song + clip) * 11 + label] = 1;
    }
  }
  for (const count of [2, 3, 10]) {
    const folds = splitByRecording(songs, several, { folds: count, random });
    assert.equal(new Set(folds).size, count);
    for (let k = 0; k < 900; k += 3) {
      assert.ok(folds[k] === folds[k + 1] && folds[k] === folds[k + 2]);
    }
    const shuffled = random.shuffle(Array.from({ length: 300 }, (_, k) => k % count));
    const blind = Int32Array.from(songs, (_, k) => shuffled[Math.floor(k / 3)]);
    // dealing blindly leaves each share with the deviation of a draw
    assert.ok(
      labelDistribution(folds, several) < labelDistribution(blind, several) / 2,
      `${count} folds`,
    );
  }
});

Deno.test("folds depend on the seed alone", () => {
  const split = (seed: number) =>
    splitByRecording(recordings, targets, { random: randomFrom(seed) });
  assert.deepEqual(split(1), split(1));
  assert.notDeepEqual(split(1), split(2));
});

Deno.test("a leak is found, counted and named", () => {
  assert.deepEqual(leaks(["a", "b", "b", "c"], ["b", "c", "d"]), ["b", "c"]);
  assertNoLeak(["a", "b"], ["c"]);
  assert.throws(() => assertNoLeak("abcde", "abcd"), {
    message:
      "4 recordings are in training and in validation at once (a, b, c, …): split by recording",
  });
});

Deno.test("the folds of the PyTorch baseline hold every recording once", () => {
  const folds = readFolds(FOLDS);
  assert.equal(folds.length, 5);
  assert.deepEqual(folds.flat().sort(), [...new Set(recordings)].sort());
});

Deno.test("folds that do not fit are refused", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = join(folder, "folds.json");
    const read = (content: unknown) => {
      Deno.writeTextFileSync(path, JSON.stringify(content));
      return () => readFolds(path);
    };
    assert.throws(read({ folds: [["a"], ["b", "a"]] }), /a is in fold 0 and in fold 1/);
    assert.throws(read({ folds: [["a"], []] }), /folds\.json holds no folds/);
    assert.throws(read([["a"], ["b"]]), /folds\.json holds no folds/);
    assert.throws(() => foldsOf(["a", "c"], [["a"], ["b"]]), /1 recordings are in no fold: c/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a split refuses shapes that do not fit and too few recordings", () => {
  const random = randomFrom(0);
  assert.throws(() => splitByRecording(["a"], new Uint8Array(22), { random }), /1 clips with 22/);
  assert.throws(
    () => splitByRecording(["a", "a"], new Uint8Array(22), { random, folds: 2 }),
    /1 recordings into 2 folds/,
  );
});
