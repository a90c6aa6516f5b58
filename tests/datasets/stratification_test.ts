import assert from "node:assert/strict";
import { mean } from "lib/core/statistics.ts";
import { randomFrom } from "lib/core/random.ts";
import { targetsOf } from "lib/datasets/clip.ts";
import { publishedTesting } from "lib/datasets/published_clips.ts";
import { measureSongSplit } from "lib/datasets/split_quality.ts";
import { halveSongs, stratify, stratifyGroups } from "lib/datasets/stratification.ts";
import { peerSplits } from "./peer_splits.ts";

const { clips } = publishedTesting();
const songs = clips.map(({ group }) => group);
const targets = targetsOf(clips);

for (const { order, shares, runs } of peerSplits().splits) {
  Deno.test(`songs split by order ${order} into ${shares.join(" + ")} are as even as scikit-multilearn's`, () => {
    const split = (attempts?: number) =>
      runs.map((_, seed) => {
        const random = randomFrom("songs", seed);
        const folds = stratifyGroups(songs, targets, { order, shares, random, attempts });
        const quality = measureSongSplit(clips, folds, { shares });
        assert.deepEqual(quality.leaks, [], "songs on both sides");
        return quality;
      });
    // means of 20 seeds each; what is compared is what is measured, so there is no tolerance
    const once = split(1).map((quality) => quality.songs);
    const theirs = runs.map((run) => run.songs);
    assert.ok(mean(once.map((q) => q.labelDistribution)) <= mean(theirs.map(({ ld }) => ld)));
    assert.ok(mean(once.map((q) => q.labelPairDistribution)) <= mean(theirs.map(({ lpd }) => lpd)));
    // sizes come after labels here as there: within a song
    assert.ok(mean(once.map((q) => q.exampleDistribution)) <= mean(theirs.map(({ ed }) => ed)) + 1);
    // the best of twenty is so for songs and for clips
    const best = split();
    for (const level of ["songs", "clips"] as const) {
      const own = best.map((quality) => quality[level]), other = runs.map((run) => run[level]);
      assert.ok(mean(own.map((q) => q.labelDistribution)) < mean(other.map(({ ld }) => ld)));
      assert.ok(mean(own.map((q) => q.labelPairDistribution)) < mean(other.map(({ lpd }) => lpd)));
      assert.ok(mean(own.map((q) => q.exampleDistribution)) < mean(other.map(({ ed }) => ed)));
    }
  });
}

Deno.test("2,874 clips are placed in under a second", () => {
  const start = performance.now();
  const folds = stratifyGroups(songs, targets, { random: randomFrom("time") });
  const milliseconds = performance.now() - start;
  assert.equal(folds.length, 2874);
  assert.ok(milliseconds < 1000, `${milliseconds} ms`);
});

Deno.test("where every label can be split evenly, it is", () => {
  // 8 rows of each of 4 disjoint pairs of labels: every fold of 4 gets 2 of each
  const pairs = Array.from({ length: 32 }, (_, k) => Math.floor(k / 8));
  const rows = new Uint8Array(32 * 8);
  pairs.forEach((pair, row) => rows.fill(1, row * 8 + 2 * pair, row * 8 + 2 * pair + 2));
  for (const order of [1, 2] as const) {
    const folds = stratify(rows, {
      labels: 8,
      order,
      shares: [0.25, 0.25, 0.25, 0.25],
      random: randomFrom("even", order),
    });
    for (let fold = 0; fold < 4; fold++) {
      const own = pairs.filter((_, row) => folds[row] === fold);
      assert.deepEqual(own, [0, 0, 1, 1, 2, 2, 3, 3]);
    }
  }
});

Deno.test("pairs of labels are kept by order 2, not by order 1", () => {
  // both labels alone, together and neither, 40 rows each: order 1 splits 80 and 80, and any number of the pairs
  const rows = new Uint8Array(160 * 2);
  for (let row = 0; row < 160; row++) {
    rows[2 * row] = row % 2;
    rows[2 * row + 1] = (row >> 1) % 2;
  }
  const pairs = (order: 1 | 2) =>
    Array.from({ length: 10 }, (_, seed) => {
      const folds = stratify(rows, { labels: 2, order, random: randomFrom("pairs", seed) });
      return folds.filter((fold, row) => fold === 0 && rows[2 * row] && rows[2 * row + 1]).length;
    });
  assert.deepEqual(new Set(pairs(2)), new Set([20]));
  assert.ok(new Set(pairs(1)).size > 1);
});

Deno.test("the rarest label comes first: later its rows would have no choice", () => {
  // label 0 in two rows, label 1 in these and 38 others
  const rows = new Uint8Array(40 * 2);
  for (let row = 0; row < 40; row++) rows[2 * row + 1] = 1;
  rows[2 * 11] = rows[2 * 30] = 1;
  for (let seed = 0; seed < 20; seed++) {
    const folds = stratify(rows, { labels: 2, order: 1, random: randomFrom("rare", seed) });
    assert.notEqual(folds[11], folds[30], `seed ${seed}`);
    assert.equal(folds.filter((fold) => fold === 0).length, 20);
  }
});

Deno.test("where a label does not decide, the emptier fold does", () => {
  const rows = new Uint8Array(20 * 20);
  for (let row = 0; row < 20; row++) rows[20 * row + row] = 1;
  for (let seed = 0; seed < 20; seed++) {
    const folds = stratify(rows, { labels: 20, random: randomFrom("single", seed) });
    assert.equal(folds.filter((fold) => fold === 0).length, 10, `seed ${seed}`);
  }
});

Deno.test("rows without a label fill up the folds", () => {
  const rows = new Uint8Array(100 * 11);
  for (let row = 0; row < 10; row++) rows[row * 11] = 1;
  const folds = stratify(rows, { shares: [0.3, 0.7], random: randomFrom("unlabelled") });
  assert.equal(folds.filter((fold) => fold === 0).length, 30);
  assert.equal(folds.subarray(0, 10).filter((fold) => fold === 0).length, 3);
});

Deno.test("a stratification depends on the seed alone", () => {
  const split = (seed: number) => stratifyGroups(songs, targets, { random: randomFrom(seed) });
  assert.deepEqual(split(1), split(1));
  assert.notDeepEqual(split(1), split(2));
});

Deno.test("a label that every row has does not hinder", () => {
  const rows = new Uint8Array(40 * 11);
  for (let row = 0; row < 40; row++) rows[row * 11] = rows[row * 11 + 1 + row % 2] = 1;
  const groups = Array.from({ length: 40 }, (_, row) => `group ${row}`);
  const folds = stratifyGroups(groups, rows, { random: randomFrom("all") });
  for (const fold of [0, 1]) {
    const own = groups.keys().filter((row) => folds[row] === fold).toArray();
    assert.equal(own.length, 20);
    assert.equal(own.filter((row) => row % 2).length, 10);
  }
});

Deno.test("songs are halved by the sides of their clips", () => {
  const side = halveSongs(clips, { random: randomFrom("halves") });
  const folds = stratifyGroups(songs, targets, { random: randomFrom("halves") });
  assert.deepEqual(clips.map(side), Array.from(folds, (fold) => fold ? "validation" : "train"));
});

Deno.test("a stratification refuses shares and shapes that do not fit", () => {
  const random = randomFrom(0);
  assert.throws(() => stratify(new Uint8Array(22), { shares: [0.5, 0.6], random }), {
    message: "shares of folds must be positive and sum to 1, not 0.5 + 0.6",
  });
  assert.throws(() => stratify(new Uint8Array(22), { shares: [1.5, -0.5], random }), /positive/);
  assert.throws(() => stratify(new Uint8Array(23), { random }), /23 targets are no rows of 11/);
  assert.throws(
    () => stratifyGroups(["a"], new Uint8Array(22), { random }),
    /cannot split 1 rows with 22 targets, 11 a row/,
  );
  assert.throws(
    () => stratifyGroups(["a"], new Uint8Array(11), { random, attempts: 0 }),
    /cannot split in 0 attempts/,
  );
});
