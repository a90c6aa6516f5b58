import assert from "node:assert/strict";
import { join } from "node:path";
import { projectPath } from "lib/core/paths.ts";
import { clipTable } from "lib/datasets/clip_table.ts";
import {
  countLabels,
  formatProblems,
  joinDataSets,
  makeClip,
  makeDataSet,
  targetsOf,
} from "lib/datasets/clip.ts";
import { CATALOG, loadDataSet } from "lib/datasets/catalog.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { PUBLISHED_COUNTS } from "lib/datasets/published_counts.ts";
import { readDemo } from "lib/datasets/demo/clips.ts";
import { ownPlace, placeOf, rememberPlace } from "lib/datasets/places.ts";
import { WAV, withTree } from "./trees.ts";

const CLIPS = [
  makeClip({ name: "a", source: "x", labels: ["cel", "voi"], group: "g", tags: { drums: true } }),
  makeClip({ name: "b", source: "x", labels: [], judged: ["gac"], group: "g", seconds: 3 }),
  makeClip({
    name: "a",
    source: "y",
    labels: ["voi"],
    group: "h",
    tags: { genre: "cla", tempo: 90 },
  }),
];

Deno.test("a name is there once in each source", () => {
  const twice = makeDataSet({ name: "d", clips: [...CLIPS, { ...CLIPS[0], path: "p/a.wav" }] });
  assert.deepEqual(twice.clips, CLIPS);
  assert.deepEqual(twice.problems, [{ where: "p/a.wav", what: "its name is there already" }]);
  const joined = joinDataSets("e", [
    makeDataSet({ name: "x", clips: CLIPS.slice(0, 2), tallies: { rows: 2 }, notes: ["one"] }),
    makeDataSet({ name: "y", clips: CLIPS.slice(2), problems: twice.problems }),
  ]);
  assert.deepEqual([joined.clips, joined.tallies, joined.notes], [CLIPS, { rows: 2 }, ["one"]]);
  assert.deepEqual(joined.problems, twice.problems);
});

Deno.test("label vectors and counts", () => {
  const targets = targetsOf(CLIPS);
  assert.deepEqual([...targets.keys()].filter((k) => targets[k]), [0, 10, 32]);
  const { cel, voi, ...others } = countLabels(CLIPS);
  assert.deepEqual([cel, voi, ...Object.values(others)], [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

Deno.test("as a table: a column for every tag that is known of any clip", () => {
  const table = clipTable(CLIPS);
  assert.deepEqual(table.columns, [
    ..."name source labels judged group seconds split genre drums tempo path".split(" "),
  ]);
  assert.deepEqual(table.toRecords()[1], {
    name: "b",
    source: "x",
    labels: "",
    judged: "gac",
    group: "g",
    seconds: 3,
    split: null,
    genre: null,
    drums: null,
    tempo: null,
    path: null,
  });
  assert.deepEqual(table.getColumn("drums").toArray(), [true, null, null]);
  assert.equal(clipTable([]).height, 0);
});

Deno.test("the first problems, and how many more there are", () => {
  const problems = Array.from({ length: 1203 }, (_, k) => ({ where: `f${k}`, what: "odd" }));
  assert.deepEqual(formatProblems(problems, { limit: 2 }), [
    "f0: odd",
    "f1: odd",
    "... and 1,201 more",
  ]);
  assert.deepEqual(formatProblems(problems.slice(0, 2), { limit: 2 }), ["f0: odd", "f1: odd"]);
});

Deno.test("places are remembered, and said to be gone when they are", () =>
  withTree({ "here/a.wav": WAV }, async (folder) => {
    const file = join(folder, "places.json"), here = join(folder, "here");
    assert.equal(placeOf("nothing", { file }), undefined);
    rememberPlace("own", here, { file });
    rememberPlace("other", folder, { file });
    assert.deepEqual([placeOf("own", { file }), placeOf("other", { file })], [here, folder]);
    Deno.removeSync(here, { recursive: true });
    assert.throws(
      () => placeOf("own", { file }),
      /own was at .*here, where nothing is now: .*lumen data own --root PATH/,
    );
    assert.equal(placeOf("published", { file }), ownPlace("published"));
    await assert.rejects(() => loadDataSet("esc50", { root: folder }), /there is no ESC-50/);
  }));

Deno.test("the demo is a data set with all that its truth table knows", () => {
  const head =
    "file,part,labels,recording,seconds,key,tempo,beats_per_bar,genre,drums,bass,fault,presets,sha256\n";
  const truth = head +
    "IRMAS-TrainingData/cel/[cel][cla]0001__1.wav,train,cel,[cel][cla]0001,0.4,D minor,90,4,cla,false,true,short,cel=A/0:42,00\n" +
    "IRMAS-TestingData/Part1/001 - Tune-2.wav,songs,cel voi,001 - Tune,12.5,C major,120,3,pop_roc,true,false,,voi=B/0:52,00\n";
  return withTree({ "truth.csv": truth }, (folder) => {
    const { clips } = readDemo(folder);
    assert.deepEqual(clips.map(({ judged: _, limit: __, ...clip }) => clip), [
      {
        name: "[cel][cla]0001__1.wav",
        path: join(folder, "IRMAS-TrainingData/cel/[cel][cla]0001__1.wav"),
        source: "demo-train",
        labels: ["cel"],
        group: "[cel][cla]0001",
        seconds: 0.4,
        split: "train",
        tags: { genre: "cla", drums: false, key: "D minor", tempo: 90, fault: "short" },
      },
      {
        name: "001 - Tune-2.wav",
        path: join(folder, "IRMAS-TestingData/Part1/001 - Tune-2.wav"),
        source: "demo-songs",
        labels: ["cel", "voi"],
        group: "001 - Tune",
        seconds: 12.5,
        split: "test",
        tags: { genre: "pop_roc", drums: true, key: "C major", tempo: 120 },
      },
    ]);
  });
});

Deno.test("data/README.md has a card for every data set of the catalog", () => {
  const page = Deno.readTextFileSync(projectPath("data", "README.md"));
  for (const name of Object.keys(CATALOG)) assert.match(page, new RegExp(`^## .*\`${name}\``, "m"));
  const counts = (source: string) =>
    INSTRUMENTS.map((code) => PUBLISHED_COUNTS.irmas[source].labels![code].toLocaleString("en"));
  for (const [title, source] of [["training", "irmas-train"], ["testing", "irmas-test"]]) {
    assert.ok(page.includes(`| ${title} | ${counts(source).join(" | ")} |`), title);
  }
});
