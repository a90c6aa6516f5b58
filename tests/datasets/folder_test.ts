import assert from "node:assert/strict";
import { join } from "node:path";
import { readFolder } from "lib/datasets/folder.ts";
import { findInstrument, parseInstruments } from "lib/datasets/instrument_names.ts";
import { INSTRUMENT_NAMES, INSTRUMENTS } from "lib/datasets/labels.ts";
import { OGG, told, WAV, withTree } from "./trees.ts";

Deno.test("instruments by code or English name, in any case and spelling of blanks", () => {
  for (const code of INSTRUMENTS) {
    assert.equal(findInstrument(code), code);
    assert.equal(findInstrument(INSTRUMENT_NAMES[code].toUpperCase()), code);
  }
  assert.deepEqual(
    ["Acoustic_Guitar", "electric-guitar", " Voice", "Sax", "banjo", ""].map(findInstrument),
    ["gac", "gel", "voi", "sax", undefined, undefined],
  );
  assert.deepEqual(parseInstruments("acoustic guitar; Voice"), ["gac", "voi"]);
  assert.deepEqual(parseInstruments("voi cel voi"), ["cel", "voi"]);
  assert.deepEqual(parseInstruments(""), []);
  assert.throws(
    () => parseInstruments("cello, kazoo"),
    /"kazoo" is no instrument; known: cel \(cello\)/,
  );
});

Deno.test("a folder for each class; folders inside are recordings", async () => {
  const files = {
    "Cello/a.wav": WAV,
    "Cello/concert/1.ogg": OGG,
    "Cello/concert/2.ogg": OGG,
    "acoustic guitar/a.wav": WAV,
    "acoustic guitar/notes.txt": "",
    "kazoo/a.wav": WAV,
    "loose.wav": WAV,
  };
  await withTree(files, (root) => {
    const dataSet = readFolder(root);
    assert.deepEqual(dataSet.clips.map(({ name, labels, group }) => [name, ...labels, group]), [
      ["Cello/a.wav", "cel", "Cello/a.wav"],
      ["Cello/concert/1.ogg", "cel", "Cello/concert"],
      ["Cello/concert/2.ogg", "cel", "Cello/concert"],
      ["acoustic guitar/a.wav", "gac", "acoustic guitar/a.wav"],
    ]);
    const lines = told(dataSet);
    assert.match(lines[0], /^kazoo: the folder is named after no class; known: cel \(cello\), /);
    assert.match(lines[1], /^loose\.wav: it lies in no class's folder/);
  });
  await withTree({ "kazoo/a.wav": WAV }, (root) => {
    assert.throws(
      () => readFolder(root),
      /expected folders cel \(cello\).*found the folders kazoo/,
    );
  });
});

Deno.test("a table of paths and labels", async () => {
  const table = '\ufeff"path",labels,group,split\r\n' +
    '"take, ""one"".wav",cel vio,quartet,train\r\n' +
    "sub/fu\u0308r.ogg,Human Voice,,\r\n" +
    "none.wav,cel,,\r\n" +
    "sub/x.ogg,kazoo,,\r\n" +
    "sub/x.ogg,cel,,later\r\n" +
    "sub/x.ogg,cel\r\n";
  const files = {
    "labels.csv": table,
    'take, "one".wav': WAV,
    "sub/fu\u0308r.ogg": OGG,
    "sub/x.ogg": OGG,
  };
  await withTree(files, (root) => {
    for (const place of [root, join(root, "labels.csv")]) {
      const dataSet = readFolder(place);
      assert.deepEqual(
        dataSet.clips.map(({ name, labels, group, split }) => [name, labels.join(), group, split]),
        [
          ['take, "one".wav', "cel,vio", "quartet", "train"],
          ["sub/f\u00fcr.ogg", "voi", "sub/f\u00fcr.ogg", null],
        ],
      );
      const lines = told(dataSet);
      assert.match(lines[0], /^labels\.csv, line 7: it has too few or too many cells/);
      assert.match(lines[1], /^labels\.csv, line 4: there is no file .*none\.wav/);
      assert.match(lines[2], /^labels\.csv, line 5: "kazoo" is no instrument; known: /);
      assert.match(
        lines[3],
        /^labels\.csv, line 6: split "later" is none of train, validation, test/,
      );
      assert.equal(lines.length, 4);
    }
  });
});

Deno.test("tables that cannot be read are refused by name", async () => {
  for (
    const [text, message] of [
      ["", /no column "path", "labels", but no line/],
      ["path;labels\na.wav;cel\n", /no column "path", "labels", but path;labels/],
      ["path,labels,path\na.wav,cel,b.wav\n", /two columns "path"/],
    ] as const
  ) {
    await withTree(
      { "labels.csv": text },
      (root) =>
        assert.throws(
          () => readFolder(root),
          (error: Error) =>
            message.test(error.message) && error.message.includes(join(root, "labels.csv")),
        ),
    );
  }
  await withTree({}, (root) => {
    assert.throws(() => readFolder(join(root, "x.csv")), /cannot read .*x\.csv/);
    assert.throws(() => readFolder(join(root, "x")), /cannot read the folder .*x/);
  });
});

Deno.test("a quotation mark that is never closed does not take the lines before it along", () =>
  withTree(
    { "labels.csv": 'path,labels\na.wav,cel\n"b.wav,cel\nc.wav,cel\n', "a.wav": WAV },
    (root) => {
      const dataSet = readFolder(root);
      assert.deepEqual(dataSet.clips.map(({ name }) => name), ["a.wav"]);
      assert.match(told(dataSet)[0], /a quotation mark is never closed/);
    },
  ));
