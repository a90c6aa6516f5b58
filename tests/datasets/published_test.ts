import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import {
  clipName,
  type FeatureTableName,
  loadFeatures,
  loadMultiClips,
  loadPublishedSvms,
  loadRelabelledClips,
  loadSingleClips,
  originalInstrument,
  publishedTable,
} from "lib/datasets/published.ts";
import { recordingOf } from "lib/datasets/split.ts";

interface Fixture {
  sums: Record<FeatureTableName, Record<string, [number, number]>>;
  single: { labels: number[]; drums: [number, number, number]; recordings: number };
  multi: { labels: number[]; perClip: number[]; songs: number };
}

const fixture = readJson<Fixture>("tests/fixtures/published/published.json");

Deno.test("every column of the feature tables has the sums of the authors' file", () => {
  for (const [name, sums] of Object.entries(fixture.sums)) {
    const { files, features, values } = loadFeatures(name as FeatureTableName);
    assert.deepEqual(features, Object.keys(sums), name);
    assert.equal(values.length, files.length * features.length);
    features.forEach((feature, column) => {
      let sum = 0, byRow = 0, size = 0;
      files.forEach((_, row) => {
        const value = values[row * features.length + column];
        sum += value;
        byRow += (row + 1) * value;
        size += (row + 1) * Math.abs(value);
      });
      // Plain sums of thousands of terms against exact ones.
      assert.ok(Math.abs(sum - sums[feature][0]) < 1e-11 * size, `${name} ${feature}`);
      assert.ok(Math.abs(byRow - sums[feature][1]) < 1e-11 * size, `${name} ${feature}, order`);
    });
  }
});

Deno.test("single-instrument clips: counts of instruments, drums and recordings", () => {
  const clips = loadSingleClips();
  const count = (test: (clip: typeof clips[number]) => boolean) => clips.filter(test).length;
  assert.equal(clips.length, 6705);
  assert.deepEqual(
    INSTRUMENTS.map((code) => count((clip) => clip.instrument === code)),
    fixture.single.labels,
  );
  assert.deepEqual(
    [true, false, null].map((drums) => count((clip) => clip.drums === drums)),
    fixture.single.drums,
  );
  assert.equal(
    new Set(clips.map((clip) => recordingOf(clip.file))).size,
    fixture.single.recordings,
  );
  for (const { file, instrument } of clips) assert.equal(originalInstrument(file), instrument);
});

Deno.test("multi-instrument clips: counts of labels and songs; no song in both halves", () => {
  const clips = loadMultiClips();
  assert.equal(clips.length, 2874);
  assert.deepEqual(
    INSTRUMENTS.map((code) => clips.filter((clip) => clip.labels.includes(code)).length),
    fixture.multi.labels,
  );
  assert.deepEqual(
    fixture.multi.perClip.map((_, n) => clips.filter((clip) => clip.labels.length === n).length),
    fixture.multi.perClip,
  );
  assert.equal(new Set(clips.map((clip) => clip.song)).size, fixture.multi.songs);
  const songs = (half: string) =>
    new Set(clips.filter((clip) => clip.half === half).map((clip) => clip.song));
  assert.ok(songs("train").isDisjointFrom(songs("validation")));
  assert.deepEqual(
    ["train", "validation"].map((half) => clips.filter((clip) => clip.half === half).length),
    [1544, 1330],
  );
  for (const { file, song } of clips) assert.equal(file.replace(/-\d+\.wav$/, ""), song);
});

Deno.test("all names are NFC and the tables of a part join by name", () => {
  const single = new Set(loadSingleClips().map((clip) => clip.file));
  const multi = new Map(loadMultiClips().map((clip) => [clip.file, clip.labels]));
  const missing = (table: FeatureTableName) => [
    ...single.difference(new Set(loadFeatures(table).files)),
  ];
  assert.deepEqual(missing("irmas_single_features_25"), []);
  assert.deepEqual(missing("irmas_single_features_28").sort(), [
    "[pia][cla]1374__2.wav",
    "[pia][cla]1375__3.wav",
  ]);
  const { files, labels } = loadFeatures("irmas_multi_features_25");
  assert.equal(new Set(files).size, 2874);
  files.forEach((file, row) => {
    assert.equal(file, file.normalize("NFC"));
    assert.deepEqual(labels[row], multi.get(file), file);
  });
  for (const { file } of loadRelabelledClips()) assert.ok(single.has(file), file);
});

Deno.test("different rows of the feature tables: IRMAS has duplicate clips", () => {
  const different = (name: FeatureTableName) => {
    const { files, features, values } = loadFeatures(name);
    const row = (k: number) => values.subarray(k * features.length, (k + 1) * features.length);
    return new Set(files.map((_, k) => row(k).join())).size;
  };
  assert.equal(different("irmas_multi_features_25"), 2864);
  assert.equal(different("irmas_single_features_25"), 6637);
  assert.equal(different("irmas_single_features_28"), 6635);
});

Deno.test("OpenMIC's tables keep their empty cells and keys", () => {
  const labels = publishedTable("openmic_single_label");
  assert.equal(labels.height, 7440);
  const features = publishedTable("openmic_features_34");
  assert.equal(features.height, 5085);
  assert.equal(features.getColumn("key").get(0), "000178_3840");
  assert.equal(features.getColumn("voice").get(0), 1);
  assert.equal(features.getColumn("accordion").get(0), null);
});

Deno.test("the published SVMs have a row an instrument", () => {
  const { linear, rbf } = loadPublishedSvms();
  assert.deepEqual(linear.map((svm) => [svm.coef.length, svm.coef[0].length]), [
    [11, 28],
    [11, 28],
    [
      11,
      28,
    ],
  ]);
  assert.equal(rbf.length, 4);
  // Every clip is on one side or the other, so there are at most 6,705 support vectors.
  for (const { n_support_negative_positive: counts, intercept } of rbf) {
    assert.equal(intercept.length, 11);
    for (const [negative, positive] of counts) assert.ok(negative + positive <= 6705);
  }
});

Deno.test("names: folders go, decomposed letters are composed", () => {
  assert.equal(clipName("a/b/Andra\u0300s-1.wav"), "Andr\u00e0s-1.wav");
});

Deno.test("a missing table and a name without instrument are errors that name them", () => {
  assert.throws(() => publishedTable("irmas_triple"), /irmas_triple/);
  assert.throws(() => originalInstrument("song-1.wav"), /song-1/);
});
