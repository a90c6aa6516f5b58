import assert from "node:assert/strict";
import { join } from "node:path";
import { summarizeRelabelling } from "lib/curation/relabelling.ts";
import { countLabels, makeClip, makeDataSet } from "lib/datasets/clip.ts";
import { relabelledPatch, wrongLabelPatch } from "lib/datasets/known_patches.ts";
import type { Instrument } from "lib/datasets/labels.ts";
import { applyPatch, type Patch, readPatch, writePatch } from "lib/datasets/patch.ts";
import { loadRelabelledClips } from "lib/datasets/published.ts";
import { publishedTraining } from "lib/datasets/published_clips.ts";
import { withTree } from "./trees.ts";

const clip = (name: string, labels: Instrument[]) =>
  makeClip({ name, source: "own", labels, judged: labels, group: name });

const DATA = makeDataSet({
  name: "own",
  clips: [clip("a", ["cel"]), clip('b, "c"', ["vio"]), clip("d", ["pia"]), clip("e", ["voi"])],
});

const change = (name: string, from: Instrument[], to: Instrument[]) => ({ clip: name, from, to });

const PATCH: Patch = {
  name: "by ear",
  version: 3,
  source: "own",
  madeBy: "two listeners, half each",
  changes: [
    change("a", ["cel"], ["vio"]),
    change('b, "c"', ["vio"], ["vio", "voi"]),
    change("d", ["pia"], ["pia"]),
  ],
};

Deno.test("a patch changes what it names, and says what it did", () => {
  const { dataSet, changed, confirmed, unmatched, before, after, byDistance } = applyPatch(
    DATA,
    PATCH,
  );
  assert.deepEqual(dataSet.clips.map(({ labels }) => labels.join(" ")), [
    "vio",
    "vio voi",
    "pia",
    "voi",
  ]);
  assert.deepEqual(DATA.clips.map(({ labels }) => labels.join(" ")), ["cel", "vio", "pia", "voi"]);
  assert.deepEqual(changed, [
    change("a", ["cel"], ["vio"]),
    change('b, "c"', ["vio"], ["vio", "voi"]),
  ]);
  assert.equal(confirmed, 1);
  assert.deepEqual(unmatched, []);
  assert.deepEqual([before.cel, before.vio, before.pia, before.voi], [1, 1, 1, 0]);
  assert.deepEqual([after.cel, after.vio, after.pia, after.voi], [0, 2, 1, 1]);
  assert.deepEqual(byDistance, [1, 1, 1]);
  // what a listener decided on is no longer partial
  assert.deepEqual(dataSet.clips.map(({ judged }) => judged), [null, null, ["pia"], ["voi"]]);
  assert.match(dataSet.notes[0], /labels of 2 clips are changed by the patch by ear \(version 3\)/);
});

Deno.test("applied twice it changes nothing more", () => {
  const once = applyPatch(DATA, PATCH).dataSet, twice = applyPatch(once, PATCH);
  assert.deepEqual(twice.dataSet.clips, once.clips);
  assert.equal(twice.changed.length, 0);
  assert.equal(twice.confirmed, 3);
});

Deno.test("what it does not fit stays as it is, and is told", () => {
  const odd = {
    ...PATCH,
    changes: [...PATCH.changes, change("e", ["gel"], ["gac"]), change("f", [], ["cel"])],
  };
  const { dataSet, unmatched } = applyPatch(DATA, odd);
  assert.deepEqual(unmatched.map(({ where, what }) => `${where}: ${what.split(",")[0]}`), [
    'e: its labels are "voi"',
    "f: there is no such clip",
  ]);
  assert.deepEqual(dataSet.clips[3].labels, ["voi"]);
  assert.deepEqual(dataSet.problems, unmatched);
  assert.throws(
    () => applyPatch(DATA, { ...PATCH, source: "irmas-train" }),
    /the patch by ear \(version 3\) fits no clip of own: it is for irmas-train, e\.g\. a/,
  );
});

Deno.test("written and read again it is the same; its names may hold commas and quotation marks", () =>
  withTree({}, (folder) => {
    const path = join(folder, "patch.csv");
    writePatch(path, PATCH);
    assert.deepEqual(readPatch(path), PATCH);
    const unix = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, `\ufeff${unix.replaceAll("\n", "\r\n")}`);
    assert.deepEqual(readPatch(path), PATCH);
  }));

Deno.test("a patch that cannot be read is refused with its line", async () => {
  const head = "# name: x\n# version: 1\n# source: own\n# made by: me\nclip,from,to\n";
  for (
    const [text, message] of [
      [head.replace("# version: 1\n", ""), /does not begin with "# version: \.\.\."/],
      [head.replace("version: 1", "version: new"), /its version is "new", not 1, 2/],
      [head.replace(",to", ""), /no column "to"/],
      [`${head}a,cel,vio\nb,cel,kazoo\n`, /p\.csv, line 7: "kazoo" is no instrument/],
      [`${head}a,cel\n`, /p\.csv, line 6: it has too few or too many cells/],
      [`${head}a,cel,vio\nb,vio,\na,cel,voi\n`, /p\.csv, line 8: "a" stands there twice/],
    ] as const
  ) {
    await withTree({ "p.csv": text }, (folder) => {
      assert.throws(() => readPatch(join(folder, "p.csv")), message);
    });
  }
});

Deno.test("the 297 clips that were labelled anew: the study's figures, on the data set", () => {
  const { dataSet, changed, confirmed, unmatched, byDistance, after } = applyPatch(
    publishedTraining(),
    relabelledPatch(),
  );
  assert.equal(dataSet.clips.length, 6705);
  assert.deepEqual([changed.length, confirmed, unmatched.length], [155, 142, 0]);
  // the document's histogram, and what the summary of the listeners' answers gives another way
  assert.deepEqual(byDistance, [142, 105, 26, 23, 1]);
  assert.deepEqual(byDistance, summarizeRelabelling(loadRelabelledClips()).byDistance);
  assert.deepEqual(after, countLabels(loadRelabelledClips()));
});

Deno.test("the demo's planted labels are a patch", () =>
  withTree({
    "wrong_labels.csv": "file,label,wrong\nIRMAS-TrainingData/cel/[cel][cla]0025__2.wav,cel,flu\n",
  }, (folder) => {
    const { source, changes } = wrongLabelPatch(folder);
    assert.equal(source, "demo-train");
    assert.deepEqual(changes, [change("[cel][cla]0025__2.wav", ["cel"], ["flu"])]);
  }));
