import assert from "node:assert/strict";
import { join } from "node:path";
import { projectPath } from "lib/core/paths.ts";
import { readNpz, writeNpz } from "lib/core/npz.ts";
import { LEAST_RELEVANCE, OPENMIC_CLASSES } from "lib/datasets/openmic_labels.ts";
import { readOpenMic, readOpenMicMatrix } from "lib/datasets/openmic.ts";
import { loadOpenMicFeatures, publishedTable } from "lib/datasets/published.ts";
import { publishedOpenMic } from "lib/datasets/published_clips.ts";
import { OGG, told, type Tree, withTree } from "./trees.ts";

const FIXTURES = projectPath("tests", "fixtures", "openmic");
const LABELS = "openmic-2018-aggregated-labels.csv";
const KEYS = [
  "000046_3840",
  "000135_483840",
  "000139_119040",
  "000178_3840",
  "000308_61440",
  "000312_184320",
  "000319_145920",
  "095253_134400",
];

/** The archive: labels of the fixture, partitions and sounds. */
const ARCHIVE: Tree = {
  ...Object.fromEntries(
    [LABELS, "openmic-2018.npz", "class-map.json"].map((name) =>
      [name, Deno.readFileSync(join(FIXTURES, name))] as const
    ),
  ),
  "partitions/split01_train.csv": KEYS.slice(0, 5).join("\n") + "\n",
  "partitions/split01_test.csv": KEYS.slice(5).join("\r\n") + "\r\n",
  ...Object.fromEntries(KEYS.map((key) => [`audio/${key.slice(0, 3)}/${key}.ogg`, OGG])),
};

const inFolder = (files: Tree): Tree =>
  Object.fromEntries(Object.entries(files).map(([name, data]) => [`openmic-2018/${name}`, data]));

Deno.test("OpenMIC as unpacked: D11's rule keeps several labels, and says what nobody was asked", () =>
  withTree(inFolder(ARCHIVE), async (root) => {
    const { clips, problems, tallies, notes } = await readOpenMic(root);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      clips.map(({ name, labels, judged, tags, split }) =>
        [name, labels.join(" "), judged!.join(" "), tags, split] as const
      ),
      [
        ["000135_483840", "cel pia", "cel pia", {}, "train"],
        ["000178_3840", "voi", "voi", {}, "train"],
        ["000308_61440", "vio", "vio", { guitar: 1 }, "train"],
        ["000312_184320", "", "", { guitar: 0.85 }, "test"],
        // a relevance of 0.8 is not above 0.8; no guitar is neither of the two
        ["000319_145920", "sax", "gac gel org sax", {}, "test"],
        // the errata say that there is a piano
        ["095253_134400", "pia", "pia", {}, "test"],
      ],
    );
    assert.deepEqual(clips.map(({ group }) => group), clips.map(({ name }) => name.slice(0, 6)));
    assert.deepEqual(Object.values(tallies), [8, 15, 5, 3]);
    assert.match(
      notes.join("\n"),
      /2 clips have none of our instruments[\s\S]*1 labels are corrected/,
    );
    assert.equal(
      (await readOpenMic(join(root, "openmic-2018"), { least: 0.79 })).clips[4].labels[0],
      "org",
    );
  }));

Deno.test("the matrices of the .npz say the same in three values", async () => {
  const relevance = await readOpenMicMatrix(FIXTURES, KEYS);
  const classes = Object.keys(OPENMIC_CLASSES);
  const at = (key: string, name: string) =>
    relevance[KEYS.indexOf(key) * classes.length + classes.indexOf(name)];
  assert.equal(at("000046_3840", "clarinet"), 0.17105);
  assert.equal(at("000046_3840", "flute"), 0);
  assert.equal(at("000139_119040", "mallet_percussion"), 0.9);
  assert.equal(relevance.filter((value) => !Number.isNaN(value)).length, 15);
  await assert.rejects(() => readOpenMicMatrix(FIXTURES, KEYS.slice(1)), /\(8,20\).*\(7,20\)/);
});

Deno.test("matrices with other labels than the table are told", () =>
  withTree(ARCHIVE, async (root) => {
    const path = join(root, "openmic-2018.npz");
    const { Y_true, Y_mask } = Object.fromEntries(
      await readNpz(path, { only: ["Y_true", "Y_mask"] }),
    );
    const changed = (Y_true.data as Float64Array).slice();
    changed[3 * 20 + 19] = 0.2; // 000178_3840, voice
    await writeNpz(path, {
      Y_true: { shape: [8, 20], data: changed },
      Y_mask: { ...Y_mask, data: Y_mask.data as Uint8Array },
    });
    const dataSet = await readOpenMic(root);
    assert.deepEqual(told(dataSet), ["openmic-2018.npz: 1 clips have other labels: 000178_3840"]);
    assert.equal(dataSet.clips.length, 6);
  }));

Deno.test("lines, partitions and sounds that do not fit are told with their place", () => {
  const { "audio/000/000178_3840.ogg": _, ...rest } = ARCHIVE;
  const table = Deno.readTextFileSync(join(FIXTURES, LABELS)) +
    "000046_3840,kazoo,1.0,3\n000046_3840,flute,1.0,3\n46_3840,flute,1.0,3\n" +
    "000139_119040,voice,1.5,3\n000139_119040,piano,,3\n000139_119040,cello\n";
  const files = {
    ...rest,
    [LABELS]: table,
    "partitions/split01_test.csv": KEYS.slice(4, 7).join("\n"),
    "audio/000/000999_0.ogg": OGG,
  };
  return withTree(files, async (root) => {
    const dataSet = await readOpenMic(root), lines = told(dataSet);
    assert.equal(dataSet.clips.length, 5);
    for (
      const pattern of [
        /labels\.csv, line 22: it has too few or too many cells/,
        /labels\.csv, line 17: "kazoo" is no class; known: accordion, banjo/,
        /labels\.csv, line 18: 000046_3840 has "flute" twice/,
        /labels\.csv, line 19: "46_3840" is no key/,
        /labels\.csv, line 20: relevance "1\.5" is not 0 to 1/,
        /labels\.csv, line 21: relevance "" is not 0 to 1/,
        /split01_test\.csv, line 1: 000308_61440 is in a partition already/,
        /095253_134400 is in neither partition/,
        /audio\/000\/000178_3840\.ogg: it is not there/,
        /audio\/000\/000999_0\.ogg: it has no labels/,
      ]
    ) assert.ok(lines.some((line) => pattern.test(line)), `${pattern}\n${lines.join("\n")}`);
    assert.equal(lines.length, 10);
  });
});

Deno.test("a folder that is no OpenMIC, or whose table lacks a column, is refused", async () => {
  await withTree(
    { "a.txt": "" },
    (root) =>
      assert.rejects(
        () => readOpenMic(root),
        /there is no OpenMIC-2018 in .*expected openmic-2018-agg/,
      ),
  );
  await withTree(
    { [LABELS]: "sample_key,instrument\n" },
    (root) =>
      assert.rejects(() => readOpenMic(root), /no column "relevance", but sample_key, instrument/),
  );
});

Deno.test("on the real labels of 5,085 clips D11's rule gives what the authors' table kept", () => {
  const { clips } = publishedOpenMic(), { keys } = loadOpenMicFeatures();
  assert.equal(keys.length, 5085);
  const ours = new Map(clips.map((clip) => [clip.name, clip]));
  const theirs = new Map(
    (publishedTable("openmic_single_label").toRecords() as { key: string; labels: string }[])
      .filter(({ key }) => keys.includes(key)).map(({ key, labels }) => [key, labels]),
  );
  assert.equal(theirs.size, 1947);
  // they kept one label of each clip: it is one of ours, or the kind of a guitar
  const without = [...theirs].filter(([key, label]) => {
    const clip = ours.get(key);
    const guitar = ["gac", "gel"].includes(label) && clip?.tags.guitar !== undefined;
    return !guitar && !clip?.labels.some((code) => code === label);
  });
  // one clip, whose relevance of 0.7786 is below the study's own limit
  assert.deepEqual(without, [["064460_211200", "flu"]]);
  assert.ok(0.7786 < LEAST_RELEVANCE);
  // what they lack are guitars alone, of whose kind they were not sure
  const more = clips.filter(({ name }) => !theirs.has(name));
  assert.equal(more.length, 138);
  assert.ok(more.every(({ labels, tags }) => labels.length === 0 && tags.guitar !== undefined));
  // 321 clips have several labels, of which theirs kept one
  assert.equal(clips.filter(({ labels }) => labels.length > 1).length, 321);
});
