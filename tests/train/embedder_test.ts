import assert from "node:assert/strict";
import { join } from "node:path";
import { randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { networkInput } from "lib/features/bytes.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { writeSafetensors } from "lib/nn/safetensors.ts";
import { BASE_CONFIG, parseConfig } from "lib/train/config.ts";
import { loadEmbedder } from "lib/train/embedder.ts";
import { buildNetwork } from "lib/train/model.ts";
import { makePredictor } from "lib/train/predictor.ts";

Deno.test("an embedding is what the head decides by, and a clip's is the mean of its pieces'", async () => {
  const model = { ...BASE_CONFIG.model, head: "pooled", hidden: [] };
  const config = parseConfig({
    ...BASE_CONFIG,
    model,
    recipe: "untrained",
    seed: 0,
    data: { source: "demo", size: "small" },
  });
  const network = buildNetwork(config.model), random = randomFrom("embedder");
  const tensors = new Map(
    network.parameters.map(({ name, shape, initial }) => [
      name,
      { shape, data: initial(shape, random.fork(name)) },
    ]),
  );
  const folder = await Deno.makeTempDir(), path = join(folder, "weights.safetensors");
  try {
    writeSafetensors(path, { tensors, metadata: {} });
    const [nMels, chunkFrames, count] = [128, 32, 3], size = nMels * chunkFrames;
    const data = Uint8Array.from({ length: count * size }, () => random.integer(0, 256));
    const embed = loadEmbedder(config, path);
    const pieces = await embed({ data, count, nMels, chunkFrames, group: Int32Array.of(0, 1, 2) });
    const clips = await embed({ data, count, nMels, chunkFrames, group: Int32Array.of(0, 0, 1) });
    const { columns } = pieces;
    assert.deepEqual([columns, clips.values.length], [network.backbone.features, 2 * columns]);
    for (let k = 0; k < columns; k++) {
      const mean = (pieces.values[k] + pieces.values[columns + k]) / 2;
      assert.ok(Math.abs(clips.values[k] - mean) < 1e-6);
    }

    const weights = new Map(
      [...tensors].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
    );
    const logits = await makePredictor(network, () => weights)(
      networkInput(data, config.frontEnd),
      { count, bands: nMels, frames: chunkFrames },
    );
    const of = (name: string) => tensors.get(name)!.data;
    for (let piece = 0; piece < count; piece++) {
      // the head by hand: layer norm (epsilon 1e-6, as timm's), one linear layer
      const x = pieces.values.subarray(piece * columns, (piece + 1) * columns);
      const mean = x.reduce((a, b) => a + b) / columns;
      const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / columns;
      INSTRUMENTS.forEach((_, label) => {
        let z = of("head.fc.bias")[label];
        x.forEach((value, k) => {
          const normal = (value - mean) / Math.sqrt(variance + 1e-6);
          const scaled = normal * of("head.norm.weight")[k] + of("head.norm.bias")[k];
          z += scaled * of("head.fc.weight")[k * INSTRUMENTS.length + label];
        });
        // the network's singles against doubles
        assert.ok(Math.abs(z - logits[piece * INSTRUMENTS.length + label]) < 1e-4);
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
