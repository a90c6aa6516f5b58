import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import {
  alikeRows,
  connected,
  joinGroups,
  judgeDuplicates,
  publishedDuplicates,
  summarizeDuplicates,
} from "lib/curation/duplicates.ts";
import { makeClip } from "lib/datasets/clip.ts";
import type { Instrument } from "lib/datasets/labels.ts";
import { standardDeviation } from "lib/core/statistics.ts";
import { loadFeatures } from "lib/datasets/published.ts";

Deno.test("rows are equal to the last bit, or not", () => {
  const almost = 0.1 + 0.2; // not 0.3
  const values = Float64Array.from([0.3, 1, 2, 3, almost, 1, 2, 3, 0.3, 1, 2, 4]);
  assert.deepEqual(alikeRows(values, { columns: 2 }), [[0, 4], [1, 3]]);
  assert.deepEqual(alikeRows(new Float64Array(6), { columns: 3 }), [[0, 1]]);
  assert.throws(() => alikeRows(new Float64Array(7), { columns: 3 }), /7 values in rows of 3/);
  assert.throws(() => alikeRows(values, { columns: 2, distance: -1 }), /distance of -1/);
});

Deno.test("rows are alike where comparing all with all says so", () => {
  const random = randomFrom("alike"), rows = 300, columns = 3, distance = 0.3;
  const values = Float64Array.from(
    { length: rows * columns },
    (_, k) => random.normal(5, 10 ** (k % columns)),
  );
  const deviations = [0, 1, 2].map((k) =>
    standardDeviation(values.filter((_, at) => at % columns === k))
  );
  const pairs: [number, number][] = [];
  for (let a = 0; a < rows; a++) {
    for (let b = a + 1; b < rows; b++) {
      const parts = deviations.map((deviation, k) =>
        (values[3 * a + k] - values[3 * b + k]) / deviation
      );
      if (Math.hypot(...parts) <= distance) pairs.push([a, b]);
    }
  }
  assert.ok(pairs.length > 50);
  assert.deepEqual(alikeRows(values, { columns, distance }), connected(pairs));
});

Deno.test("the published test features have 2,864 different rows; all ten pairs are of one song, labelled otherwise", () => {
  const { values, features } = loadFeatures("irmas_multi_features_25");
  const sets = alikeRows(values, { columns: features.length });
  // counted by the tables' README: 2,874 - 2,864
  assert.equal(sets.reduce((sum, set) => sum + set.length - 1, 0), 10);
  const test = publishedDuplicates().filter(({ sides }) => sides[0].startsWith("test"));
  assert.equal(test.length, sets.length);
  for (const { clips, labelsAgree, oneGroup, sides } of test) {
    assert.equal(clips[0].group, "06 - Lali Puna - Faking the Books");
    assert.deepEqual([labelsAgree, oneGroup, sides], [false, true, ["test, train half"]]);
    assert.equal(clips.length, 2);
  }
});

Deno.test("the training part's 68 pairs lie in different recordings, three of them called another instrument", () => {
  const training = publishedDuplicates().filter(({ sides }) => sides.includes("training"));
  // 6,705 clips, 6,637 different rows, says the tables' README; 68 too among the 28 features, measured by others
  assert.equal(summarizeDuplicates(training).surplus, 6705 - 6637);
  const { files, values, features } = loadFeatures("irmas_single_features_28");
  const names = (set: readonly string[]) => set.toSorted().join(" = ");
  assert.deepEqual(
    alikeRows(values, { columns: features.length }).map((set) => names(set.map((k) => files[k])))
      .sort(),
    training.map(({ clips }) => names(clips.map(({ name }) => name))).sort(),
  );
  assert.ok(training.every(({ oneGroup, sides }) => !oneGroup && sides.length === 1));
  const wrong = training.filter(({ labelsAgree }) => !labelsAgree);
  const pairs = wrong.map(({ clips }) => names(clips.map(({ group }) => group)));
  assert.deepEqual(new Set(pairs).size, 3);
  assert.ok(
    wrong.every(({ clips }) => names(clips.map(({ labels }) => labels[0])) === "gac = gel"),
  );
});

Deno.test("nearly equal rows are of the training clips that are there with and without a number before them", () => {
  const exact = publishedDuplicates(), near = publishedDuplicates({ distance: 0.05 });
  const key = ({ clips }: (typeof near)[number]) => clips.map(({ name }) => name).join(" = ");
  const known = new Set(exact.map(key));
  assert.ok(known.isSubsetOf(new Set(near.map(key))));
  const bare = (file: string) => file.replace(/^\d+__/, "").replace(/\[(dru|nod)\]/, "");
  const more = near.filter((set) => !known.has(key(set)));
  assert.ok(more.length > 0);
  for (const { clips } of more) {
    assert.equal(new Set(clips.map(({ name }) => bare(name))).size, 1);
    assert.equal(clips.length, 2);
  }
});

Deno.test("no clip of the training part has a twin in the test part", () => {
  const [training, test] = (["irmas_single_features_25", "irmas_multi_features_25"] as const).map(
    (name) => {
      const { files, values } = loadFeatures(name);
      return new Set(files.map((_, row) => `${values.subarray(25 * row, 25 * row + 25)}`));
    },
  );
  assert.equal(training.intersection(test).size, 0);
  assert.equal(summarizeDuplicates(publishedDuplicates()).acrossSides, 0);
});

Deno.test("pairs connect clips to sets, whatever their order", () => {
  const random = randomFrom("pairs");
  const pairs: [number, number][] = [[1, 2], [2, 9], [9, 4], [5, 6], [4, 1], [7, 8], [8, 5]];
  for (let trial = 0; trial < 20; trial++) {
    const mixed = random.shuffle(pairs).map(([a, b]) => random.chance(0.5) ? [a, b] : [b, a]);
    assert.deepEqual(connected(mixed as [number, number][]), [[1, 2, 4, 9], [5, 6, 7, 8]]);
  }
});

Deno.test("groups that share a sound become one, others stay", () => {
  const groups = ["a", "a", "b", "c", "d", "e"];
  assert.deepEqual(joinGroups(groups, [[1, 3], [2, 5]]), ["a", "a", "b", "a", "d", "b"]);
  assert.deepEqual(joinGroups(groups, [[3, 2], [2, 0]]), ["a", "a", "a", "a", "d", "e"]);
  assert.deepEqual(joinGroups(groups, [[0, 1]]), groups);
});

Deno.test("duplicates on two sides are a leak", () => {
  const clip = (name: string, split: "train" | "validation" | null, labels: Instrument[]) =>
    makeClip({ name, labels, group: name[0], source: "made up", split });
  const clips = [
    clip("a1", "train", ["cel", "pia"]),
    clip("b1", "validation", ["pia", "cel"]),
    clip("b2", "validation", ["pia"]),
    clip("c1", null, ["pia"]),
  ];
  const [leak, twins, other] = judgeDuplicates([[0, 1], [1, 2], [2, 3]], clips);
  assert.deepEqual(leak, {
    clips: [clips[0], clips[1]],
    labelsAgree: true,
    oneGroup: false,
    sides: ["train", "validation"],
  });
  assert.deepEqual([twins.labelsAgree, twins.oneGroup, twins.sides], [false, true, ["validation"]]);
  assert.deepEqual(other.sides, ["validation", "made up"]);
  assert.deepEqual(summarizeDuplicates([leak, twins]), {
    sets: 2,
    clips: 4,
    surplus: 2,
    disagreeing: 1,
    acrossGroups: 1,
    acrossSides: 1,
  });
  const [{ sides }] = judgeDuplicates([[0, 1]], clips, { sideOf: ({ group }) => group });
  assert.deepEqual(sides, ["a", "b"]);
});
