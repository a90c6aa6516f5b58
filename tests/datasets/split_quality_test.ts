import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { loadMultiClips } from "lib/datasets/published.ts";
import { publishedTesting } from "lib/datasets/published_clips.ts";
import {
  labelDistribution,
  measureSongSplit,
  type SplitQuality,
  splitQuality,
} from "lib/datasets/split_quality.ts";
import { foldsOfClips, type PeerQuality, type PeerSplit, peerSplits } from "./peer_splits.ts";

const { clips } = publishedTesting();
const peers = peerSplits();

/** Sums of the same fractions in another order: rounding alone. */
function assertEqual(ours: SplitQuality, theirs: PeerQuality) {
  for (
    const [own, other] of [
      [ours.labelDistribution, theirs.ld],
      [ours.labelPairDistribution, theirs.lpd],
      [ours.exampleDistribution, theirs.ed],
    ]
  ) assert.ok(Math.abs(own - other) < 1e-12, `${own} instead of ${other}`);
}

function assertMeasured(run: PeerSplit, shares: number[]) {
  const quality = measureSongSplit(clips, foldsOfClips(clips, run), { shares });
  assertEqual(quality.songs, run.songs);
  assertEqual(quality.clips, run.clips);
  assert.deepEqual(quality.clips.sizes, run.clipsPerFold);
  assert.deepEqual(quality.leaks, []);
}

Deno.test("LD, LPD and ED of songs and clips are scikit-multilearn's", () => {
  for (const { shares, runs } of peers.splits) for (const run of runs) assertMeasured(run, shares);
});

Deno.test("the authors' halves have 1,544 and 1,330 clips, share no song, and measure as with scikit-multilearn", () => {
  assertMeasured(peers.authors, [0.5, 0.5]);
  const half = new Map(loadMultiClips().map((clip) => [clip.file, clip.half]));
  const folds = clips.map(({ name }) => half.get(name) === "validation" ? 1 : 0);
  assert.deepEqual(folds, [...foldsOfClips(clips, peers.authors)]);
  assert.deepEqual(measureSongSplit(clips, folds).clips.sizes, [1544, 1330]);
});

Deno.test("a perfect split measures 0, and the odds of a label are compared", () => {
  const targets = Uint8Array.from([1, 0, 1, 0]);
  assert.deepEqual(splitQuality([0, 0, 1, 1], targets, { labels: 1 }), {
    sizes: [2, 2],
    labelDistribution: 0,
    labelPairDistribution: 0,
    exampleDistribution: 0,
  });
  // fold 0 has 2 of 3 with the label: odds 2; fold 1 has 1 of 3: 1/2; all rows 1
  const uneven = Uint8Array.from([1, 1, 0, 1, 0, 0]);
  assert.equal(labelDistribution([0, 0, 0, 1, 1, 1], uneven, { labels: 1 }), 0.75);
});

Deno.test("a song in two folds is named, and counts in both", () => {
  const random = randomFrom("leak");
  const folds = clips.map(() => random.integer(0, 2));
  const { leaks, songs } = measureSongSplit(clips, folds);
  const sides = (song: string) => new Set(folds.filter((_, k) => clips[k].group === song)).size;
  const names = [...new Set(clips.map(({ group }) => group))];
  assert.deepEqual(leaks.toSorted(), names.filter((song) => sides(song) === 2).toSorted());
  assert.equal(songs.sizes[0] + songs.sizes[1], 208 + leaks.length);
});

Deno.test("a measure refuses shapes that do not fit", () => {
  assert.throws(
    () => splitQuality([0, 1], new Uint8Array(11)),
    /cannot measure a split of 2 rows with 11 targets, 11 a row/,
  );
});
