import assert from "node:assert/strict";
import { GENRES, loadMultiClips, loadSingleClips } from "lib/datasets/published.ts";
import {
  countIntervals,
  countKeys,
  countModes,
  interval,
  INTERVALS,
  parseKey,
  TONES,
} from "lib/music/tonality.ts";

const single = loadSingleClips(), multi = loadMultiClips();

Deno.test("keys of the single-instrument part", () => {
  assert.deepEqual(countKeys(single.map((clip) => clip.key)), {
    major: [448, 155, 423, 221, 278, 347, 123, 425, 218, 289, 285, 152],
    minor: [326, 134, 427, 146, 374, 298, 205, 381, 199, 436, 209, 206],
  });
  assert.deepEqual(countModes(single.map((clip) => clip.key)), { major: 3364, minor: 3341 });
});

Deno.test("keys of the multi-instrument part", () => {
  assert.deepEqual(countKeys(multi.map((clip) => clip.key)), {
    major: [157, 68, 171, 143, 70, 140, 49, 74, 71, 135, 84, 89],
    minor: [153, 79, 203, 110, 160, 101, 52, 249, 104, 251, 71, 90],
  });
});

Deno.test("intervals between root and most frequent tone", () => {
  assert.deepEqual(countIntervals(single), [4401, 61, 217, 469, 206, 195, 41, 968, 41, 3, 19, 84]);
  assert.deepEqual(countIntervals(multi), [1875, 34, 98, 160, 86, 61, 5, 471, 38, 2, 15, 29]);
});

Deno.test("modes by genre", () => {
  const modes = GENRES.map((genre) =>
    countModes(single.filter((clip) => clip.genre === genre).map((clip) => clip.key))
  );
  assert.deepEqual(modes.map(({ major, minor }) => [major, minor]), [
    [304, 178],
    [889, 786],
    [1220, 1256],
    [20, 22],
    [931, 1099],
  ]);
});

Deno.test("intervals are counted upward from the root, and up and down make an octave", () => {
  assert.equal(INTERVALS[interval("C", "G")], "perfect fifth");
  assert.equal(INTERVALS[interval("G", "C")], "perfect fourth");
  assert.equal(INTERVALS[interval("A#", "D")], "major third");
  for (const a of TONES) {
    for (const b of TONES) assert.equal((interval(a, b) + interval(b, a)) % 12, 0);
  }
});

Deno.test("what is no key or tone is refused with the known ones", () => {
  assert.deepEqual(parseKey("F# minor"), { root: "F#", mode: "minor" });
  assert.throws(() => parseKey("Db major"), /"Db" is no tone; known: C C#/);
  assert.throws(() => parseKey("C dorian"), /"C dorian" is no key/);
  assert.throws(() => interval("C", "H"), RangeError);
});
