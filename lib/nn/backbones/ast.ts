/**
 * The Audio Spectrogram Transformer (Gong, Chung and Glass, 2021, arXiv 2104.01778): a vision transformer (DeiT) over
 * overlapping patches of a log-mel spectrogram.
 *
 * Parameter names are those of `ASTModel` in transformers 5; {@link astNames} has the ones in published files.
 * Spectrograms are [batch, mel bands, frames, 1].
 */
import type { LogMelInput } from "../../features/log_mel.ts";
import { tf } from "../engine/mod.ts";
import { truncatedNormal } from "../initializers.ts";
import { type Backbone, type Layer, sequence } from "../layer.ts";
import { convolution } from "../layers/convolution.ts";
import { dense } from "../layers/dense.ts";
import { layerNorm } from "../layers/layer_norm.ts";
import { transformerBlock } from "../layers/transformer_block.ts";

/** A size of the network. */
export interface AstLayout {
  channels: number;
  layers: number;
  heads: number;
  /** Width of the perceptrons. */
  hidden: number;
  /** From one patch of 16 x 16 to the next, in bands and in frames. */
  stride: number;
  /** The spectrogram that there is a position for every patch of. */
  bands: number;
  frames: number;
}

const BASE = { channels: 768, layers: 12, heads: 12, hidden: 3072, bands: 128, frames: 1024 };

/**
 * The sizes, by name: the published ones (DeiT-base 384) with patches every 10, 12, 14 and 16 values
 * (`MIT/ast-finetuned-audioset-10-10-0.4593` and so on); "tiny" has DeiT-tiny's widths and a third of its layers, and no
 * published weights.
 */
export const AST_SIZES = {
  tiny: { channels: 192, layers: 4, heads: 3, hidden: 768, stride: 16, bands: 128, frames: 304 },
  base: { ...BASE, stride: 10 },
  "base-12": { ...BASE, stride: 12 },
  "base-14": { ...BASE, stride: 14 },
  "base-16": { ...BASE, stride: 16 },
} as const satisfies Record<string, AstLayout>;

/** A size's name. */
export type AstSize = keyof typeof AST_SIZES;

/**
 * The input that the published ones were trained on AudioSet with: Kaldi's filter bank, 25 ms windows every 10 ms, 128
 * bands from 20 Hz; patches of 10.24 s.
 */
export const AST_INPUT: LogMelInput = {
  sampleRate: 16000,
  nFft: 512,
  winLength: 400,
  hopLength: 160,
  preEmphasis: 0.97,
  nMels: BASE.bands,
  fMin: 20,
  fMax: 8000,
  logarithm: { base: "e", gain: 1, offset: 0, floor: 2 ** -23 },
  standard: { mean: -4.2677393, deviation: 2 * 4.5689974 },
  patchFrames: BASE.frames,
  patchHop: BASE.frames,
  completion: "zero",
};

const PATCH = 16, EPSILON = 1e-12;
const CLASS_TOKENS = ["embeddings.cls_token", "embeddings.distillation_token"];
const POSITIONS = "embeddings.position_embeddings";
/** DeiT's first weights. */
const initial = truncatedNormal(0.02);

/** Patches along an axis of so many values. */
const patches = (size: number, stride: number) => Math.floor((size - PATCH) / stride) + 1;

/**
 * Weights of linear interpolation from `from` values to `to`, [to, from]: PyTorch's, with `align_corners` false.
 */
function interpolation(from: number, to: number): tf.Tensor2D {
  const matrix = new Float32Array(to * from);
  for (let row = 0; row < to; row++) {
    const at = Math.max(0, (row + 0.5) * from / to - 0.5), left = Math.floor(at);
    matrix[row * from + left] += 1 - (at - left);
    matrix[row * from + Math.min(left + 1, from - 1)] += at - left;
  }
  return tf.tensor2d(matrix, [to, from]);
}

/** One axis of the grid of positions, cut or stretched. x [rows, columns, channels] */
function fitAxis(x: tf.Tensor3D, axis: 0 | 1, to: number): tf.Tensor3D {
  const from = x.shape[axis];
  if (to === from) return x;
  if (to < from) {
    const start = [0, 0, 0], size = [...x.shape];
    start[axis] = Math.floor(from / 2) - Math.floor(to / 2);
    size[axis] = to;
    return tf.slice(x, start, size);
  }
  const order = axis === 0 ? [0, 1, 2] : [1, 0, 2],
    [, other, channels] = order.map((k) => x.shape[k]);
  const rows = x.transpose(order).reshape<tf.Tensor2D>([from, other * channels]);
  return tf.matMul(interpolation(from, to), rows).reshape([to, other, channels])
    .transpose<tf.Tensor3D>(order);
}

/** Options of {@link ast}. */
export interface AstOptions {
  size: AstSize | AstLayout;
  /**
   * The feature map: "class-tokens", [batch, 1, 2, channels], whose mean is the network's embedding; or "patches", [batch,
   * bands, frames, channels], one place for each patch. Default: "class-tokens"
   */
  map?: "class-tokens" | "patches";
}

/**
 * The feature extractor: [batch, bands, frames, 1] to a feature map, behind the last norm.
 *
 * Of a picture that is smaller than the size's own, patches have the positions in the middle of the grid; of a larger one,
 * positions are interpolated linearly: what the paper does with the pictures that DeiT was trained on.
 *
 * @throws RangeError for a spectrogram that is smaller than a patch, 16 x 16
 */
export function ast({ size, map = "class-tokens" }: AstOptions): Backbone {
  const layout: AstLayout = typeof size === "string" ? AST_SIZES[size] : size;
  const { channels, layers, heads, hidden, stride } = layout;
  const [rows, columns] = [layout.bands, layout.frames].map((n) => patches(n, stride));
  const count = CLASS_TOKENS.length;
  const projection = convolution("embeddings.patch_embeddings.projection", {
    inputs: 1,
    outputs: channels,
    size: PATCH,
    stride,
    padding: "valid",
  });
  const body = sequence(
    ...Array.from(
      { length: layers },
      (_, k) =>
        transformerBlock(`layers.${k}`, { channels, heads, hidden, epsilon: EPSILON, initial }),
    ),
    layerNorm("layernorm", { channels, epsilon: EPSILON }),
  );
  /** Positions of the class tokens and of a grid of patches, [1, tokens, channels]. */
  const positionsOf = (all: tf.Tensor, [height, width]: [number, number]) => {
    if (height === rows && width === columns) return all;
    const own = tf.slice(all, [0, 0, 0], [1, count, channels]);
    const grid = tf.slice(all, [0, count, 0], [1, rows * columns, channels])
      .reshape<tf.Tensor3D>([rows, columns, channels]);
    const fitted = fitAxis(fitAxis(grid, 1, width), 0, height);
    return tf.concat([own, fitted.reshape([1, height * width, channels])], 1);
  };
  return {
    features: channels,
    parameters: [
      ...CLASS_TOKENS.map((name) => ({ name, shape: [1, 1, channels], initial })),
      { name: POSITIONS, shape: [1, count + rows * columns, channels], initial },
      ...projection.parameters,
      ...body.parameters,
    ],
    otherNames: astNames,
    apply(weights, x, mode) {
      const [batch, bands, frames] = x.shape as number[];
      if (Math.min(bands, frames) < PATCH) {
        throw new RangeError(
          `the Audio Spectrogram Transformer needs at least 16 x 16 values, not ${bands} x ${frames}`,
        );
      }
      const grid = projection.apply(weights, x, mode); // [batch, height, width, channels]
      const [, height, width] = grid.shape as number[];
      const tokens = tf.concat([
        ...CLASS_TOKENS.map((name) => weights(name).tile([batch, 1, 1])),
        grid.reshape([batch, height * width, channels]),
      ], 1);
      const placed = tokens.add(positionsOf(weights(POSITIONS), [height, width]));
      const seen = body.apply(weights, placed, mode);
      return map === "class-tokens"
        ? tf.slice(seen, [0, 0, 0], [batch, count, channels]).expandDims(1)
        : tf.slice(seen, [0, count, 0], [batch, height * width, channels])
          .reshape([batch, height, width, channels]);
    },
  };
}

/** The classifier that was trained with it: [batch, channels] to [batch, classes]. */
export function astClassifier({ channels, classes }: { channels: number; classes: number }): Layer {
  return sequence(
    layerNorm("classifier.layernorm", { channels, epsilon: EPSILON }),
    dense("classifier.dense", { inputs: channels, outputs: classes }),
  );
}

/** Places in a layer, as transformers 5 and as its files name them. */
const IN_FILES: readonly [own: RegExp, published: string][] = [
  [/^layers\.(\d+)\.attention\.q_proj/, "encoder.layer.$1.attention.attention.query"],
  [/^layers\.(\d+)\.attention\.k_proj/, "encoder.layer.$1.attention.attention.key"],
  [/^layers\.(\d+)\.attention\.v_proj/, "encoder.layer.$1.attention.attention.value"],
  [/^layers\.(\d+)\.attention\.o_proj/, "encoder.layer.$1.attention.output.dense"],
  [/^layers\.(\d+)\.mlp\.fc1/, "encoder.layer.$1.intermediate.dense"],
  [/^layers\.(\d+)\.mlp\.fc2/, "encoder.layer.$1.output.dense"],
  [/^layers\./, "encoder.layer."],
];

/**
 * A parameter's other names: in the files on the hub, which keep the names of older versions of transformers, and with what
 * `ASTForAudioClassification` has before the names of `ASTModel`.
 */
export function astNames(name: string): string[] {
  const [own, published] = IN_FILES.find(([own]) => own.test(name)) ?? [/^$/, ""];
  return [name, name.replace(own, published)].flatMap((
    name,
  ) => [`audio_spectrogram_transformer.${name}`, name]);
}
