import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  differingCounts,
  type FetchOptions,
  fetchSource,
  readFetched,
} from "lib/datasets/fetch_source.ts";
import { countSource } from "lib/datasets/source_counts.ts";
import { type Source, SOURCES } from "lib/datasets/sources.ts";
import { bytesOf, tarGzOf, zipOf } from "../archive/build.ts";
import { filesBelow } from "../archive/files_below.ts";
import { fileAnswer, TestServer } from "../download/server.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

/** IRMAS's layout with its odd names, in three clips. */
const TRAINING = zipOf(
  { name: "IRMAS-TrainingData/" },
  { name: "__MACOSX/IRMAS-TrainingData/._cla" },
  { name: "IRMAS-TrainingData/README.txt" },
  { name: "IRMAS-TrainingData/cla/081__[cla][nod][cla]0316__1.wav", data: bytesOf("RIFF") },
  { name: "IRMAS-TrainingData/vio/[vio][pop_roc]1__2.wav" },
);
const TESTING = zipOf({ name: "Part1/Für, Élise - 1-1.wav" }, {
  name: "Part1/Für, Élise - 1-1.txt",
});

/** The real sources, with what a test can make instead of gigabytes. */
const IRMAS: Source = {
  ...SOURCES.irmas,
  files: [
    { ...SOURCES.irmas.files[0], md5: md5(TRAINING) },
    { ...SOURCES.irmas.files[1], md5: undefined },
  ],
  counts: SOURCES.irmas.counts.map((count, k) => ({
    ...count,
    count: [2, 7][k],
    of: [SOURCES.irmas.files[k].name],
  })),
};

/** A mirror with these files. */
function mirrorOf(files: Record<string, Uint8Array>) {
  return new TestServer((asked) => {
    const content = files[decodeURIComponent(asked.path.replace(/^mirror\//, ""))];
    return content ? fileAnswer({ content, etag: '"a"' }, asked) : { status: 404 };
  });
}

function quick(server: TestServer, folder: TemporaryFolder, options: FetchOptions = {}) {
  const said: string[] = [];
  const all = {
    folder: folder.file("data"),
    mirror: server.url("mirror"),
    attempts: 1,
    say: (line: string) => said.push(line),
    ...options,
  };
  return { all, said };
}

const BOTH = { "IRMAS-TrainingData.zip": TRAINING, "IRMAS-TestingData-Part1.zip": TESTING };

Deno.test("a data set comes with its terms, is unpacked as by hand, counted, and there the second time", async () => {
  using folder = new TemporaryFolder();
  await using server = mirrorOf(BOTH);
  const { all, said } = quick(server, folder);
  const fetched = await fetchSource(IRMAS, all);
  assert.match(said[0], /about 6\.4 GB[^]*CC BY-NC-SA 3\.0[^]*not to be passed on[^]*Bosch/);
  assert.deepEqual(Object.keys(filesBelow(all.folder)).sort(), [
    ".irmas.json",
    "IRMAS-TestingData-Part1/Part1/F\u00fcr, \u00c9lise - 1-1.txt",
    "IRMAS-TestingData-Part1/Part1/F\u00fcr, \u00c9lise - 1-1.wav",
    "IRMAS-TrainingData/README.txt",
    "IRMAS-TrainingData/cla/081__[cla][nod][cla]0316__1.wav",
    "IRMAS-TrainingData/vio/[vio][pop_roc]1__2.wav",
  ]);
  assert.deepEqual(fetched.counts, [
    { what: "training clips", published: 2, found: 2 },
    { what: "testing clips", published: 7, found: 1 },
  ]);
  assert.deepEqual(differingCounts(fetched.counts), ["1 testing clips, published are 7"]);
  assert.equal(fetched.files[0].digests?.md5, md5(TRAINING));

  // at once: nothing is counted again
  Deno.removeSync(folder.file("data", "IRMAS-TrainingData", "vio"), { recursive: true });
  assert.deepEqual(await fetchSource(IRMAS, all), fetched);
  assert.equal(server.asked.length, 2);
  assert.equal(said.length, 1);
});

Deno.test("a part is enough, and what is gone comes back", async () => {
  using folder = new TemporaryFolder();
  await using server = mirrorOf(BOTH);
  const { all } = quick(server, folder), files = ["IRMAS-TrainingData.zip"];
  const part = await fetchSource(IRMAS, { ...all, files });
  assert.deepEqual(part.counts.map(({ what }) => what), ["training clips"]);
  assert.equal(readFetched(IRMAS, all), undefined);
  await fetchSource(IRMAS, all);
  assert.deepEqual(server.asked.map(({ path }) => path), [
    "mirror/IRMAS-TrainingData.zip",
    "mirror/IRMAS-TestingData-Part1.zip",
  ]);
  Deno.removeSync(folder.file("data", "IRMAS-TrainingData"), { recursive: true });
  assert.equal(readFetched(IRMAS, all), undefined);
  await fetchSource(IRMAS, all);
  assert.equal(server.asked.length, 3);
  await assert.rejects(fetchSource(IRMAS, { ...all, files: ["a"] }), /no file "a"; known: IRMAS-T/);
});

Deno.test("a file that was put there by hand is checked, taken, and kept", async () => {
  using folder = new TemporaryFolder();
  await using server = mirrorOf({});
  const { all } = quick(server, folder, { files: ["IRMAS-TrainingData.zip"] });
  const archive = folder.file("data", "archives", "IRMAS-TrainingData.zip");
  Deno.mkdirSync(folder.file("data", "archives"), { recursive: true });
  Deno.writeFileSync(archive, TESTING);
  await assert.rejects(fetchSource(IRMAS, all), /is there, but its MD5 is .*: remove it/);
  Deno.writeFileSync(archive, TRAINING);
  await fetchSource(IRMAS, all);
  assert.equal(server.asked.length, 0);
  assert.deepEqual(Deno.readFileSync(archive), TRAINING);
});

Deno.test("a failure names the file, why, and both other ways to the data; then it goes on", async () => {
  using folder = new TemporaryFolder();
  await using broken = mirrorOf({ ...BOTH, "IRMAS-TestingData-Part1.zip": TESTING.subarray(9) });
  const { all } = quick(broken, folder);
  await assert.rejects(fetchSource(IRMAS, all), (error: Error) => {
    assert.match(error.message, /^cannot unpack .*archives\/IRMAS-TestingData-Part1\.zip: /);
    assert.match(error.message, /if the archive is damaged, remove it and run the same command/);
    return true;
  });
  Deno.removeSync(folder.file("data", "archives"), { recursive: true });
  await using none = mirrorOf({});
  const failing = { ...all, mirror: none.url("mirror") };
  await assert.rejects(fetchSource(IRMAS, failing), (error: Error) => {
    assert.match(error.message, /^cannot download IRMAS-TestingData-Part1\.zip from http:.* 404 /);
    assert.match(
      error.message,
      /by hand it can be had from https:\/\/zenodo\.org\/records\/1290750/,
    );
    assert.match(error.message, /put it at .*data\/archives\/IRMAS-TestingData-Part1\.zip and run/);
    assert.match(error.message, /--root$/);
    return true;
  });
  await using server = mirrorOf(BOTH);
  await fetchSource(IRMAS, { ...all, mirror: server.url("mirror/") });
  // the training part was there already
  assert.deepEqual(server.asked.map(({ path }) => path), ["mirror/IRMAS-TestingData-Part1.zip"]);
});

Deno.test("a wrong file is not taken for the right one", async () => {
  using folder = new TemporaryFolder();
  await using server = mirrorOf({ "IRMAS-TrainingData.zip": TESTING });
  const { all } = quick(server, folder, { files: ["IRMAS-TrainingData.zip"] });
  await assert.rejects(fetchSource(SOURCES.irmas, all), /not the published file, its MD5 is/);
  assert.deepEqual(Object.keys(filesBelow(all.folder)), []);
});

Deno.test("two that fetch at the same time download once", async () => {
  using folder = new TemporaryFolder();
  await using server = mirrorOf(BOTH);
  const { all, said } = quick(server, folder);
  const [one, other] = await Promise.all([fetchSource(IRMAS, all), fetchSource(IRMAS, all)]);
  assert.deepEqual(one, other);
  assert.equal(server.asked.length, 2);
  assert.ok(said.includes("irmas: another process is fetching it, waiting for that"));
});

Deno.test("OpenMIC, ESC-50 and AudioSet come in their own layouts", async () => {
  using folder = new TemporaryFolder();
  const comment =
    "# Segments csv created\n# num_ytids=2\n# YTID, start_seconds, end_seconds, positive_labels\n";
  const openmic = tarGzOf([
    { name: "openmic-2018/", type: "5" },
    { name: "openmic-2018/audio/000/._000046_3840.ogg" },
    { name: "openmic-2018/audio/000/000046_3840.ogg" },
  ]);
  await using server = mirrorOf({
    "openmic-2018-v1.0.0.tgz": openmic,
    "ESC-50-master.zip": zipOf(
      { name: "ESC-50-master/audio/1-100032-A-0.wav" },
      { name: "ESC-50-master/meta/esc50.csv" },
    ),
    "eval_segments.csv": bytesOf(`${comment}-0RWZT-miFs, 420.000, 430.000, "/m/03v3yw,/m/0k4j"\n`),
    "balanced_train_segments.csv": bytesOf(`${comment}a, 0, 10, "/m/a"\nb, 0, 10, "/m/b"`),
    "unbalanced_train_segments.csv": bytesOf(comment),
    "ontology.json": bytesOf('[{"id": "/m/0dgw9r"}]'),
  });
  const found = async (source: Source) => {
    const { all } = quick(server, folder, { folder: folder.file(source.name) });
    return (await fetchSource(source, all)).counts.map(({ found }) => found);
  };
  const withoutSum = SOURCES.openmic.files.map((file) => ({ ...file, md5: md5(openmic) }));
  assert.deepEqual(await found({ ...SOURCES.openmic, files: withoutSum }), [1]);
  assert.deepEqual(await found(SOURCES.esc50), [1]);
  assert.deepEqual(await found(SOURCES.audioset), [1, 2, 0, 1]);
  assert.ok(Deno.statSync(folder.file("esc50", "ESC-50-master", "meta", "esc50.csv")).isFile);
  assert.ok(Deno.statSync(folder.file("openmic", "openmic-2018", "audio", "000")).isDirectory);
});

Deno.test("a copy is counted wherever its parts are", async () => {
  using folder = new TemporaryFolder();
  for (const path of ["cel/a.wav", "deep/Part2/b-1.wav", "deep/Part2/.hidden.wav", "org/c.WAV"]) {
    Deno.mkdirSync(folder.file(...path.split("/").slice(0, -1)), { recursive: true });
    Deno.writeTextFileSync(folder.file(path), "");
  }
  const counts = await countSource(SOURCES.irmas, { folder: folder.path });
  assert.deepEqual(counts.map(({ found, published }) => [found, published]), [[2, 6705], [
    1,
    2874,
  ]]);
  const nowhere = await countSource(SOURCES.irmas, { folder: folder.file("nowhere") });
  assert.deepEqual(nowhere.map(({ found }) => found), [0, 0]);
});

Deno.test("a mirror is an address, from the option or from LUMEN_MIRROR", async () => {
  using folder = new TemporaryFolder();
  await using server = mirrorOf(BOTH);
  const { all } = quick(server, folder);
  await assert.rejects(fetchSource(IRMAS, { ...all, mirror: "/data" }), /"\/data" is no address/);
  Deno.env.set("LUMEN_MIRROR", server.url("mirror"));
  try {
    await fetchSource(IRMAS, { ...all, mirror: undefined });
  } finally {
    Deno.env.delete("LUMEN_MIRROR");
  }
  assert.equal(server.asked.length, 2);
});

Deno.test("the facts of all sources are well-formed", () => {
  const files = Object.values<Source>(SOURCES).flatMap((source) => source.files);
  assert.equal(new Set(files.map(({ name }) => name)).size, files.length);
  for (const { md5, url, name } of files) {
    if (md5 !== undefined) assert.match(md5, /^[0-9a-f]{32}$/);
    assert.match(url, /^https:/);
    if (url.includes("zenodo")) assert.ok(url.includes(`/files/${name}?`));
  }
  for (const [name, source] of Object.entries<Source>(SOURCES)) {
    assert.equal(source.name, name);
    for (const { of } of source.counts) {
      assert.ok(!of || of.every((file) => source.files.some(({ name }) => name === file)));
    }
  }
  // Gemmeke et al. 2017: 2,084,320 excerpts in all
  const excerpts = SOURCES.audioset.counts.filter(({ unit }) => unit === "rows");
  assert.equal(excerpts.reduce((sum, { count }) => sum + count, 0), 2_084_320);
});
