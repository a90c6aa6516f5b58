import assert from "node:assert/strict";
import { join } from "node:path";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { encodeWav } from "lib/audio/wav.ts";
import { writeAtomically } from "lib/core/files.ts";
import { writeNpz } from "lib/core/npz.ts";
import { randomFrom } from "lib/core/random.ts";
import { MEL_BANDS, MEL_FRAMES, MEL_SIZE } from "lib/datasets/irmas_mels.ts";
import { instrumentIndex, INSTRUMENTS } from "lib/datasets/labels.ts";
import { loadRelabelledClips } from "lib/datasets/published.ts";
import { recordingOf } from "lib/datasets/split.ts";
import { demoData, hearDemoSongs } from "lib/experiments/demo_data.ts";
import type { DemoResult, IrmasResult } from "lib/experiments/evidence.ts";
import { irmasAudioData } from "lib/experiments/irmas_audio_data.ts";
import { irmasData } from "lib/experiments/irmas_data.ts";
import type { Predictor } from "lib/train/predictor.ts";
import { syntheticMels } from "../datasets/synthetic_mels.ts";

/** The project's own folds: the file of the reported ones knows real recordings only. */
function irmasConfig() {
  const config = recipeConfig("irmas_scratch");
  return { ...config, data: { source: "irmas-mels", fold: 1, folds: 5 } as const };
}

/**
 * A pack of ten recordings an instrument, the relabelled clips, and another clip of each of their recordings. Clip k
 * of an instrument is loud in ten bands of its own.
 */
async function writePack(path: string): Promise<string[]> {
  const others = syntheticMels(10);
  const relabelled = loadRelabelledClips().flatMap(({ file, original }) => {
    const stem = `${original}/${file.replace(/\.wav$/, "")}`;
    return [stem, `${recordingOf(stem)}__77`];
  });
  const names = [...others.names, ...new Set(relabelled)];
  const mel = new Uint8Array(names.length * MEL_SIZE);
  names.forEach((name, clip) => {
    const label = instrumentIndex(name.split("/")[0]);
    const like = others.mel.subarray(label * 20 * MEL_SIZE, (label * 20 + 1) * MEL_SIZE);
    mel.set(like, clip * MEL_SIZE);
  });
  mel.set(others.mel);
  await writeNpz(path, {
    mel: { shape: [names.length, MEL_BANDS, MEL_FRAMES], data: mel },
    name: { shape: [names.length], data: names },
  });
  return names;
}

/** Hears an instrument where its bands are loud. */
const listen: Predictor = (input, { count }) =>
  Promise.resolve(Float32Array.from({ length: count * INSTRUMENTS.length }, (_, k) => {
    const row = Math.floor(k / INSTRUMENTS.length), label = k % INSTRUMENTS.length;
    const from = row * MEL_SIZE + label * 10 * MEL_FRAMES;
    const mean = input.subarray(from, from + 10 * MEL_FRAMES).reduce((a, b) => a + b) / 940;
    return 4 * mean;
  }));

Deno.test("real spectrograms: neither held-out nor relabelled recordings are trained on; the result says all", async () => {
  const folder = Deno.makeTempDirSync(), path = join(folder, "pack.npz");
  const before = Deno.env.get("LUMEN_IRMAS_MELS");
  Deno.env.set("LUMEN_IRMAS_MELS", path);
  try {
    const names = await writePack(path), relabelled = loadRelabelledClips();
    const data = await irmasData(irmasConfig());
    const result = await data.evaluate(listen) as unknown as IrmasResult;
    const trained = new Set(data.train.map((k) => data.clips.recordings[k]));
    const tested = Object.keys(result.scores.relabelled), held = Object.keys(result.scores.heldOut);
    assert.equal(tested.length, relabelled.length);
    for (const clip of [...tested, ...held]) assert.ok(!trained.has(recordingOf(clip)), clip);
    // every clip is in one of the three, or shares its recording with a relabelled one
    const keptAway = new Set(tested.map(recordingOf));
    const rest = names.filter((name) => !held.includes(name) && !keptAway.has(recordingOf(name)));
    assert.deepEqual(data.train.map((k) => data.clips.names[k]), rest);
    assert.ok(rest.length > 100 && held.length > 100);

    const part = async (share: number) => {
      const config = irmasConfig();
      const { train, held } = await irmasData({ ...config, data: { ...config.data, share } });
      assert.deepEqual(held, data.held);
      return train.map((k) => data.clips.recordings[k]);
    };
    const [quarter, half] = [await part(0.25), await part(0.5)];
    const all = data.train.map((k) => data.clips.recordings[k]);
    assert.ok(new Set(half).isSubsetOf(new Set(all)));
    assert.ok(new Set(quarter).isSubsetOf(new Set(half)));
    for (const code of INSTRUMENTS) {
      const of = (recordings: string[]) =>
        new Set(recordings.filter((name) => name.startsWith(`${code}/`))).size;
      assert.deepEqual([of(quarter), of(half)], [0.25, 0.5].map((x) => Math.ceil(x * of(all))));
    }

    // doubtful labels: of the training clips alone
    const cleaned = await irmasData({
      ...irmasConfig(),
      data: { ...irmasConfig().data, cleaning: "share" },
    });
    assert.deepEqual(cleaned.held, data.held);
    assert.ok(new Set(cleaned.train).isSubsetOf(new Set(data.train)));
    assert.equal(
      data.train.length - cleaned.train.length,
      Math.round(497 / 6705 * data.train.length),
    );

    assert.equal(result.heldOut.accuracy.value, 1);
    assert.deepEqual((await data.validate(listen))["validation/accuracy"], 1);
    // who names nothing is right in ten labels of eleven, who names everything in one
    const always = (logit: number): Predictor => (_, { count }) =>
      Promise.resolve(new Float32Array(count * INSTRUMENTS.length).fill(logit));
    // and who is sure of it beyond measure loses by as much as the logit, where wrong
    const softplus = (z: number) => Math.log(1 + Math.exp(z));
    for (
      const [logit, expected, loss] of [
        [-1, 10 / 11, (10 * softplus(-1) + softplus(1)) / 11],
        [1, 1 / 11, (10 * softplus(1) + softplus(-1)) / 11],
        [1000, 1 / 11, 1000 * 10 / 11],
      ]
    ) {
      const measured = await data.validate(always(logit));
      assert.ok(Math.abs(measured["validation/hamming"] - expected) < 1e-12);
      assert.ok(Math.abs(measured["validation/loss"] - loss) < 1e-9 * loss);
    }
    for (const report of [result.mixturesOfTwo, result.mixturesOfThree, result.relabelled]) {
      assert.ok(report.macroF1.low <= report.macroF1.value);
      assert.deepEqual(Object.keys(report.perInstrument), [...INSTRUMENTS]);
    }
    assert.ok(result.threshold > 0 && result.threshold < 1);
    assert.equal(Object.values(result.scores.heldOut)[0].length, INSTRUMENTS.length);
    const [{ color, snr, accuracy, right }] = result.noise!;
    assert.deepEqual([color, snr, accuracy, right], ["white", 20, 1, "1".repeat(held.length)]);
  } finally {
    if (before === undefined) Deno.env.delete("LUMEN_IRMAS_MELS");
    else Deno.env.set("LUMEN_IRMAS_MELS", before);
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("real spectrograms have a front end that cannot be set", async () => {
  const config = recipeConfig("irmas_scratch", {
    settings: ["frontEnd.hopLength=160", "frontEnd.byteRange=floor"],
  });
  await assert.rejects(
    irmasData(config),
    /hopLength is 512, not 160; byteRange is clip, not floor/,
  );
});

Deno.test("rendered audio: faulty files are left out, songs and a tenth of the recordings are not trained on", async () => {
  const folder = Deno.makeTempDirSync(), random = randomFrom("demo data");
  const files = INSTRUMENTS.flatMap((code) =>
    Array.from({ length: 10 }, (_, k) => ({
      file: `${code}/${code}${k}__1.wav`,
      part: "train",
      code,
      recording: `${code}${k}`,
      // the first two recordings of each instrument are broken on purpose, as the demo's faults are
      fault: ["silent", "short"][k] ?? "",
    }))
  );
  const songs = ["a", "b", "c", "d"];
  for (const song of songs) {
    const file = `songs/${song}-1.wav`;
    files.push({ file, part: "test", code: "cel", recording: song, fault: "" });
  }
  const header = "file,part,labels,recording,seconds,key,tempo,beats_per_bar,genre,drums,bass," +
    "fault,presets,sha256";
  const lines = files.map(({ file, part, code, recording, fault }) =>
    [file, part, code, recording, 1, "C major", 100, 4, "cla", false, false, fault, "", ""].join()
  );
  writeAtomically(join(folder, "truth.csv"), [header, ...lines, ""].join("\n"));
  for (const { file } of files) {
    const y = Float32Array.from({ length: 8000 }, () => random.uniform(-1, 1));
    writeAtomically(join(folder, file), encodeWav({ sampleRate: 8000, channels: [y] }));
  }
  const config = recipeConfig("demo", { settings: ["data.size=small"] });
  const data = await demoData(config, { folder, features: join(folder, "features") });
  const sound = files.filter(({ fault }) => !fault).map(({ file }) => file);
  assert.deepEqual(data.clips.names, sound);
  const trained = data.train.map((k) => data.clips.names[k]);
  assert.deepEqual(trained.filter((name) => name.startsWith("songs/")), []);
  // 88 sound recordings of one clip each, in tenths
  assert.ok(trained.length >= 88 - 11 && trained.length <= 88 - 6, `${trained.length}`);

  // a run that has nothing to do with the demo hears its songs as one that was trained on it
  const listen: Predictor = (input, { count }) => {
    const size = input.length / count;
    return Promise.resolve(
      Float32Array.from(
        { length: count * 11 },
        (_, k) => input[Math.floor(k / 11) * size + k % 11],
      ),
    );
  };
  const heard = await hearDemoSongs(listen, { config, folder, size: "small", features: folder });
  assert.deepEqual(heard, await data.evaluate(listen));
  assert.deepEqual(Object.keys(heard.scores!.songs), songs.map((song) => `songs/${song}-1.wav`));
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("IRMAS's sound files: half of the songs are scored, the other half is trained on where it is asked for", async () => {
  const folder = Deno.makeTempDirSync(), random = randomFrom("IRMAS audio");
  const write = (file: string) => {
    const y = Float32Array.from({ length: 24_000 }, () => random.uniform(-1, 1));
    writeAtomically(join(folder, file), encodeWav({ sampleRate: 8000, channels: [y] }));
  };
  for (const code of INSTRUMENTS) {
    for (let k = 0; k < 10; k++) write(`IRMAS-TrainingData/${code}/[${code}][cla]000${k}__1.wav`);
  }
  const songs = ["a", "b", "c", "d"].flatMap((song) => [`${song}-1`, `${song}-2`]);
  for (const name of songs) {
    write(`IRMAS-TestingData-Part1/Part1/${name}.wav`);
    writeAtomically(join(folder, `IRMAS-TestingData-Part1/Part1/${name}.txt`), "cel\t\n");
  }
  let heard = 0;
  const listen: Predictor = (_, { count }) => {
    heard += count;
    return Promise.resolve(Float32Array.from({ length: count * 11 }, (_, k) => Math.sin(k)));
  };
  const [alone, boosted] = await Promise.all([false, true].map(async (boosted) => {
    const config = recipeConfig("paper_convnext", { settings: [`data.boosted=${boosted}`] });
    const data = await irmasAudioData(config, { root: folder, features: join(folder, "features") });
    const result = await data.evaluate(listen) as unknown as DemoResult;
    return { names: data.clips.names, trained: data.train.map((k) => data.clips.names[k]), result };
  }));
  // four clips of two songs, each of two pieces, by both
  assert.equal(heard, 2 * 4 * 2);
  const isSong = (name: string) => /^[a-d]-/.test(name);
  const heldOf = (
    { names, trained }: typeof alone,
  ) => [...new Set(names.filter((name) => isSong(name) && !trained.includes(name)))];
  // 3 s are two pieces of 2.24 s; of four songs two are trained on, and a tenth of all recordings is held out
  assert.equal(alone.names.length, 2 * (110 + 4));
  assert.equal(boosted.names.length, 2 * (110 + 8));
  assert.deepEqual(alone.trained.filter(isSong), []);
  const songOf = (name: string) => name[0];
  const scored = new Set(heldOf(alone).map(songOf));
  assert.equal(scored.size, 2);
  // what a reader needs to score it again: of each file the higher of its pieces' probabilities
  const { scores, truth } = alone.result, files = heldOf(alone);
  assert.deepEqual(Object.keys(scores!.songs), files);
  files.forEach((file, row) => {
    assert.deepEqual(truth![file], { song: songOf(file), labels: ["cel"] });
    const p = (piece: number) => 1 / (1 + Math.exp(-Math.sin((2 * row + piece) * 11 + 3)));
    assert.equal(scores!.songs[file][3], Number(Math.max(p(0), p(1)).toFixed(4)));
  });
  for (const name of boosted.trained.filter(isSong)) assert.ok(!scored.has(songOf(name)), name);
  assert.ok(boosted.trained.some(isSong));
  Deno.removeSync(folder, { recursive: true });
});
