import assert from "node:assert/strict";
import { join } from "node:path";
import { AUDIOSET_CLASSES, readAudioSet } from "lib/datasets/audioset.ts";
import { measureSeconds } from "lib/datasets/durations.ts";
import { type Instrument, INSTRUMENTS } from "lib/datasets/labels.ts";
import { OGG, told, type Tree, WAV, withTree } from "./trees.ts";

const mid = (code: Instrument) => AUDIOSET_CLASSES[code].mid;
const MUSIC = "/m/04rlf", HAMMOND = "/m/03gvt";

/** A table as it is published: three lines of comment, and labels in quotation marks. */
const table = (announced: number, ...rows: string[]) =>
  [
    "# Segments csv created Sun Mar  5 10:54:31 2017",
    `# num_ytids=${announced}, num_segs=${announced}, num_unique_labels=527, num_positive_labels=${announced}`,
    "# YTID, start_seconds, end_seconds, positive_labels",
    ...rows,
    "",
  ].join("\n");

const row = (video: string, start: string, ...labels: string[]) =>
  `${video}, ${start}, 40.000, "${labels.join(",")}"`;

const ONTOLOGY = JSON.stringify([
  ...INSTRUMENTS.map((code) => ({
    id: mid(code),
    name: AUDIOSET_CLASSES[code].name,
    child_ids: code === "org" ? ["/m/03xq_f"] : [],
  })),
  { id: "/m/03xq_f", name: "Electronic organ", child_ids: [HAMMOND] },
  // a circle, which AudioSet has none of, would never end
  { id: HAMMOND, name: "Hammond organ", child_ids: ["/m/03xq_f"] },
]);

const TREE: Tree = {
  "ontology.json": ONTOLOGY,
  "balanced_train_segments.csv": table(
    7,
    row("-0RWZT-miFs", "30.000", mid("cel"), MUSIC),
    row("--two_class", "0.000", mid("cel"), mid("vio")),
    row("--no_class_", "0.000", MUSIC),
    row("__unheard__", "10.000", mid("pia")),
    row("repeated-01", "30.000", mid("voi")),
    row("repeated-02", "30.000", mid("flu")),
    row("hammond-org", "30.000", HAMMOND, MUSIC),
  ),
  "eval_segments.csv": table(
    3,
    row("evaluation1", "5.000", MUSIC, mid("gac")),
    row("repeated-01", "30.000", mid("voi")),
    // the second line knows of another class: there are two
    row("repeated-02", "30.000", mid("tru")),
  ),
  "train/cello/-0RWZT-miFs_30.000.wav": WAV,
  "train/music/-0RWZT-miFs_30.wav": WAV,
  "train/--two_class_0.000.wav": WAV,
  "train/--no_class__0.wav": WAV,
  "train/repeated-01_30.ogg": OGG,
  "train/repeated-02_30.ogg": OGG,
  "train/hammond-org_30.ogg": OGG,
  "eval/evaluation1_5.000.ogg": OGG,
};

Deno.test("AudioSet: exactly one of our classes, each excerpt once, by identifier and start", () =>
  withTree(TREE, (root) => {
    const { clips, problems, tallies, notes } = readAudioSet(root);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      clips.map((
        { name, labels, group, split, tags },
      ) => [name, ...labels, group, split, tags.part]),
      [
        ["-0RWZT-miFs_30", "cel", "-0RWZT-miFs", "train", "balanced_train_segments"],
        ["repeated-01_30", "voi", "repeated-01", "train", "balanced_train_segments"],
        ["evaluation1_5", "gac", "evaluation1", "test", "eval_segments"],
      ],
    );
    assert.deepEqual(tallies, { balanced_train_segments: 7, eval_segments: 3 });
    assert.deepEqual(notes, [
      "6 excerpts have one of our classes, 4 exactly one",
      "1 of these have no sound file here",
      "4 sound files belong to other excerpts and are left out",
      "2 repeated lines and 1 repeated sound files are left out",
    ]);
  }));

Deno.test("what stands below a class in the ontology counts when asked for", () =>
  withTree(TREE, (root) => {
    const { clips } = readAudioSet(root, { descendants: true });
    assert.deepEqual(clips.find(({ group }) => group === "hammond-org")?.labels, ["org"]);
    Deno.removeSync(join(root, "ontology.json"));
    assert.throws(() => readAudioSet(root, { descendants: true }), /there is no .*ontology\.json/);
    assert.equal(readAudioSet(root).clips.length, 3);
  }));

Deno.test("the first seconds only", () =>
  withTree(TREE, async (root) => {
    const { clips } = await measureSeconds(readAudioSet(root, { limit: 0.05 }));
    assert.deepEqual(clips.map(({ limit, seconds }) => [limit, seconds]), [
      [0.05, 0.05],
      [0.05, 0.05],
      [0.05, 0.05],
    ]);
  }));

Deno.test("lines and names that do not fit, and a table that was cut short, are told", () => {
  const text = table(9, 'short, 0.000, 10.000, "/m/04rlf"', "evaluation2, 5.000, 10.000, /m/04rlf");
  const wrong = { "eval_segments.csv": text, "train/some song.wav": WAV };
  return withTree({ ...TREE, ...wrong }, (root) => {
    const lines = told(readAudioSet(root));
    assert.match(lines[0], /^eval_segments\.csv, line 4: "short, 0\.000, .*" is not: video, start/);
    assert.match(lines[1], /^eval_segments\.csv, line 5/);
    assert.match(lines[2], /^eval_segments\.csv: it announces 9 segments and has 0/);
    assert.match(lines[3], /^train\/some song\.wav: its name is not <video>_<start in seconds>/);
    assert.equal(lines.length, 4);
  });
});

Deno.test("no table, or another ontology, is refused", async () => {
  await withTree({ "a.wav": WAV }, (root) => {
    assert.throws(() => readAudioSet(root), /there is no AudioSet in .*expected balanced_train/);
  });
  await withTree({ ...TREE, "ontology.json": "{}" }, (root) => {
    assert.throws(() => readAudioSet(root), /ontology\.json is no ontology: a list of id, name/);
  });
  const other = ONTOLOGY.replace("Cello", "Viola");
  await withTree({ ...TREE, "ontology.json": other }, (root) => {
    assert.throws(
      () => readAudioSet(root),
      /not AudioSet's ontology: \/m\/01xqw is "Viola", not "Cello"/,
    );
  });
});

Deno.test("the eleven are called in AudioSet what they are called here", () => {
  // rows of YAMNet's class map (Google, Apache-2.0), which is trained on AudioSet
  const names = new Map([
    ["/m/01xqw", "Cello"],
    ["/m/01wy6", "Clarinet"],
    ["/m/0l14j_", "Flute"],
    ["/m/042v_gx", "Acoustic guitar"],
    ["/m/02sgy", "Electric guitar"],
    ["/m/013y1f", "Organ"],
    ["/m/05r5c", "Piano"],
    ["/m/06ncr", "Saxophone"],
    ["/m/07gql", "Trumpet"],
    ["/m/07y_7", "Violin, fiddle"],
    ["/m/015lz1", "Singing"],
  ]);
  for (const code of INSTRUMENTS) assert.equal(names.get(mid(code)), AUDIOSET_CLASSES[code].name);
});
