import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeWav } from "lib/audio/wav.ts";
import { writeAtomically } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { RunFolder } from "lib/experiments/run_folder.ts";
import { networkInput } from "lib/features/bytes.ts";
import { chunk } from "lib/features/chunks.ts";
import { DEFAULT_FRONT_END, melOf } from "lib/features/front_end.ts";
import { loadRecognizer } from "lib/inference/recognizer.ts";
import type { Spectrogram } from "lib/dsp/mel.ts";
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
function untrainedRun(): RunFolder {
  const folder = new RunFolder("untrained-00000000-seed0", root);
  folder.writeRecord({ config, provenance: undefined as never });
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

Deno.test("a long file has the highest score of its pieces, and the front end of its run", async () => {
  const recognizer = loadRecognizer(untrainedRun().name, root);
  const path = join(root, "ten seconds.wav");
  writeAtomically(path, encodeWav(sound(10), { bits: 32 }));
  const { scores, instruments, seconds } = await recognizer.recognizeFile(path);

  // the same by hand: four chunks of three seconds, each through the network, then the maximum
  const mel = melOf(sound(10), DEFAULT_FRONT_END) as Spectrogram<Float32Array>;
  const { data, count, nMels, chunkFrames } = chunk([mel], DEFAULT_FRONT_END);
  assert.equal(count, 4);
  const tensors = new Map(
    [...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
  );
  const predict = makePredictor(network, () => tensors);
  const one = (k: number) => data.subarray(k * nMels * chunkFrames, (k + 1) * nMels * chunkFrames);
  const pieces: Float32Array[] = [];
  for (let k = 0; k < count; k++) {
    const input = networkInput(one(k), DEFAULT_FRONT_END);
    pieces.push(sigmoid(await predict(input, { count: 1, bands: nMels, frames: chunkFrames })));
  }
  INSTRUMENTS.forEach((code, label) => {
    const highest = Math.max(...pieces.map((piece) => piece[label]));
    assert.ok(Math.abs(scores[code] - highest) < 1e-5); // batches of four against one
  });
  assert.equal(seconds, 10);
  assert.deepEqual(
    [...instruments],
    INSTRUMENTS.filter((code) => scores[code] > 0.5).sort((a, b) => scores[b] - scores[a]),
  );
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
});
