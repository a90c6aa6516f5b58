import assert from "node:assert/strict";
import { join } from "node:path";
import { assertWhole } from "lib/datasets/clip.ts";
import { readIrmas } from "lib/datasets/irmas_clips.ts";
import { loadDataSet } from "lib/datasets/catalog.ts";
import { IRMAS_TREE, told, WAV, withTree } from "./trees.ts";

Deno.test("IRMAS as unpacked: labels, recordings, songs and tags of both parts", () =>
  withTree(IRMAS_TREE, (root) => {
    const { clips, problems } = readIrmas(root);
    assert.deepEqual(problems, []);
    const rows = clips.map(({ source, labels, group, tags, split }) =>
      [source, labels.join(" "), group, tags, split] as const
    );
    assert.deepEqual(rows, [
      ["irmas-train", "cel", "008__[cel][nod][cla]0058", { genre: "cla", drums: false }, "train"],
      ["irmas-train", "cel", "008__[cel][nod][cla]0058", { genre: "cla", drums: false }, "train"],
      ["irmas-train", "cla", "[cla][cla]0150", { genre: "cla" }, "train"],
      ["irmas-train", "gel", "014__[gel][---][pop_roc]0978", { genre: "pop_roc" }, "train"],
      [
        "irmas-train",
        "voi",
        "001__[voi][dru][lat_sou]2547",
        { genre: "lat_sou", drums: true },
        "train",
      ],
      ["irmas-test", "gel voi", '(02) don\'t kill, "the" whale', { part: "Part1" }, "test"],
      ["irmas-test", "gel", '(02) don\'t kill, "the" whale', { part: "Part1" }, "test"],
      ["irmas-test", "pia", "F\u00fcr Elise [live]", { part: "Part2" }, "test"],
      ["irmas-test", "cla pia", "F\u00fcr Elise [live]", { part: "Part3" }, "test"],
    ]);
    for (const { path } of clips) assert.ok(Deno.statSync(path!).isFile);
  }));

Deno.test("one part is enough, and the folder of the training part too", async () => {
  await withTree(IRMAS_TREE, (root) => {
    assert.equal(readIrmas(join(root, "IRMAS-TrainingData")).clips.length, 5);
    Deno.removeSync(join(root, "IRMAS-TrainingData"), { recursive: true });
    assert.equal(readIrmas(root).clips.length, 4);
    assert.equal(readIrmas(join(root, "IRMAS-TestingData-Part1")).clips.length, 2);
  });
  // as the demo has it
  const inOne = {
    "IRMAS-TestingData/Part1/a-1.wav": WAV,
    "IRMAS-TestingData/Part1/a-1.txt": "cel",
  };
  await withTree(inOne, (root) => assert.equal(readIrmas(root).clips.length, 1));
  const otherName = {
    "IRMAS-TestingData-Part2/IRTestingData-Part2/a-1.wav": WAV,
    "IRMAS-TestingData-Part2/IRTestingData-Part2/a-1.txt": "cel",
  };
  await withTree(otherName, (root) => assert.equal(readIrmas(root).clips.length, 1));
  await withTree({ "x/y.wav": WAV }, (root) => {
    assert.throws(() => readIrmas(root), /no IRMAS in .*expected IRMAS-TrainingData/);
  });
});

Deno.test("what does not fit is left out, and told with its file and what was expected", () => {
  const wrong = {
    "IRMAS-TrainingData/dru/[dru][cla]0001__1.wav": WAV,
    "IRMAS-TrainingData/loose.wav": WAV,
    "IRMAS-TrainingData/cel/[cla][cla]0001__1.wav": WAV,
    "IRMAS-TrainingData/cel/celcla0001__1.wav": WAV,
    "IRMAS-TrainingData/flu/[flu][cla]0001__1.mp3": WAV,
    "IRMAS-TestingData-Part1/Part1/no labels-1.wav": WAV,
    "IRMAS-TestingData-Part1/Part1/no sound-1.txt": "cel",
    "IRMAS-TestingData-Part1/Part1/readme.txt": "not labels",
    "IRMAS-TestingData-Part1/Part1/bass-1.wav": WAV,
    "IRMAS-TestingData-Part1/Part1/bass-1.txt": "cel\t\nbas\t\n",
    "IRMAS-TestingData-Part1/Part1/no number.wav": WAV,
    "IRMAS-TestingData-Part1/Part1/no number.txt": "cel",
  };
  return withTree({ ...IRMAS_TREE, ...wrong }, (root) => {
    const dataSet = readIrmas(root), lines = told(dataSet);
    assert.equal(dataSet.clips.length, 9);
    const expected = [
      /^IRMAS-TrainingData\/cel\/\[cla\]\[cla\]0001__1\.wav: its name says cla, its folder cel$/,
      /^IRMAS-TrainingData\/cel\/celcla0001__1\.wav: .*expected NNN__\[instrument\]/,
      /^IRMAS-TrainingData\/dru: the folder is named after no class; known: cel cla/,
      /^IRMAS-TrainingData\/flu\/\[flu\]\[cla\]0001__1\.mp3: cannot read/,
      /^IRMAS-TrainingData\/loose\.wav: it lies in no class's folder$/,
      /^Part1\/bass-1\.wav: bass-1\.txt, line 2: "bas" is no instrument/,
      /^Part1\/no labels-1\.wav: there is no label file no labels-1\.txt/,
      /^Part1\/no number\.wav: .*expected the song, "-", a number/,
      /^Part1\/no sound-1\.txt: there is no sound file/,
    ];
    assert.equal(lines.length, expected.length, lines.join("\n"));
    expected.forEach((pattern, k) => assert.match(lines[k], pattern));
    assert.throws(() => assertWhole(dataSet), /^Error: 9 problems in irmas: IRMAS-TrainingData/);
  });
});

Deno.test("one name in both of Unicode's spellings is a repeat", () => {
  const twice = {
    "IRMAS-TestingData-Part1/Part1/caf\u00e9-1.wav": WAV,
    "IRMAS-TestingData-Part1/Part1/caf\u00e9-1.txt": "cel",
    "IRMAS-TestingData-Part2/Part2/cafe\u0301-1.wav": WAV,
    "IRMAS-TestingData-Part2/Part2/cafe\u0301-1.txt": "cel",
  };
  return withTree(twice, (root) => {
    const dataSet = readIrmas(root);
    assert.equal(dataSet.clips.length, 1);
    assert.match(told(dataSet)[0], /Part2.*: its name is there already/);
  });
});

Deno.test("loaded by name: lengths from headers; strict makes a broken file an error", () =>
  withTree(IRMAS_TREE, async (root) => {
    const { clips } = await loadDataSet("irmas", { root, strict: true });
    assert.ok(clips.every(({ seconds }) => seconds === 0.1));
    const broken = join(root, "IRMAS-TrainingData/cla/[cla][cla]0150__1.wav");
    Deno.writeFileSync(broken, WAV.subarray(0, 500));
    const rest = await loadDataSet("irmas", { root });
    assert.equal(rest.clips.length, 8);
    assert.match(told(rest)[0], /0150__1\.wav: .*cut short/);
    await assert.rejects(
      () => loadDataSet("irmas", { root, strict: true }),
      /a problem in irmas: .*0150__1\.wav.*cut short/,
    );
  }));
