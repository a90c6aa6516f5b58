/**
 * MobileNetV3 (Howard et al., "Searching for MobileNetV3", 2019, arXiv 1905.02244).
 *
 * Parameter names are timm's. Tensors are [batch, mel bands, frames, channels].
 */
import { type Backbone, sequence } from "../layer.ts";
import type { Activation } from "../layers/activations.ts";
import { convolutionUnit, type UnitStyle } from "../layers/convolution_unit.ts";
import { invertedResidual } from "../layers/inverted_residual.ts";

/** A block: window, channels inside, outputs, whether it squeezes, activation, stride. */
type Row = readonly [
  size: number,
  expanded: number,
  outputs: number,
  squeeze: boolean,
  activation: Activation,
  stride: number,
];

/** A size of the network. */
export interface MobileNetV3Layout {
  stem: number;
  /** Blocks by timm's stages. */
  stages: readonly (readonly Row[])[];
  /** Channels of the feature map. */
  features: number;
}

const RELU = "relu", HSWISH = "hard-swish";

/** The sizes, by name: the paper's tables 1 and 2, and timm's small one of half the width. */
export const MOBILENET_V3_SIZES = {
  large: {
    stem: 16,
    stages: [
      [[3, 16, 16, false, RELU, 1]],
      [[3, 64, 24, false, RELU, 2], [3, 72, 24, false, RELU, 1]],
      [[5, 72, 40, true, RELU, 2], [5, 120, 40, true, RELU, 1], [5, 120, 40, true, RELU, 1]],
      [
        [3, 240, 80, false, HSWISH, 2],
        [3, 200, 80, false, HSWISH, 1],
        [3, 184, 80, false, HSWISH, 1],
        [3, 184, 80, false, HSWISH, 1],
      ],
      [[3, 480, 112, true, HSWISH, 1], [3, 672, 112, true, HSWISH, 1]],
      [
        [5, 672, 160, true, HSWISH, 2],
        [5, 960, 160, true, HSWISH, 1],
        [5, 960, 160, true, HSWISH, 1],
      ],
    ],
    features: 960,
  },
  small: {
    stem: 16,
    stages: [
      [[3, 16, 16, true, RELU, 2]],
      [[3, 72, 24, false, RELU, 2], [3, 88, 24, false, RELU, 1]],
      [
        [5, 96, 40, true, HSWISH, 2],
        [5, 240, 40, true, HSWISH, 1],
        [5, 240, 40, true, HSWISH, 1],
      ],
      [[5, 120, 48, true, HSWISH, 1], [5, 144, 48, true, HSWISH, 1]],
      [
        [5, 288, 96, true, HSWISH, 2],
        [5, 576, 96, true, HSWISH, 1],
        [5, 576, 96, true, HSWISH, 1],
      ],
    ],
    features: 576,
  },
  "small-050": {
    stem: 16,
    stages: [
      [[3, 16, 8, true, RELU, 2]],
      [[3, 40, 16, false, RELU, 2], [3, 56, 16, false, RELU, 1]],
      [
        [5, 64, 24, true, HSWISH, 2],
        [5, 144, 24, true, HSWISH, 1],
        [5, 144, 24, true, HSWISH, 1],
      ],
      [[5, 72, 24, true, HSWISH, 1], [5, 72, 24, true, HSWISH, 1]],
      [
        [5, 144, 48, true, HSWISH, 2],
        [5, 288, 48, true, HSWISH, 1],
        [5, 288, 48, true, HSWISH, 1],
      ],
    ],
    features: 288,
  },
} as const satisfies Record<string, MobileNetV3Layout>;

/** A size's name. */
export type MobileNetV3Size = keyof typeof MOBILENET_V3_SIZES;

/** As the published weights were trained: torchvision's `mobilenet_v3_*`, timm's `mobilenetv3_*` and `tf_mobilenetv3_*`. */
export const MOBILENET_V3_STYLES = {
  torchvision: { padding: "symmetric", epsilon: 1e-3, momentum: 0.01 },
  timm: { padding: "symmetric", epsilon: 1e-5, momentum: 0.1 },
  "timm-tf": { padding: "same", epsilon: 1e-3, momentum: 0.1 },
} as const satisfies Record<string, UnitStyle>;

/** Options of {@link mobileNetV3}. */
export interface MobileNetV3Options {
  size: MobileNetV3Size | MobileNetV3Layout;
  /** Channels of the input: 1 for a spectrogram. */
  inputChannels: number;
  /** Default: "timm". */
  style?: keyof typeof MOBILENET_V3_STYLES;
}

/** A quarter of the channels, in eights, and never less than nine tenths of it. */
function squeezed(channels: number): number {
  const quarter = Math.floor(channels / 4),
    rounded = Math.max(8, Math.floor((quarter + 4) / 8) * 8);
  return rounded < 0.9 * quarter ? rounded + 8 : rounded;
}

/** The feature extractor: [batch, height, width, inputChannels] to [batch, height / 32, width / 32, features], rounded up. */
export function mobileNetV3(
  { size, inputChannels, style: of = "timm" }: MobileNetV3Options,
): Backbone {
  const { stem, stages, features }: MobileNetV3Layout = typeof size === "string"
    ? MOBILENET_V3_SIZES[size]
    : size;
  const style = MOBILENET_V3_STYLES[of];
  const names = { convolution: "conv_stem", norm: "bn1" }, last = `blocks.${stages.length}.0`;
  let inputs = stem, place = 1;
  const blocks = stages.flatMap((rows, stage) =>
    rows.map(([window, expanded, outputs, squeeze, activation, stride], k) => {
      const block = invertedResidual(
        { timm: `blocks.${stage}.${k}`, torchvision: `features.${place++}` },
        {
          inputs,
          expanded,
          outputs,
          size: window,
          stride,
          activation,
          style,
          squeeze: squeeze
            ? { width: squeezed(expanded), activation: "relu", gate: "hard-sigmoid" }
            : undefined,
        },
      );
      inputs = outputs;
      return block;
    })
  );
  const activation = "hard-swish";
  const body = sequence(
    convolutionUnit(names, {
      inputs: inputChannels,
      outputs: stem,
      size: 3,
      stride: 2,
      activation,
      style,
    }),
    ...blocks,
    convolutionUnit({ convolution: `${last}.conv`, norm: `${last}.bn1` }, {
      inputs,
      outputs: features,
      size: 1,
      activation,
      style,
    }),
  );
  return {
    features,
    ...body,
    torchvisionNames: new Map([
      ["conv_stem", "features.0.0"],
      ["bn1", "features.0.1"],
      ...blocks.flatMap(({ torchvisionNames }) => torchvisionNames),
      [`${last}.conv`, `features.${place}.0`],
      [`${last}.bn1`, `features.${place}.1`],
    ]),
  };
}
