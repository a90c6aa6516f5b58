/**
 * EfficientNetV2 (Tan and Le, "EfficientNetV2: Smaller Models and Faster Training", 2021, arXiv 2104.00298).
 *
 * Parameter names are timm's. Tensors are [batch, mel bands, frames, channels].
 */
import { type Backbone, sequence } from "../layer.ts";
import { convolutionUnit, type UnitStyle } from "../layers/convolution_unit.ts";
import { invertedResidual } from "../layers/inverted_residual.ts";

/** A stage: whether its blocks are fused (the others squeeze), their number, the first one's stride, channels. */
type Stage = readonly [
  fused: boolean,
  depth: number,
  stride: number,
  expansion: number,
  outputs: number,
];

/** A size of the network. */
export interface EfficientNetV2Layout {
  stem: number;
  stages: readonly Stage[];
  /** Channels of the feature map. */
  features: number;
}

/** The sizes, by name: the paper's table 4, and the smallest one of its authors' code. */
export const EFFICIENTNET_V2_SIZES = {
  b0: {
    stem: 32,
    stages: [
      [true, 1, 1, 1, 16],
      [true, 2, 2, 4, 32],
      [true, 2, 2, 4, 48],
      [false, 3, 2, 4, 96],
      [false, 5, 1, 6, 112],
      [false, 8, 2, 6, 192],
    ],
    features: 1280,
  },
  s: {
    stem: 24,
    stages: [
      [true, 2, 1, 1, 24],
      [true, 4, 2, 4, 48],
      [true, 4, 2, 4, 64],
      [false, 6, 2, 4, 128],
      [false, 9, 1, 6, 160],
      [false, 15, 2, 6, 256],
    ],
    features: 1280,
  },
  m: {
    stem: 24,
    stages: [
      [true, 3, 1, 1, 24],
      [true, 5, 2, 4, 48],
      [true, 5, 2, 4, 80],
      [false, 7, 2, 4, 160],
      [false, 14, 1, 6, 176],
      [false, 18, 2, 6, 304],
      [false, 5, 1, 6, 512],
    ],
    features: 1280,
  },
  l: {
    stem: 32,
    stages: [
      [true, 4, 1, 1, 32],
      [true, 7, 2, 4, 64],
      [true, 7, 2, 4, 96],
      [false, 10, 2, 4, 192],
      [false, 19, 1, 6, 224],
      [false, 25, 2, 6, 384],
      [false, 7, 1, 6, 640],
    ],
    features: 1280,
  },
} as const satisfies Record<string, EfficientNetV2Layout>;

/** A size's name. */
export type EfficientNetV2Size = keyof typeof EFFICIENTNET_V2_SIZES;

/** As the published weights were trained: torchvision's `efficientnet_v2_*`, timm's `tf_efficientnetv2_*`. */
export const EFFICIENTNET_V2_STYLES = {
  torchvision: { padding: "symmetric", epsilon: 1e-3, momentum: 0.1 },
  "timm-tf": { padding: "same", epsilon: 1e-3, momentum: 0.1 },
} as const satisfies Record<string, UnitStyle>;

/** Options of {@link efficientNetV2}. */
export interface EfficientNetV2Options {
  size: EfficientNetV2Size | EfficientNetV2Layout;
  /** Channels of the input: 1 for a spectrogram. */
  inputChannels: number;
  /** Default: "timm-tf". */
  style?: keyof typeof EFFICIENTNET_V2_STYLES;
  /** Drop rate behind the last block; it rises linearly from 0. Default: 0. */
  stochasticDepthRate?: number;
}

/** The feature extractor: [batch, height, width, inputChannels] to [batch, height / 32, width / 32, features], rounded up. */
export function efficientNetV2(
  { size, inputChannels, style: of = "timm-tf", stochasticDepthRate = 0 }: EfficientNetV2Options,
): Backbone {
  const { stem, stages, features }: EfficientNetV2Layout = typeof size === "string"
    ? EFFICIENTNET_V2_SIZES[size]
    : size;
  const style = EFFICIENTNET_V2_STYLES[of], activation = "silu";
  const count = stages.reduce((sum, [, depth]) => sum + depth, 0);
  let inputs = stem, index = 0;
  const blocks = stages.flatMap(([fused, depth, stride, expansion, outputs], stage) =>
    Array.from({ length: depth }, (_, k) => {
      const block = invertedResidual(
        { timm: `blocks.${stage}.${k}`, torchvision: `features.${stage + 1}.${k}` },
        {
          inputs,
          expanded: inputs * expansion,
          outputs,
          size: 3,
          stride: k === 0 ? stride : 1,
          fused,
          squeeze: fused
            ? undefined
            : { width: Math.floor(inputs / 4), activation, gate: "sigmoid" },
          activation,
          dropRate: stochasticDepthRate * index++ / count,
          style,
        },
      );
      inputs = outputs;
      return block;
    })
  );
  const head = `features.${stages.length + 1}`;
  return {
    features,
    ...sequence(
      convolutionUnit({ convolution: "conv_stem", norm: "bn1" }, {
        inputs: inputChannels,
        outputs: stem,
        size: 3,
        stride: 2,
        activation,
        style,
      }),
      ...blocks,
      convolutionUnit({ convolution: "conv_head", norm: "bn2" }, {
        inputs,
        outputs: features,
        size: 1,
        activation,
        style,
      }),
    ),
    torchvisionNames: new Map([
      ["conv_stem", "features.0.0"],
      ["bn1", "features.0.1"],
      ...blocks.flatMap(({ torchvisionNames }) => torchvisionNames),
      ["conv_head", `${head}.0`],
      ["bn2", `${head}.1`],
    ]),
  };
}
