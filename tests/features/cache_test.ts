import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { decodeFile } from "lib/audio/decode.ts";
import { encodeWav } from "lib/audio/wav.ts";
import { knownContents } from "lib/core/content_index.ts";
import { exists } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import { byteDecibels, decibelToBytes } from "lib/features/bytes.ts";
import { featuresOf } from "lib/features/cache.ts";
import { readEntry } from "lib/features/extraction.ts";
import { DEFAULT_FRONT_END, type FrontEnd, melOf, prepare } from "lib/features/front_end.ts";
import { waveformsOf } from "lib/features/waveforms.ts";
import { chirp, noise } from "../mel_signals.ts";

const POWER: FrontEnd = { ...DEFAULT_FRONT_END, scale: "power" };

/** A folder with two sound files and a text file that pretends to be one. */
async function withFiles(test: (folder: string, paths: string[]) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const paths = ["noise", "chirp", "broken"].map((name) => `${folder}/${name}.wav`);
  try {
    await Deno.writeFile(paths[0], encodeWav({ sampleRate: 44100, channels: [noise(44100)] }));
    await Deno.writeFile(paths[1], encodeWav({ sampleRate: 16000, channels: [chirp(8000)] }));
    await Deno.writeTextFile(paths[2], "no sound");
    await test(folder, paths);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs without the messages that name skipped files, and returns them too. */
async function quietly<T>(run: () => Promise<T>): Promise<[T, string]> {
  const said: string[] = [], original = console.error;
  console.error = (text: string) => said.push(text);
  try {
    return [await run(), said.join("\n")];
  } finally {
    console.error = original;
  }
}

/** The cache's folders, one for each kind of array. */
function shelves(folder: string): string[] {
  return [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => `${folder}/${name}`);
}

/** Every entry's name and time of change. */
function entries(folder: string): [name: string, time: number][] {
  return shelves(folder).flatMap((shelf) =>
    [...Deno.readDirSync(shelf)].map(({ name }): [string, number] => [
      name,
      Deno.statSync(`${shelf}/${name}`).mtime!.getTime(),
    ])
  ).filter(([name]) => name.endsWith(".npy")).sort();
}

Deno.test("gives what melOf gives, in order, and names what it skipped", () =>
  withFiles(async (folder, [noisy, gliding, broken]) => {
    const cache = `${folder}/cache`, asked = [gliding, broken, noisy, gliding];
    const [set, said] = await quietly(() =>
      featuresOf(asked, POWER, { folder: cache, workers: 2 })
    );
    assert.deepEqual(set.paths, [gliding, noisy, gliding]);
    for (const [k, path] of set.paths.entries()) {
      assert.deepEqual(set.mels[k], melOf(decodeFile(path), POWER));
    }
    assert.deepEqual(set.skipped.map(({ path }) => path), [broken]);
    assert.match(said, /skipped 1 file:\n.*broken\.wav: it is no WAV/);
  }));

Deno.test("keeps decibels as bytes", () =>
  withFiles(async (folder, paths) => {
    const [{ mels }] = await quietly(() =>
      featuresOf(paths.slice(0, 2), DEFAULT_FRONT_END, { folder: `${folder}/cache` })
    );
    const exact = melOf(decodeFile(paths[1]), DEFAULT_FRONT_END);
    assert.deepEqual(mels[1].data, decibelToBytes(exact.data, DEFAULT_FRONT_END));
    const dB = byteDecibels(DEFAULT_FRONT_END);
    exact.data.forEach((v, k) => assert.ok(Math.abs(dB[mels[1].data[k]] - v) <= 0.16));
  }));

Deno.test("computes a file again when it or what shapes a spectrogram changes, and then only", () =>
  withFiles(async (folder, paths) => {
    const cache = `${folder}/cache`, two = paths.slice(0, 2);
    const run = (frontEnd: FrontEnd) => quietly(() => featuresOf(two, frontEnd, { folder: cache }));
    const [first] = await run(POWER);
    const before = entries(cache);
    assert.equal(before.length, 2);
    assert.deepEqual((await run(POWER))[0], first);
    await run({ ...POWER, chunkSeconds: 1, completion: "zero", networkMean: 3 });
    assert.deepEqual(entries(cache), before, "nothing was computed");

    const old = await Deno.readFile(paths[0]);
    await Deno.writeFile(paths[0], encodeWav({ sampleRate: 16000, channels: [chirp(9000)] }));
    const [changed] = await run(POWER);
    assert.deepEqual(changed.mels[0], melOf(decodeFile(paths[0]), POWER));
    const after = entries(cache);
    assert.equal(after.length, 3);
    await Deno.writeFile(paths[0], old);
    assert.deepEqual((await run(POWER))[0], first);
    assert.deepEqual(entries(cache), after, "what it held before is there still");

    await run({ ...POWER, nMels: 64 });
    assert.equal(entries(cache).length, 5);
  }));

Deno.test("a sound is computed once, whatever it is called and whenever it was touched", () =>
  withFiles(async (folder, [path]) => {
    const cache = `${folder}/cache`;
    const run = (path: string) => quietly(() => featuresOf([path], POWER, { folder: cache }));
    const [{ mels }] = await run(path), before = entries(cache);
    await Deno.mkdir(`${folder}/elsewhere`);
    await Deno.copyFile(path, `${folder}/elsewhere/copy.flac`);
    await Deno.utime(path, 1e9, 1e9);
    for (const again of [`${folder}/elsewhere/copy.flac`, path]) {
      assert.deepEqual((await run(again))[0].mels, mels);
    }
    assert.deepEqual(entries(cache), before);
  }));

Deno.test("a sound that is changed at once, to one of the same size and time, is another", () =>
  withFiles(async (folder, [path]) => {
    const run = () => quietly(() => featuresOf([path], POWER, { folder: `${folder}/cache` }));
    const { size, mtime } = await Deno.stat(path);
    await run();
    await Deno.writeFile(path, encodeWav({ sampleRate: 44100, channels: [chirp(44100)] }));
    await Deno.utime(path, mtime!, mtime!);
    assert.equal((await Deno.stat(path)).size, size);
    assert.deepEqual((await run())[0].mels[0], melOf(decodeFile(path), POWER));
  }));

Deno.test("what the index knows is not read again, and the index is made anew where it is damaged", () =>
  withFiles(async (folder) => {
    const cache = `${folder}/cache`, index = `${cache}/index.json`;
    // files that nobody has changed for long
    const paths = ["pcm16", "pcm24"].map((name) =>
      projectPath("tests", "fixtures", "audio", `${name}.wav`)
    );
    const run = async () => (await featuresOf(paths, POWER, { folder: cache })).mels;
    const [[one, two]] = await quietly(run);
    assert.notDeepEqual(one, two);
    // an index that lies shows that it is believed
    const [[first, a], [second, b]] = JSON.parse(Deno.readTextFileSync(index));
    const lie = [[first, { ...a, content: b.content }], [second, { ...b, content: a.content }]];
    Deno.writeTextFileSync(index, JSON.stringify(lie));
    assert.deepEqual(await run(), [two, one]);
    for (const damage of ['[["', "[[1, 2]]", "null", '[["a", {"state": "1"}]]', "\0"]) {
      Deno.writeTextFileSync(index, damage);
      assert.deepEqual((await quietly(run))[0], [one, two], damage);
      assert.deepEqual(JSON.parse(Deno.readTextFileSync(index)), [[first, a], [second, b]]);
    }
  }));

/** Fills a cache in a process of its own, at a moment of Date.now(). It says the SHA-256 of the spectrograms' data. */
function fill(cache: string, { paths, at = 0 }: { paths: string[]; at?: number }) {
  const code = `
    import { createHash } from "node:crypto";
    import { featuresOf } from "lib/features/cache.ts";
    import { DEFAULT_FRONT_END } from "lib/features/front_end.ts";
    const [at, folder, ...paths] = Deno.args;
    await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
    const { mels } = await featuresOf(paths, { ...DEFAULT_FRONT_END, scale: "power" }, { folder });
    const hash = createHash("sha256");
    mels.forEach(({ data }) => hash.update(data));
    console.log(hash.digest("hex"));`;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", code, String(at), cache, ...paths],
    cwd: projectPath(),
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

/** Sounds in a folder, each another, of about n samples. */
function writeSounds(folder: string, { count, n }: { count: number; n: number }): string[] {
  return Array.from({ length: count }, (_, k) => {
    const path = `${folder}/${k}.wav`, channels = [noise(n + k)];
    Deno.writeFileSync(path, encodeWav({ sampleRate: 16000, channels }));
    return path;
  });
}

function hashOf(paths: string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(melOf(decodeFile(path), POWER).data);
  return hash.digest("hex");
}

/** Reads entries as soon as they can be seen, until there are so many. */
async function watch(cache: string, count: number): Promise<void> {
  const seen = new Set<string>(), deadline = performance.now() + 60_000;
  while (seen.size < count && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve));
    for (const shelf of exists(cache) ? shelves(cache) : []) {
      for (const { name } of Deno.readDirSync(shelf)) {
        if (!name.endsWith(".npy") || seen.has(name)) continue;
        readEntry(`${shelf}/${name}`);
        seen.add(name);
      }
    }
  }
}

Deno.test("two processes that fill the cache at once both have all, and leave whole entries and one index", () =>
  withFiles(async (folder) => {
    const cache = `${folder}/cache`, paths = writeSounds(folder, { count: 24, n: 150_000 });
    const parts = [paths.slice(0, 20), paths.slice(4)]; // most of them wanted by both
    const at = Date.now() + 2100; // by then the files may be relied on
    const children = parts.map((part) => fill(cache, { paths: part, at }));
    await watch(cache, paths.length);
    for (const [k, child] of children.entries()) {
      const { stdout } = await child.output();
      assert.equal(new TextDecoder().decode(stdout).trim(), hashOf(parts[k]));
    }
    const [shelf] = shelves(cache), names = [...Deno.readDirSync(shelf)].map(({ name }) => name);
    const wanted = paths.map((path) =>
      `${createHash("sha256").update(Deno.readFileSync(path)).digest("hex")}.npy`
    );
    assert.deepEqual(names.sort(), [...wanted, "about.json"].sort());
    assert.deepEqual(
      [...knownContents(cache, paths).values()].map((hash) => `${hash}.npy`),
      wanted,
    );
  }));

Deno.test("a process that is killed while it fills the cache leaves whole entries, and no lock", () =>
  withFiles(async (folder) => {
    const cache = `${folder}/cache`, paths = writeSounds(folder, { count: 200, n: 8000 });
    const child = fill(cache, { paths }), deadline = performance.now() + 60_000;
    const there = () => exists(cache) ? entries(cache) : [];
    while (there().length === 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill("SIGKILL");
    await child.output();
    const before = entries(cache);
    assert.ok(before.length > 0 && before.length < paths.length, `${before.length} entries`);
    const [{ mels }] = await quietly(() => featuresOf(paths, POWER, { folder: cache }));
    for (const [k, path] of paths.entries()) {
      assert.deepEqual(mels[k], melOf(decodeFile(path), POWER));
    }
    const after = new Map(entries(cache));
    for (const [name, time] of before) assert.equal(after.get(name), time, "not computed again");
  }));

Deno.test("spectrograms and waveforms of one level are not taken for those of another", () =>
  withFiles(async (folder, [, path]) => {
    const sound = decodeFile(path);
    for (const level of ["peak", "loudness", "none"] as const) {
      const frontEnd = { ...POWER, level };
      const [{ mels: [mel] }] = await quietly(() =>
        featuresOf([path], frontEnd, { folder: `${folder}/mels` })
      );
      assert.deepEqual(mel, melOf(sound, frontEnd));
      const [{ files: [file] }] = await quietly(() =>
        waveformsOf([path], frontEnd, { folder: `${folder}/waveforms` })
      );
      assert.deepEqual(readEntry(file).data, prepare(sound, frontEnd));
    }
  }));

Deno.test("goes on where a killed run was: whole entries count, parts do not", () =>
  withFiles(async (folder, paths) => {
    const cache = `${folder}/cache`;
    await quietly(() => featuresOf(paths.slice(0, 1), POWER, { folder: cache }));
    const [[name, time]] = entries(cache);
    const [shelf] = shelves(cache);
    await Deno.writeFile(`${shelf}/${name}.1234.tmp`, new Uint8Array(9)); // a write cut off
    const [set] = await quietly(() => featuresOf(paths.slice(0, 2), POWER, { folder: cache }));
    assert.equal(set.mels.length, 2);
    assert.ok(entries(cache).some((entry) => entry[0] === name && entry[1] === time));
  }));

Deno.test("an entry that was damaged is named, with what to do", () =>
  withFiles(async (folder, paths) => {
    const cache = `${folder}/cache`, one = paths.slice(0, 1);
    await quietly(() => featuresOf(one, POWER, { folder: cache }));
    const [shelf] = shelves(cache), [[name]] = entries(cache);
    Deno.truncateSync(`${shelf}/${name}`, 500);
    await assert.rejects(featuresOf(one, POWER, { folder: cache }), /cut short.*; remove it, and/);
  }));
