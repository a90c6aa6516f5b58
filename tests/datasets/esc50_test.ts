import assert from "node:assert/strict";
import { readEsc50 } from "lib/datasets/esc50.ts";
import { told, WAV, withTree } from "./trees.ts";

const TABLE = "filename,fold,target,category,esc10,src_file,take\n" +
  "1-100032-A-0.wav,1,0,dog,True,100032,A\n" +
  "1-100032-B-0.wav,1,0,dog,True,100032,B\n" +
  "5-9-A-10.wav,5,10,rain,True,9,A\n";

const TREE = {
  "ESC-50-master/meta/esc50.csv": TABLE,
  "ESC-50-master/audio/1-100032-A-0.wav": WAV,
  "ESC-50-master/audio/1-100032-B-0.wav": WAV,
  "ESC-50-master/audio/5-9-A-10.wav": WAV,
};

Deno.test("ESC-50 as unpacked: folds, categories, and the recordings that files were cut from", () =>
  withTree(TREE, (root) => {
    const { clips, problems } = readEsc50(root);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      clips.map(({ name, labels, group, tags }) => [name, labels.length, group, tags]),
      [
        ["1-100032-A-0.wav", 0, "100032", { category: "dog", fold: 1 }],
        ["1-100032-B-0.wav", 0, "100032", { category: "dog", fold: 1 }],
        ["5-9-A-10.wav", 0, "9", { category: "rain", fold: 5 }],
      ],
    );
  }));

Deno.test("files and folds that are not there are told with the table's line", () => {
  const table = TABLE + "x.wav,1,0,dog,True,1,A\n5-9-A-10.wav,six,10,rain,True,9,A\n";
  return withTree({ ...TREE, "ESC-50-master/meta/esc50.csv": table }, (root) => {
    assert.deepEqual(told(readEsc50(root)), [
      "meta/esc50.csv, line 5: audio/x.wav is not there",
      'meta/esc50.csv, line 6: its fold is "six", not 1 to 5',
    ]);
    assert.throws(
      () => readEsc50(`${root}/ESC-50-master/audio`),
      /there is no ESC-50 in .*expected/,
    );
  });
});
