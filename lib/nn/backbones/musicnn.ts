/**
 * musicnn (Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging", 2019,
 * arXiv 1909.06654; its front end: Pons et al., ISMIR 2018, arXiv 1711.02520): filters as tall as timbres and as
 * long as rhythms.
 *
 * Tensors are [batch, mel bands, frames, channels]; the original has bands and frames the other way round, and so
 * have its filters.
 */
import type { LogMelInput } from "../../features/log_mel.ts";
import { tf } from "../engine/mod.ts";
import { type Backbone, type Layer, sequence } from "../layer.ts";
import { relu } from "../layers/activations.ts";
import { batchNorm } from "../layers/batch_norm.ts";
import { convolution } from "../layers/convolution.ts";
import { dense } from "../layers/dense.ts";
import { dropout } from "../layers/dropout.ts";

const BANDS = 96;

/** Its input: 32 ms windows every 16 ms, 96 of librosa's bands; patches of 3 s. */
export const MUSICNN_INPUT: LogMelInput = {
  sampleRate: 16000,
  nFft: 512,
  hopLength: 256,
  padMode: "reflect", // as librosa did when the network was trained
  nMels: BANDS,
  fMin: 0,
  fMax: 8000,
  logarithm: { base: "10", gain: 10000, offset: 1 },
  patchFrames: 187,
  patchHop: 187,
  completion: "repeat",
};

/** Heights of the timbral filters, in bands, and lengths of the temporal ones, in frames. */
const TIMBRAL = [Math.floor(0.4 * BANDS), Math.floor(0.7 * BANDS)], TEMPORAL = [128, 64, 32];
const TIMBRAL_FILTERS = 204, TEMPORAL_FILTERS = 51, MIDDLE_FILTERS = 64, LAYERS_IN_MIDDLE = 3;
const FRONT = TIMBRAL.length * TIMBRAL_FILTERS + TEMPORAL.length * TEMPORAL_FILTERS;

const FEATURES = FRONT + LAYERS_IN_MIDDLE * MIDDLE_FILTERS;

/** Width of the embedding. */
export const MUSICNN_EMBEDDING = 200;

/** TensorFlow's settings. */
const BATCH_NORM = { momentum: 0.01, epsilon: 1e-3 };

/** Convolution, ReLU, batch norm, in this order. */
function unit(
  name: string,
  options: Parameters<typeof convolution>[1],
): Layer {
  return sequence(
    convolution(`${name}.conv`, options),
    relu,
    batchNorm(`${name}.norm`, { channels: options.outputs, ...BATCH_NORM }),
  );
}

/**
 * Front and middle of the network: [batch, 96, frames, 1] to [batch, 1, frames, 753]: what the filters found, the
 * loudest band of each, and three layers behind it, side by side.
 */
export function musicnn(): Backbone {
  const input = batchNorm("input.norm", { channels: 1, ...BATCH_NORM });
  const timbral = TIMBRAL.map((height, k) =>
    unit(`timbral.${k}`, {
      inputs: 1,
      outputs: TIMBRAL_FILTERS,
      size: [height, 7],
      padding: [0, 3],
    })
  );
  const temporal = TEMPORAL.map((length, k) =>
    unit(`temporal.${k}`, { inputs: 1, outputs: TEMPORAL_FILTERS, size: [1, length] })
  );
  const middle = Array.from({ length: LAYERS_IN_MIDDLE }, (_, k) =>
    unit(`middle.${k}`, {
      inputs: k === 0 ? FRONT : MIDDLE_FILTERS,
      outputs: MIDDLE_FILTERS,
      size: [1, 7],
    }));
  return {
    features: FEATURES,
    parameters: [input, ...timbral, ...temporal, ...middle].flatMap(({ parameters }) => parameters),
    apply(weights, x, mode) {
      const normal = input.apply(weights, x, mode);
      const found = [...timbral, ...temporal].map((layer) =>
        layer.apply(weights, normal, mode).max(1, true) // [batch, 1, frames, filters]
      );
      const front = tf.concat(found, -1), maps = [front];
      middle.forEach((layer, k) => {
        const map = layer.apply(weights, maps[k], mode);
        maps.push(k === 0 ? map : map.add(maps[k]));
      });
      return tf.concat(maps, -1);
    },
  };
}

/** The end of the network: [batch, 1, frames, 753] to its embedding, [batch, 200]. */
export function musicnnEmbedding(): Layer {
  const pooled = 2 * FEATURES;
  const pool: Layer = {
    parameters: [],
    apply: (_, x) => tf.concat([x.max([1, 2]), x.mean([1, 2])], -1),
  };
  return sequence(
    pool,
    batchNorm("pooled.norm", { channels: pooled, ...BATCH_NORM }),
    dropout(0.5),
    dense("embedding.dense", { inputs: pooled, outputs: MUSICNN_EMBEDDING }),
    relu,
    batchNorm("embedding.norm", { channels: MUSICNN_EMBEDDING, ...BATCH_NORM }),
  );
}
