import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import {
  formatLabels,
  formatTrainingName,
  parseLabels,
  parseTestingName,
  parseTrainingName,
} from "lib/datasets/irmas.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";

Deno.test("training names: the three forms that IRMAS has", () => {
  assert.deepEqual(parseTrainingName("081__[cla][nod][cla]0316__1.wav"), {
    instrument: "cla",
    drums: false,
    genre: "cla",
    number: 316,
    clip: 1,
    recording: "081__[cla][nod][cla]0316",
  });
  const untagged = parseTrainingName("[cel][cla]0001__3.wav");
  assert.deepEqual([untagged.instrument, untagged.genre, untagged.drums, untagged.clip], [
    "cel",
    "cla",
    null,
    3,
  ]);
  const dashes = parseTrainingName("014__[gel][---][pop_roc]0978__2.wav");
  assert.deepEqual([dashes.instrument, dashes.genre, dashes.drums], ["gel", "pop_roc", null]);
  assert.equal(parseTrainingName("071__[gel][dru][cou_fol]0754__1.wav").drums, true);
});

Deno.test("training names: formatting and parsing are inverse", () => {
  for (
    const name of [
      "001__[voi][dru][lat_sou]0007__2.wav",
      "[tru][jaz_blu]1987__1.wav",
      "012__[org][nod][pop_roc]0100__3.wav",
    ]
  ) {
    const serial = /^(\d{3})__/.exec(name)?.[1];
    assert.equal(
      formatTrainingName(parseTrainingName(name), serial ? Number(serial) : undefined),
      name,
    );
  }
});

Deno.test("training names: what does not fit is refused by name", () => {
  const bad = [
    "[dru][cla]0001__1.wav", // no such instrument
    "[cel][rock]0001__1.wav", // no such genre
    "[cel][maybe][cla]0001__1.wav", // no such tag
    "[cel][cla]001__1.wav", // three digits
    "[cel][cla]0001_1.wav", // one underscore
    "[cel][cla]0001__1.mp3",
    "cel_cla_0001__1.wav", // brackets lost, as the annotation tool does
    "[cel][cla]0001__1.wav.txt",
  ];
  for (const name of bad) {
    assert.throws(
      () => parseTrainingName(name),
      (error: Error) => error.message.includes(`"${name}"`),
    );
  }
});

Deno.test("testing names: the song is all but the last number", () => {
  assert.deepEqual(parseTestingName("(02) dont kill the whale-13.wav"), {
    song: "(02) dont kill the whale",
    clip: 13,
  });
  assert.deepEqual(parseTestingName("03 - Take 5 - live-2.wav"), {
    song: "03 - Take 5 - live",
    clip: 2,
  });
  assert.equal(parseTestingName("A - B - 7.wav").song, "A - B");
});

Deno.test("testing names: one song in both of Unicode's spellings is one song", () => {
  const composed = "caf\u00e9-1.wav", decomposed = "cafe\u0301-2.wav";
  assert.equal(parseTestingName(composed).song, parseTestingName(decomposed).song);
});

Deno.test("testing names: no number, no song", () => {
  for (const name of ["whale.wav", "whale-1.txt", "-1.wav", "whale-.wav"]) {
    assert.throws(() => parseTestingName(name), /cannot read the IRMAS testing name/);
  }
});

Deno.test("label files: tabs, both line ends, any order", () => {
  assert.deepEqual(parseLabels("voi\t\r\ncel\t\r\n", "a.txt"), ["cel", "voi"]);
  assert.deepEqual(parseLabels("gel\t\n", "a.txt"), ["gel"]);
  assert.deepEqual(parseLabels("pia\nsax\n\n", "a.txt"), ["pia", "sax"]);
  assert.equal(formatLabels(["cel", "voi"]), "cel\t\nvoi\t\n");
  assert.deepEqual(parseLabels(formatLabels(["flu", "gac", "vio"]), "a.txt"), [
    "flu",
    "gac",
    "vio",
  ]);
});

Deno.test("label files: unknown, repeated and missing labels name file and line", () => {
  assert.throws(
    () => parseLabels("cel\t\nbas\t\n", "x.txt"),
    /x\.txt, line 2: "bas" is no instrument/,
  );
  assert.throws(
    () => parseLabels("cel\t\ncel\t\n", "x.txt"),
    /x\.txt, line 2: "cel" stands there twice/,
  );
  assert.throws(() => parseLabels("", "x.txt"), /x\.txt, line 1/);
  assert.throws(
    () => parseLabels("cel\t\n\t\nvoi\t\n", "x.txt"),
    /x\.txt, line 2: "" is no instrument/,
  );
  assert.throws(() => parseLabels("cel voi\n", "x.txt"), /"cel voi" is no instrument/);
});

/** A column of one of the published tables; their names hold no commas but in quotes, which come last. */
function publishedRows(table: string): string[][] {
  const text = Deno.readTextFileSync(projectPath("data", "published", table));
  return text.trimEnd().split("\n").slice(1).map((line) =>
    [...line.matchAll(/"((?:[^"]|"")*)"|([^,]+)/g)].map(([, quoted, plain]) =>
      quoted?.replaceAll('""', '"') ?? plain
    )
  );
}

Deno.test("training names: all 6,705 of IRMAS are read, with the counts that it is known for", () => {
  const names = publishedRows("irmas_single.csv").map(([file]) => parseTrainingName(file));
  assert.equal(names.length, 6705);
  const counts = INSTRUMENTS.map((code) => names.filter((name) => name.instrument === code).length);
  assert.deepEqual(counts, [388, 505, 451, 637, 760, 682, 721, 626, 577, 580, 778]);
  const drums = [true, false, null].map((value) =>
    names.filter((name) => name.drums === value).length
  );
  assert.deepEqual(drums, [892, 990, 4823]);
  assert.equal(new Set(names.map((name) => `${name.instrument}/${name.recording}`)).size, 2273);
});

Deno.test("testing names: all 2,874 of IRMAS are read and belong to 208 songs", () => {
  const rows = publishedRows("irmas_multi.csv");
  assert.equal(rows.length, 2874);
  const songs = new Set(rows.map(([file, song]) => {
    assert.equal(parseTestingName(file).song.trim(), song.trim());
    return song;
  }));
  assert.equal(songs.size, 208);
});
