/**
 * The blocks of MobileNet and EfficientNet: wide inside, narrow outside, with a shortcut (Sandler et al., "MobileNetV2",
 * 2018, arXiv 1801.04381), a squeeze and excitation (Hu et al., 2017, arXiv 1709.01507), or with one convolution in place
 * of a depthwise and a pointwise one ("fused": Tan and Le, "EfficientNetV2", 2021, arXiv 2104.00298).
 *
 * Parameter names are timm's.
 */
import { type Layer, sequence } from "../layer.ts";
import { type Activation, activation as activationLayer } from "./activations.ts";
import { convolutionUnit, type UnitOptions, type UnitStyle } from "./convolution_unit.ts";
import { dense } from "./dense.ts";
import { stochasticDepth } from "./dropout.ts";

/** A squeeze and excitation. */
export interface SqueezeOptions {
  /** Channels inside. */
  width: number;
  activation: Activation;
  gate: "sigmoid" | "hard-sigmoid";
}

/**
 * Squeeze and excitation: channels' means decide how much of each channel passes.
 *
 * @param name parameters are `name.conv_reduce.*` and `name.conv_expand.*`
 */
export function squeezeExcitation(
  name: string,
  { channels, width, activation, gate }: SqueezeOptions & { channels: number },
): Layer {
  const gates = sequence(
    dense(`${name}.conv_reduce`, { inputs: channels, outputs: width }),
    activationLayer(activation),
    dense(`${name}.conv_expand`, { inputs: width, outputs: channels }),
    activationLayer(gate),
  );
  return {
    parameters: gates.parameters,
    apply: (weights, x, mode) => x.mul(gates.apply(weights, x.mean([1, 2], true), mode)),
  };
}

/** What a block is. */
export interface BlockOptions {
  inputs: number;
  /** Channels inside. As many as the inputs: there is no expansion. */
  expanded: number;
  outputs: number;
  size: number;
  stride: number;
  /** One convolution expands and looks around. Default: false. */
  fused?: boolean;
  /** Left out: none. */
  squeeze?: SqueezeOptions;
  activation: Activation;
  /** Of stochastic depth, where there is a shortcut. Default: 0. */
  dropRate?: number;
  style: UnitStyle;
}

/** A block, and torchvision's names of its parts, which go by their place in it. */
export interface Block extends Layer {
  torchvisionNames: [string, string][];
}

/** A block. @param names timm's and torchvision's of the whole block */
export function invertedResidual(
  names: { timm: string; torchvision: string },
  { inputs, expanded, outputs, size, stride, fused, squeeze, activation, dropRate = 0, style }:
    BlockOptions,
): Block {
  const torchvisionNames: [string, string][] = [], steps: Layer[] = [];
  const place = () => `${names.torchvision}.block.${steps.length}`;
  const unit = (convolution: string, norm: string, options: Omit<UnitOptions, "style">) => {
    const own = { convolution: `${names.timm}.${convolution}`, norm: `${names.timm}.${norm}` };
    torchvisionNames.push([own.convolution, `${place()}.0`], [own.norm, `${place()}.1`]);
    steps.push(convolutionUnit(own, { ...options, style }));
  };
  const around = { size, stride, activation };
  const depthwise = (norm: string) => {
    unit("conv_dw", norm, { inputs: expanded, outputs: expanded, groups: "each", ...around });
    if (!squeeze) return;
    const name = `${names.timm}.se`;
    torchvisionNames.push([`${name}.conv_reduce`, `${place()}.fc1`], [
      `${name}.conv_expand`,
      `${place()}.fc2`,
    ]);
    steps.push(squeezeExcitation(name, { channels: expanded, ...squeeze }));
  };
  const project = (convolution: string, norm: string) =>
    unit(convolution, norm, { inputs: expanded, outputs, size: 1 });

  const expands = expanded !== inputs;
  if (fused && expands) {
    unit("conv_exp", "bn1", { inputs, outputs: expanded, ...around });
    project("conv_pwl", "bn2");
  } else if (fused) {
    unit("conv", "bn1", { inputs, outputs, ...around });
  } else if (expands) {
    unit("conv_pw", "bn1", { inputs, outputs: expanded, size: 1, activation });
    depthwise("bn2");
    project("conv_pwl", "bn3");
  } else {
    depthwise("bn1");
    project("conv_pw", "bn2");
  }
  const transform = sequence(...steps), drop = stochasticDepth(dropRate);
  if (stride !== 1 || inputs !== outputs) return { ...transform, torchvisionNames };
  return {
    parameters: transform.parameters,
    torchvisionNames,
    apply: (weights, x, mode) =>
      x.add(drop.apply(weights, transform.apply(weights, x, mode), mode)),
  };
}
