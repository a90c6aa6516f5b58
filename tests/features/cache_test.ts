import assert from "node:assert/strict";
import { decodeFile } from "lib/audio/decode.ts";
import { encodeWav } from "lib/audio/wav.ts";
import { byteDecibels, decibelToBytes } from "lib/features/bytes.ts";
import { featuresOf } from "lib/features/cache.ts";
import { DEFAULT_FRONT_END, type FrontEnd, melOf, prepare } from "lib/features/front_end.ts";
import { readEntry } from "lib/features/extraction.ts";
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

/** Every entry's name and time of change. */
function entries(folder: string): [name: string, time: number][] {
  return [...Deno.readDirSync(folder)].flatMap((shelf) =>
    [...Deno.readDirSync(`${folder}/${shelf.name}`)].map(({ name }): [string, number] => [
      name,
      Deno.statSync(`${folder}/${shelf.name}/${name}`).mtime!.getTime(),
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

    await Deno.writeFile(paths[0], encodeWav({ sampleRate: 16000, channels: [chirp(9000)] }));
    const [changed] = await run(POWER);
    assert.deepEqual(changed.mels[0], melOf(decodeFile(paths[0]), POWER));
    const after = entries(cache);
    assert.equal(after.length, 2, "the entry of the file's old state is gone");
    assert.equal(
      after.filter(([name, time]) => before.some((b) => b[0] === name && b[1] === time)).length,
      1,
    );

    await run({ ...POWER, nMels: 64 });
    assert.equal(entries(cache).length, 4);
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
    const [shelf] = [...Deno.readDirSync(cache)];
    await Deno.writeFile(`${cache}/${shelf.name}/${name}.1234.tmp`, new Uint8Array(9)); // a write cut off
    const [set] = await quietly(() => featuresOf(paths.slice(0, 2), POWER, { folder: cache }));
    assert.equal(set.mels.length, 2);
    assert.ok(entries(cache).some((entry) => entry[0] === name && entry[1] === time));
  }));

Deno.test("an entry that was damaged is named, with what to do", () =>
  withFiles(async (folder, paths) => {
    const cache = `${folder}/cache`, one = paths.slice(0, 1);
    await quietly(() => featuresOf(one, POWER, { folder: cache }));
    const [shelf] = [...Deno.readDirSync(cache)], [[name]] = entries(cache);
    Deno.truncateSync(`${cache}/${shelf.name}/${name}`, 500);
    await assert.rejects(featuresOf(one, POWER, { folder: cache }), /cut short.*; remove it, and/);
  }));
