/**
 * ConvNeXt (Liu et al., "A ConvNet for the 2020s", 2022, arXiv 2201.03545); the small sizes are timm's.
 *
 * Parameter names are timm's. Tensors are [batch, mel bands, frames, channels].
 */
import { tf } from "../engine/mod.ts";
import { type Backbone, type Layer, sequence } from "../layer.ts";
import { convolution, depthwiseConvolution } from "../layers/convolution.ts";
import { dense } from "../layers/dense.ts";
import { stochasticDepth } from "../layers/dropout.ts";
import { layerNorm } from "../layers/layer_norm.ts";

/** Blocks and channels of the four stages. */
interface Size {
  depths: [number, number, number, number];
  widths: [number, number, number, number];
}

/** The sizes, by name. */
export const CONVNEXT_SIZES = {
  atto: { depths: [2, 2, 6, 2], widths: [40, 80, 160, 320] },
  femto: { depths: [2, 2, 6, 2], widths: [48, 96, 192, 384] },
  pico: { depths: [2, 2, 6, 2], widths: [64, 128, 256, 512] },
  nano: { depths: [2, 2, 8, 2], widths: [80, 160, 320, 640] },
  tiny: { depths: [3, 3, 9, 3], widths: [96, 192, 384, 768] },
  small: { depths: [3, 3, 27, 3], widths: [96, 192, 384, 768] },
  base: { depths: [3, 3, 27, 3], widths: [128, 256, 512, 1024] },
} as const satisfies Record<string, Size>;

/** A size's name. */
export type ConvNextSize = keyof typeof CONVNEXT_SIZES;

/** Options of {@link convNext}. */
export interface ConvNextOptions {
  size: ConvNextSize;
  /** Channels of the input: 1 for a spectrogram. */
  inputChannels: number;
  /** First value of the scale of each block's branch. */
  layerScale?: number;
  /** Drop rate of the last block; it rises linearly from 0. */
  stochasticDepthRate?: number;
}

/** ConvNeXt with its stages, for what looks between its layers. */
export interface ConvNext extends Backbone {
  /**
   * The layers of each stage, in their order; the stem is the first stage's beginning, a reduction that of the others.
   * Depthwise convolutions and reductions alone look beyond their own position, and each is in a layer of its own.
   */
  stages: Layer[][];
  /** Channels of each stage. */
  widths: readonly number[];
}

/** Rows and columns of a cell of the feature map. */
const CELL = 4 * 2 * 2 * 2;

/** Convolution whose kernel is as large as its stride. Rows and columns that do not fill a patch are left out. */
const patchify = (
  name: string,
  { size, ...channels }: { inputs: number; outputs: number; size: number },
) => convolution(name, { ...channels, size, stride: size, padding: "valid" });

/** One block: depthwise 7 x 7, layer norm, expansion by four, GELU, projection, scale, all added to the input. */
function block(
  name: string,
  { channels, layerScale, dropRate }: { channels: number; layerScale: number; dropRate: number },
): Layer {
  const transform = sequence(
    depthwiseConvolution(`${name}.conv_dw`, { channels, size: 7 }),
    layerNorm(`${name}.norm`, { channels }),
    dense(`${name}.mlp.fc1`, { inputs: channels, outputs: 4 * channels, activation: "gelu" }),
    dense(`${name}.mlp.fc2`, {
      inputs: 4 * channels,
      outputs: channels,
      scale: { name: `${name}.gamma`, initial: layerScale },
    }),
  );
  const drop = stochasticDepth(dropRate);
  return {
    parameters: transform.parameters,
    apply(weights, x, mode) {
      return x.add(drop.apply(weights, transform.apply(weights, x, mode), mode));
    },
  };
}

/**
 * The feature extractor: [batch, height, width, inputChannels] to [batch, height / 32, width / 32, features],
 * sizes rounded down at each of the four reductions (4, 2, 2, 2).
 *
 * @throws RangeError for a picture smaller than 32 x 32
 */
export function convNext(
  { size, inputChannels, layerScale = 1e-6, stochasticDepthRate = 0 }: ConvNextOptions,
): ConvNext {
  const { depths, widths } = CONVNEXT_SIZES[size];
  const blocks = depths.reduce((sum, depth) => sum + depth, 0);
  let index = 0;
  const stages = depths.map((depth, stage) => {
    const channels = widths[stage];
    const downsample = stage === 0
      ? [
        patchify("stem.0", { inputs: inputChannels, outputs: channels, size: 4 }),
        layerNorm("stem.1", { channels }),
      ]
      : [
        layerNorm(`stages.${stage}.downsample.0`, { channels: widths[stage - 1] }),
        patchify(`stages.${stage}.downsample.1`, {
          inputs: widths[stage - 1],
          outputs: channels,
          size: 2,
        }),
      ];
    const stageBlocks = Array.from(
      { length: depth },
      (_, k) =>
        block(`stages.${stage}.blocks.${k}`, {
          channels,
          layerScale,
          dropRate: stochasticDepthRate * index++ / Math.max(blocks - 1, 1),
        }),
    );
    return [...downsample, ...stageBlocks];
  });
  const body = sequence(...stages.flat());
  return {
    stages,
    widths,
    features: widths[3],
    cell: CELL,
    parameters: body.parameters,
    apply(weights, x, mode) {
      const [, height, width] = x.shape;
      if (Math.min(height ?? 0, width ?? 0) < CELL) {
        throw new RangeError(
          `ConvNeXt needs at least ${CELL} x ${CELL} values, not ${height} x ${width}`,
        );
      }
      return body.apply(weights, x as tf.Tensor4D, mode);
    },
  };
}
