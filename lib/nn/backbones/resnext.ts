/**
 * ResNeXt (Xie et al., "Aggregated Residual Transformations for Deep Neural Networks", 2016, arXiv 1611.05431).
 *
 * Parameter names are those that timm and torchvision share. Tensors are [batch, mel bands, frames, channels].
 */
import { type Backbone, type Layer, sequence } from "../layer.ts";
import { rectify } from "../layers/activations.ts";
import { convolutionUnit, type UnitOptions, type UnitStyle } from "../layers/convolution_unit.ts";
import { maxPool } from "../layers/pooling.ts";

/** A size of the network. */
export interface ResNeXtLayout {
  /** Blocks of the four stages. */
  depths: readonly [number, number, number, number];
  /** Groups of the convolutions, and a group's channels in the first stage. */
  groups: number;
  groupWidth: number;
  /** Channels behind the stem; a stage has four times as many, doubled from stage to stage. */
  base: number;
}

/** The sizes, by name: layers, groups and their width. All but the smallest, which is for processors, are published. */
export const RESNEXT_SIZES = {
  "26-32x4d": { depths: [2, 2, 2, 2], groups: 32, groupWidth: 4, base: 64 },
  "50-32x4d": { depths: [3, 4, 6, 3], groups: 32, groupWidth: 4, base: 64 },
  "101-32x8d": { depths: [3, 4, 23, 3], groups: 32, groupWidth: 8, base: 64 },
  "101-64x4d": { depths: [3, 4, 23, 3], groups: 64, groupWidth: 4, base: 64 },
} as const satisfies Record<string, ResNeXtLayout>;

/** A size's name. */
export type ResNeXtSize = keyof typeof RESNEXT_SIZES;

/** timm's and torchvision's. */
const STYLE: UnitStyle = { padding: "symmetric", epsilon: 1e-5, momentum: 0.1 };

const EXPANSION = 4;

/** Options of {@link resNeXt}. */
export interface ResNeXtOptions {
  size: ResNeXtSize | ResNeXtLayout;
  /** Channels of the input: 1 for a spectrogram. */
  inputChannels: number;
}

/** One block: narrow, look around in groups, widen, all added to the input, or to what a convolution makes of it. */
function block(
  name: string,
  { inputs, inside, outputs, stride, groups, shortcut }: {
    inputs: number;
    inside: number;
    outputs: number;
    stride: number;
    groups: number;
    /** What the sum is with: the input as it is, or projected to the block's outputs. */
    shortcut: "identity" | "projection";
  },
): Layer {
  const unit = (convolution: string, norm: string, options: Omit<UnitOptions, "style">) =>
    convolutionUnit({ convolution: `${name}.${convolution}`, norm: `${name}.${norm}` }, {
      ...options,
      style: STYLE,
    });
  const activation = "relu";
  const transform = sequence(
    unit("conv1", "bn1", { inputs, outputs: inside, size: 1, activation }),
    unit("conv2", "bn2", { inputs: inside, outputs: inside, size: 3, stride, groups, activation }),
    unit("conv3", "bn3", { inputs: inside, outputs, size: 1 }),
  );
  const projection = shortcut === "projection"
    ? unit("downsample.0", "downsample.1", { inputs, outputs, size: 1, stride })
    : undefined;
  return {
    parameters: [...transform.parameters, ...projection?.parameters ?? []],
    apply: (weights, x, mode) =>
      rectify(transform.apply(weights, x, mode).add(projection?.apply(weights, x, mode) ?? x)),
  };
}

/** The feature extractor: [batch, height, width, inputChannels] to [batch, height / 32, width / 32, features], rounded up. */
export function resNeXt({ size, inputChannels }: ResNeXtOptions): Backbone {
  const { depths, groups, groupWidth, base }: ResNeXtLayout = typeof size === "string"
    ? RESNEXT_SIZES[size]
    : size;
  let inputs = base;
  const blocks = depths.flatMap((depth, stage) => {
    const outputs = EXPANSION * base * 2 ** stage;
    return Array.from({ length: depth }, (_, k) => {
      const layer = block(`layer${stage + 1}.${k}`, {
        inputs,
        inside: groups * groupWidth * 2 ** stage,
        outputs,
        stride: k === 0 && stage > 0 ? 2 : 1,
        groups,
        shortcut: k === 0 ? "projection" : "identity",
      });
      inputs = outputs;
      return layer;
    });
  });
  return {
    features: inputs,
    ...sequence(
      convolutionUnit({ convolution: "conv1", norm: "bn1" }, {
        inputs: inputChannels,
        outputs: base,
        size: 7,
        stride: 2,
        activation: "relu",
        style: STYLE,
      }),
      maxPool({ size: 3, stride: 2, padding: 1 }),
      ...blocks,
    ),
  };
}
