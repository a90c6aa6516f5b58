import assert from "node:assert/strict";
import { decodeFile } from "lib/audio/decode.ts";
import { encodeWav } from "lib/audio/wav.ts";
import { scalogramFilters } from "lib/dsp/scalogram.ts";
import { mfcc } from "lib/dsp/mfcc.ts";
import { decibelToBytes } from "lib/features/bytes.ts";
import { DEFAULT_FRONT_END, IRMAS_MELS_FRONT_END, melOf } from "lib/features/front_end.ts";
import { INPUT_KINDS, inputOf, inputsOf, inputsOfFiles, stackInputs } from "lib/features/inputs.ts";
import { chirp, noise } from "../mel_signals.ts";

const RATE = DEFAULT_FRONT_END.sampleRate;
const sine = (hz: number, seconds = 1) =>
  Float32Array.from({ length: seconds * RATE }, (_, k) => Math.sin(2 * Math.PI * hz * k / RATE));
const row = ({ data, frames }: { data: Uint8Array; frames: number }, k: number) =>
  data.subarray(k * frames, (k + 1) * frames);
const brightest = (input: { data: Uint8Array; frames: number; nMels: number }) => {
  const middle = input.frames >> 1;
  const column = Array.from({ length: input.nMels }, (_, k) => row(input, k)[middle]);
  return column.indexOf(Math.max(...column));
};

Deno.test("all inputs have as many frames, whatever the length and the hop", () => {
  for (const frontEnd of [DEFAULT_FRONT_END, IRMAS_MELS_FRONT_END]) {
    for (const length of [8000, 8001, 15999, 16000, 16160, 20487]) {
      const frames = INPUT_KINDS.map((kind) => inputOf(noise(length), kind, frontEnd).frames);
      assert.equal(new Set(frames).size, 1, `${length}: ${frames}`);
    }
  }
});

Deno.test("a tone stands in its pitch class, and at its filter", () => {
  // A is the tenth class from C
  for (const hz of [220, 440, 880]) {
    const classes = inputOf(sine(hz), "chroma", DEFAULT_FRONT_END);
    assert.equal(brightest(classes), 9);
    assert.equal(row(classes, 9)[50], 255);
  }
  assert.equal(brightest(inputOf(sine(261.63), "chroma", DEFAULT_FRONT_END)), 0);
  const filters = scalogramFilters({ sampleRate: RATE });
  for (const k of [30, 64, 100]) {
    const picture = inputOf(sine(filters[k].frequency), "scalogram", DEFAULT_FRONT_END);
    assert.equal(picture.nMels, filters.length);
    assert.equal(brightest(picture), k);
    // a steady tone: within half a byte's 0.3 dB of the clip's maximum everywhere but near its ends
    assert.ok(row(picture, k).subarray(20, -20).every((value) => value >= 254));
  }
});

Deno.test("MFCC's bytes stand for its coefficients", () => {
  const mel = melOf(chirp(16000), DEFAULT_FRONT_END), { topDb } = DEFAULT_FRONT_END;
  const { data, nMfcc, frames } = mfcc({ ...mel, data: mel.data.map((dB) => dB + topDb / 2) });
  const bytes = inputOf(chirp(16000), "mfcc", DEFAULT_FRONT_END), most = Math.sqrt(128) * 40;
  assert.deepEqual([bytes.nMels, bytes.frames], [nMfcc, frames]);
  for (let k = 0; k < nMfcc; k++) {
    const reach = k === 0 ? most : most / 4;
    for (let t = 0; t < frames; t++) {
      const value = Math.min(Math.max(data[k * frames + t], -reach), reach);
      const decoded = (row(bytes, k)[t] / 255 * 2 - 1) * reach;
      assert.ok(Math.abs(decoded - value) <= reach / 255 * 1.001, `${k} ${t}: ${decoded} ${value}`);
    }
  }
});

Deno.test("the mel spectrogram alone is what it was; several stand below one another", () => {
  const sound = { sampleRate: RATE, channels: [chirp(16000)] };
  const mel = melOf(sound, DEFAULT_FRONT_END);
  const expected = decibelToBytes(mel.data, DEFAULT_FRONT_END);
  assert.deepEqual(inputsOf(sound, ["mel"], DEFAULT_FRONT_END).data, expected);
  const both = inputsOf(sound, ["chroma", "mel"], DEFAULT_FRONT_END);
  assert.deepEqual([both.nMels, both.frames], [256, mel.frames]);
  assert.deepEqual(both.data.subarray(128 * mel.frames), expected);
});

Deno.test("rows are repeated to fill the bands", () => {
  const input = { data: Uint8Array.of(1, 2, 3, 4, 5, 6), nMels: 3, frames: 2 };
  const { data } = stackInputs([input], 6);
  assert.deepEqual([...data], [1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6]);
  assert.throws(
    () => stackInputs([input, { ...input, nMels: 2, frames: 3 }], 6),
    /3 frames below 2/,
  );
});

Deno.test("files give what their sounds give, the second time from the cache", async () => {
  const folder = Deno.makeTempDirSync(), paths = ["a", "b"].map((name) => `${folder}/${name}.wav`);
  Deno.writeFileSync(paths[0], encodeWav({ sampleRate: 44100, channels: [noise(44100)] }));
  Deno.writeFileSync(paths[1], encodeWav({ sampleRate: RATE, channels: [chirp(8000)] }));
  const what = { kinds: INPUT_KINDS, frontEnd: DEFAULT_FRONT_END };
  for (let time = 0; time < 2; time++) {
    const { inputs, skipped } = await inputsOfFiles(paths, what, { folder: `${folder}/cache` });
    assert.deepEqual(skipped, []);
    paths.forEach((path, k) =>
      assert.deepEqual(inputs[k], inputsOf(decodeFile(path), INPUT_KINDS, DEFAULT_FRONT_END))
    );
  }
  Deno.removeSync(folder, { recursive: true });
});
