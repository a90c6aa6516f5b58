import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeFile } from "lib/audio/decode.ts";
import { toMono } from "lib/audio/mono.ts";
import { resample } from "lib/audio/resample.ts";
import { encodeWav } from "lib/audio/wav.ts";
import { exists } from "lib/core/files.ts";
import { type Random, randomFrom } from "lib/core/random.ts";
import { findSamePassages } from "lib/curation/same_passages.ts";
import { soundDuplicates } from "lib/curation/sound_duplicates.ts";
import { makeClip } from "lib/datasets/clip.ts";
import { demoFolder } from "lib/datasets/demo/render.ts";
import { demoClips, TRUTH_FILE } from "lib/datasets/demo/truth.ts";
import { FINGERPRINT_RATE, subFingerprints } from "lib/dsp/sub_fingerprints.ts";
import { addCodingNoise, addNoise, trim, tune } from "./tunes.ts";

type Change = (y: Float32Array, sampleRate: number, random: Random) => Float32Array;

/** What becomes of a copy, at its own rate. */
const CHANGES: Record<string, Change> = {
  gain: (y) => y.map((x) => 0.05 * x),
  resampling: (y, rate) => resample(resample(y, rate, 11025).subarray(3), 11025, rate),
  "coding noise": (y, _, random) => addCodingNoise(y, 12, random),
  "trimming to 1.5 s": (y, rate, random) => trim(y, 1.5 * rate, random),
  "all of them": (y, rate, random) =>
    addCodingNoise(CHANGES.resampling(trim(y, 2 * rate, random), rate, random), 15, random)
      .map((x) => 0.3 * x),
};

Deno.test("planted copies of made-up tunes are found, nothing else, and leaks are named", async () => {
  const folder = Deno.makeTempDirSync(), random = randomFrom("planted");
  try {
    const sounds = Array.from({ length: 30 }, (_, k) => ({ name: `tune ${k}`, y: tune(k, 22050) }));
    Object.entries(CHANGES).forEach(([name, change], k) =>
      sounds.push({ name: `${name} of ${k}`, y: change(sounds[k].y, 22050, random) })
    );
    const clips = sounds.map(({ name, y }, k) => {
      const path = join(folder, `${name}.wav`);
      Deno.writeFileSync(path, encodeWav({ sampleRate: 22050, channels: [y] }));
      const split = k < 30 ? "train" : "validation";
      return makeClip({ name, path, source: "tunes", labels: ["pia"], group: name, split });
    });
    clips.push({ ...clips[0], path: join(folder, "gone.wav"), name: "gone" });
    const { passages, sets, skipped } = await soundDuplicates(clips, {
      folder: join(folder, "cache"),
    });
    assert.deepEqual(skipped.map(({ path }) => path), [join(folder, "gone.wav")]);
    const names = Object.keys(CHANGES).map((name, k) => [`tune ${k}`, `${name} of ${k}`]);
    assert.deepEqual(passages.map((p) => p.clips.map(({ name }) => name)), names);
    assert.ok(passages.every(({ part }) => part > 0.98), "all of the shorter one");
    assert.deepEqual(sets.map((set) => set.clips.map(({ name }) => name)), names);
    assert.ok(sets.every((set) => set.sides.length === 2 && !set.oneGroup && set.labelsAgree));
    await assert.rejects(
      soundDuplicates([...clips, makeClip({ ...clips[0], name: "row 7", path: null })]),
      /cannot hear row 7: its data set is a table without sound/,
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

const small = demoFolder("small");

Deno.test({
  name: "rendered audio: planted copies are found, and no clip of another recording",
  ignore: !exists(join(small, TRUTH_FILE)),
  async fn() {
    const clips = demoClips(small).filter(({ fault }) => !fault);
    const sounds = await Promise.all(clips.map(async ({ path }) => {
      const sound = await decodeFile(path);
      return resample(toMono(sound), sound.sampleRate, FINGERPRINT_RATE);
    }));
    const fingerprints = sounds.map(subFingerprints), random = randomFrom("planted in the demo");
    const strangers = findSamePassages(fingerprints).filter(({ pair: [a, b] }) =>
      clips[a].recording !== clips[b].recording
    );
    assert.deepEqual(strangers, []);
    const picked = random.sample([...clips.keys()], 25);
    const recall = (change: Change) => {
      const copies = picked.map((k) =>
        subFingerprints(change(sounds[k], FINGERPRINT_RATE, random))
      );
      const found = findSamePassages([...fingerprints, ...copies]).map(({ pair }) => `${pair}`);
      return picked.filter((k, row) => found.includes(`${k},${clips.length + row}`)).length;
    };
    for (const name of ["gain", "resampling", "coding noise", "trimming to 1.5 s"]) {
      assert.equal(recall(CHANGES[name]), 25, name);
    }
    // 90 of 100 on the whole demo: white noise drowns the upper bands of a low note. 25 draws of 0.9 are
    // below 18 once in a hundred
    assert.ok(recall((y) => addNoise(y, 20, random)) >= 18);
  },
});
