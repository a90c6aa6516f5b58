import assert from "node:assert/strict";
import { join, relative } from "node:path";
import type { Sound } from "lib/audio/sound.ts";
import { encodeWav } from "lib/audio/wav.ts";
import { writeAtomically } from "lib/core/files.ts";
import { projectPath, ROOT } from "lib/core/paths.ts";
import { randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import type { Provenance } from "lib/experiments/provenance.ts";
import { RunFolder } from "lib/experiments/run_folder.ts";
import { decibelToBytes, networkInput } from "lib/features/bytes.ts";
import { chunk } from "lib/features/chunks.ts";
import { type FrontEnd, IRMAS_MELS_FRONT_END, melOf } from "lib/features/front_end.ts";
import { defaultRecognizer, loadRecognizer, zeroShotRecognizer } from "lib/inference/recognizer.ts";
import { embed } from "lib/nn/embed.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { writeSafetensors } from "lib/nn/safetensors.ts";
import { BASE_CONFIG, parseConfig } from "lib/train/config.ts";
import { buildNetwork } from "lib/train/model.ts";
import { makePredictor, sigmoid } from "lib/train/predictor.ts";

const root = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

const config = parseConfig({
  ...BASE_CONFIG,
  recipe: "untrained",
  seed: 0,
  data: { source: "demo", size: "small" },
});
const network = buildNetwork(config.model);
const weights = new Map(
  network.parameters.map(({ name, shape, initial }) => [
    name,
    { shape, data: initial(shape, randomFrom("recognizer", name)) },
  ]),
);

/** A finished run with random weights. */
function untrainedRun(frontEnd: FrontEnd = config.frontEnd): RunFolder {
  const folder = new RunFolder("untrained-00000000-seed0", root);
  const provenance = { started: "2026-01-01T00:00:00.000Z" } as Provenance;
  folder.writeRecord({ config: { ...config, frontEnd }, provenance });
  writeSafetensors(folder.weights, { tensors: weights, metadata: {} });
  folder.writeResult({ threshold: 0.5 });
  return folder;
}

/** Seconds of a rising tone, stereo. */
function sound(seconds: number) {
  const sampleRate = 16000;
  const y = Float32Array.from(
    { length: seconds * sampleRate },
    (_, t) => 0.5 * Math.sin(200 * t / sampleRate * (1 + t / sampleRate)),
  );
  return { sampleRate, channels: [y, y] };
}

/** The scores of a sound by hand: each chunk of three seconds through the network, then the maximum. */
async function scoresByHand(sound: Sound, frontEnd: FrontEnd): Promise<number[]> {
  const mel = melOf(sound, frontEnd), bytes = { ...mel, data: decibelToBytes(mel.data, frontEnd) };
  const { data, count, nMels, chunkFrames } = chunk([bytes], frontEnd), size = nMels * chunkFrames;
  const tensors = new Map(
    [...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
  );
  const predict = makePredictor(network, () => tensors);
  const highest = INSTRUMENTS.map(() => 0);
  for (let k = 0; k < count; k++) {
    const input = networkInput(data.subarray(k * size, (k + 1) * size), frontEnd);
    const scores = sigmoid(await predict(input, { count: 1, bands: nMels, frames: chunkFrames }));
    highest.forEach((score, label) => highest[label] = Math.max(score, scores[label]));
  }
  return highest;
}

Deno.test("a long file has the highest score of its pieces, and the front end of its run", async () => {
  const recognizer = loadRecognizer(untrainedRun().name, root);
  const path = join(root, "ten seconds.wav");
  writeAtomically(path, encodeWav(sound(10), { bits: 32 }));
  const { scores, instruments, seconds } = await recognizer.recognizeFile(path);
  const byHand = await scoresByHand(sound(10), config.frontEnd);
  INSTRUMENTS.forEach((code, label) => {
    assert.ok(Math.abs(scores[code] - byHand[label]) < 1e-5); // batches of four against one
  });
  assert.equal(seconds, 10);
  assert.deepEqual(
    [...instruments],
    INSTRUMENTS.filter((code) => scores[code] > 0.5).sort((a, b) => scores[b] - scores[a]),
  );
});

Deno.test("what is stretched over a clip's own range in training is so in recognition", async () => {
  const random = randomFrom("noise");
  const noise = Float32Array.from({ length: 16000 * 3 }, () => random.uniform(-1, 1));
  const heard = { sampleRate: 16000, channels: [noise] };
  const floor = { ...IRMAS_MELS_FRONT_END, byteRange: "floor" as const };
  // the quietest band of noise is far above -80 dB, so the two ranges differ
  assert.ok(Math.min(...melOf(heard, floor).data) > -60);
  const { scores } = await loadRecognizer(untrainedRun(IRMAS_MELS_FRONT_END).name, root)
    .recognize(heard);
  const [clip, other] = [
    await scoresByHand(heard, IRMAS_MELS_FRONT_END),
    await scoresByHand(heard, floor),
  ];
  const distance = (expected: number[]) =>
    Math.max(...INSTRUMENTS.map((code, label) => Math.abs(scores[code] - expected[label])));
  assert.ok(distance(clip) < 1e-6); // the same sums
  assert.ok(distance(other) > 1e-4, `${distance(other)}`);
});

Deno.test("runs and files that are not there are named", async () => {
  untrainedRun();
  assert.throws(
    () => loadRecognizer("other", root),
    /no finished run "other"; finished: untrained-/,
  );
  assert.throws(() => loadRecognizer(undefined, join(root, "empty")), /no trained network is here/);
  const recognizer = loadRecognizer(undefined, root);
  assert.equal(recognizer.run, "untrained-00000000-seed0");
  await assert.rejects(recognizer.recognizeFile(join(root, "missing.wav")), /missing\.wav/);
  const lost = untrainedRun();
  Deno.removeSync(lost.weights);
  assert.throws(
    () => loadRecognizer(lost.name, root),
    /weights of run "untrained-00000000-seed0" are not here .*\.\/lumen train untrained-00000000-seed0/,
  );
});

Deno.test("one file names what is used where nobody names a model", async () => {
  const file = join(root, "default_model.json");
  const named = (model: string) => {
    writeAtomically(file, JSON.stringify({ model }));
    return defaultRecognizer(file);
  };
  assert.equal((await named("yamnet")).run, "yamnet");
  await assert.rejects(named("a_run-00000000-seed0"), /no finished run "a_run-00000000-seed0"/);
  // the project's own names a run whose weights everybody has: all others' stay out of version control
  const { run } = await defaultRecognizer();
  const { path, weights } = new RunFolder(run);
  assert.ok(
    Deno.readTextFileSync(projectPath(".gitignore")).includes(relative(ROOT, weights)),
    path,
  );
  assert.ok(Deno.statSync(weights).size < 20e6);
});

Deno.test("a pretrained network recognises with its own classes, without a run", async () => {
  const recognizer = await zeroShotRecognizer("yamnet"), given = sound(4);
  const { scores, instruments, seconds } = await recognizer.recognize(given);
  const expected = (await embed([given], "yamnet")).scores;
  assert.deepEqual(INSTRUMENTS.map((code) => scores[code]), [...expected]);
  const heard = INSTRUMENTS.filter((_, k) => expected[k] > recognizer.threshold);
  assert.deepEqual(new Set(instruments), new Set(heard));
  assert.equal(seconds, 4);
  assert.equal(recognizer.run, "yamnet");
});

Deno.test("AST without its weights: the sentence says where they can be had", async () => {
  await assert.rejects(
    zeroShotRecognizer("ast", { weights: "/nowhere" }),
    /there are no weights at \/nowhere: no such file or folder/,
  );
});
