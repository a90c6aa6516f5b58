import assert from "node:assert/strict";
import { encodeWav } from "lib/audio/wav.ts";
import { randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { aggregateChunks } from "lib/evaluation/aggregate.ts";
import { runChunkScores, yamnetChunkScores } from "lib/experiments/chunk_scores.ts";
import { RunFolder } from "lib/experiments/run_folder.ts";
import { loadRecognizer } from "lib/inference/recognizer.ts";
import { embed } from "lib/nn/embed.ts";
import { writeSafetensors } from "lib/nn/safetensors.ts";
import { BASE_CONFIG, parseConfig } from "lib/train/config.ts";
import { buildNetwork } from "lib/train/model.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

/** Noise that swells, so that every piece is another. */
function swelling(seconds: number) {
  const random = randomFrom("swelling", seconds), n = Math.round(16000 * seconds);
  const y = Float32Array.from({ length: n }, (_, t) => 0.9 * t / n * random.uniform(-1, 1));
  return { sampleRate: 16000, channels: [y] };
}

const SECONDS = [7, 0.6, 3.1];
const sounds = SECONDS.map(swelling);

/** The sounds as files. */
function writtenTo(folder: TemporaryFolder): string[] {
  return sounds.map((sound, k) => {
    const path = folder.file(`${k}.wav`);
    Deno.writeFileSync(path, encodeWav(sound, { bits: 32 }));
    return path;
  });
}

const most = (values: ArrayLike<number>, expected: ArrayLike<number>) =>
  Math.max(...Array.from(values, (value, k) => Math.abs(value - expected[k])));

Deno.test("a run's pieces of its own length give what its recognizer hears", async () => {
  using folder = new TemporaryFolder();
  const run = new RunFolder("untrained-00000000-seed0", folder.file("runs"));
  const config = parseConfig({
    ...BASE_CONFIG,
    recipe: "untrained",
    seed: 0,
    data: { source: "demo", size: "small" },
  });
  run.writeRecord({ config, provenance: undefined as never });
  const tensors = new Map(
    buildNetwork(config.model).parameters.map(({ name, shape, initial }) => [
      name,
      { shape, data: initial(shape, randomFrom("pieces", name)) },
    ]),
  );
  writeSafetensors(run.weights, { tensors, metadata: {} });
  run.writeResult({ threshold: 0.5 });
  const paths = writtenTo(folder);
  const [own, overlapping, short] = await runChunkScores(run, {
    paths,
    features: folder.file("features"),
    chunkings: [{ seconds: 3, hop: 3 }, { seconds: 3, hop: 1.5 }, { seconds: 1, hop: 1 }],
  });
  const recognizer = loadRecognizer(run.name, folder.file("runs"));
  const heard = await Promise.all(paths.map((path) => recognizer.recognizeFile(path)));
  const files = aggregateChunks(own.probabilities, own.groups);
  const expected = heard.flatMap(({ scores }) => INSTRUMENTS.map((code) => scores[code]));
  assert.ok(most(files, expected) < 1e-5); // batches of other sizes
  assert.deepEqual([...own.groups], [0, 0, 0, 1, 2, 2]);
  assert.deepEqual([...overlapping.groups], [0, 0, 0, 0, 1, 2, 2]);
  assert.deepEqual([...short.groups], [0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2]);
  // where a piece begins at the same place, it is the same piece
  const row = (scores: Float32Array, k: number) => scores.subarray(11 * k, 11 * k + 11);
  for (const [piece, same] of [[0, 0], [1, 2], [3, 4], [4, 5]]) {
    assert.ok(most(row(own.probabilities, piece), row(overlapping.probabilities, same)) < 1e-5);
  }
  assert.ok(most(row(own.probabilities, 0), row(own.probabilities, 1)) > 1e-4);
  // more files than are in memory at once
  const [many] = await runChunkScores(run, {
    paths: Array.from({ length: 90 }, (_, k) => paths[k % 2 ? 1 : 2]),
    features: folder.file("features"),
    chunkings: [{ seconds: 3, hop: 3 }],
  });
  const counted = Array.from({ length: 90 }, (_, k) => k % 2 ? [k] : [k, k]).flat();
  assert.deepEqual([...many.groups], counted);
  assert.ok(most(row(many.probabilities, 134), row(own.probabilities, 3)) < 1e-5);
});

Deno.test("YAMNet's pieces of its own length have the means that it embeds sounds with", async () => {
  using folder = new TemporaryFolder();
  const [{ probabilities, groups }, longer] = await yamnetChunkScores({
    paths: writtenTo(folder),
    chunkings: [{ seconds: 0.96, hop: 0.48 }, { seconds: 3, hop: 3 }],
  });
  const { scores } = await embed(sounds, "yamnet");
  const files = aggregateChunks(probabilities, groups, { by: "meanProbability" });
  assert.ok(most(files, scores) < 1e-5);
  // from the end of the first piece on, a piece every hop until the end, filled up with silence
  const counts = SECONDS.map((s) => 1 + Math.max(0, Math.ceil((s - 0.975) / 0.48)));
  assert.deepEqual([...groups], counts.flatMap((count, file) => Array(count).fill(file)));
  assert.deepEqual([...longer.groups], [0, 0, 0, 1, 2, 2]);
});
