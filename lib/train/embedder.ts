/** What a trained network makes of a clip before its head decides: the mean of the backbone's feature map. */
import type { Rows } from "../baselines/rows.ts";
import { networkInput } from "../features/bytes.ts";
import type { Chunks } from "../features/chunks.ts";
import { globalAveragePool } from "../nn/layers/pooling.ts";
import type { tf } from "../nn/engine/mod.ts";
import { sequence } from "../nn/layer.ts";
import type { RunConfig } from "./config.ts";
import { buildNetwork, initialWeights } from "./model.ts";
import { loadWeights, tensorsOf } from "./parameters.ts";
import { makePredictor } from "./predictor.ts";

/** Gives clips' embeddings, one row a clip: the mean over its pieces. */
export type Embedder = (chunks: Chunks<Uint8Array>) => Promise<Rows>;

/** Pieces that become a network's input together: as bytes they take a quarter of the memory. */
const PIECES = 512;

/**
 * Loads a trained network as an embedder.
 *
 * @param config what the network was trained with
 * @param weights its safetensors file
 * @throws Error that names the file, where it cannot be read
 */
export function loadEmbedder(config: RunConfig, weights: string): Embedder {
  return embedderOf(config, loadWeights(weights));
}

/**
 * The backbone with the published weights that training would begin with.
 *
 * @throws Error where the configuration has none
 */
export function publishedEmbedder(config: Pick<RunConfig, "model" | "frontEnd">): Embedder {
  const values = initialWeights(config.model);
  if (values.size === 0) {
    throw new Error(`cannot embed with ${config.model.backbone}: it begins with random weights`);
  }
  return embedderOf(config, tensorsOf(values));
}

function embedderOf(
  { model, frontEnd }: Pick<RunConfig, "model" | "frontEnd">,
  tensors: ReadonlyMap<string, tf.Tensor>,
): Embedder {
  const { backbone } = buildNetwork(model), columns = backbone.features;
  const predict = makePredictor(sequence(backbone, globalAveragePool), () => tensors);
  return async ({ data, count, nMels, chunkFrames, group }) => {
    const size = nMels * chunkFrames, clips = count === 0 ? 0 : group[count - 1] + 1;
    const values = new Float64Array(clips * columns), pieces = new Float64Array(clips);
    for (let first = 0; first < count; first += PIECES) {
      const end = Math.min(count, first + PIECES);
      const input = networkInput(data.subarray(first * size, end * size), frontEnd);
      const shape = { count: end - first, bands: nMels, frames: chunkFrames };
      const pooled = await predict(input, shape);
      for (let piece = first; piece < end; piece++) {
        const clip = group[piece];
        pieces[clip]++;
        for (let k = 0; k < columns; k++) {
          values[clip * columns + k] += pooled[(piece - first) * columns + k];
        }
      }
    }
    for (let at = 0; at < values.length; at++) values[at] /= pieces[Math.floor(at / columns)];
    return { values, columns };
  };
}
