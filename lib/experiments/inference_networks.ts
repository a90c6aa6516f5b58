/** The networks whose inference is timed: every backbone, the document's at their published sizes, and small ones. */
import { DEFAULT_FRONT_END, type FrontEnd, WAVEFORM_FRONT_END } from "../features/front_end.ts";
import type { TimedSettings } from "../inference/timing.ts";
import type { RunConfig } from "../train/config.ts";

type Model = RunConfig["model"];
const HEAD = { head: "pooled", hidden: [] as number[], dropRate: 0 } as const;

/** On the document's spectrograms, in pieces of 3 s: 128 bands of 300 frames. */
const onMel = (model: Model, frontEnd: Partial<FrontEnd> = {}): TimedSettings => {
  return { model, frontEnd: { ...DEFAULT_FRONT_END, ...frontEnd } };
};

type Sized<B extends Model["backbone"]> = Extract<Model, { backbone: B; size: string }>["size"];

const convNext = (size: Sized<"convnext">) =>
  onMel({ backbone: "convnext", size, layerScale: 1e-6, stochasticDepthRate: 0, ...HEAD });
const resNeXt = (size: Sized<"resnext">) => onMel({ backbone: "resnext", size, ...HEAD });
const efficientNet = (size: Sized<"efficientnet-v2">) =>
  onMel({ backbone: "efficientnet-v2", size, stochasticDepthRate: 0, ...HEAD });
const mobileNet = (size: Sized<"mobilenet-v3">) =>
  onMel({ backbone: "mobilenet-v3", size, ...HEAD });
const mobNet = (size: Sized<"mobnet">) =>
  onMel({ backbone: "mobnet", size, ...HEAD, head: "fluffy-deep" });
/** AST hears ten seconds at once. */
const ast = (size: Sized<"ast">) =>
  onMel({ backbone: "ast", size, ...HEAD }, { chunkSeconds: 10.24 });

/** The networks, by name. */
export const TIMED_NETWORKS: Readonly<Record<string, TimedSettings>> = {
  "convnext-small": convNext("small"),
  "resnext50-32x4d": resNeXt("50-32x4d"),
  "efficientnet-v2-s": efficientNet("s"),
  "mobilenet-v3-large": mobileNet("large"),
  "convnext-atto": convNext("atto"),
  "convnext-femto": convNext("femto"),
  "convnext-pico": convNext("pico"),
  "convnext-nano": convNext("nano"),
  "convnext-tiny": convNext("tiny"),
  "resnext26-32x4d": resNeXt("26-32x4d"),
  "efficientnet-v2-b0": efficientNet("b0"),
  "mobilenet-v3-small": mobileNet("small"),
  "mobilenet-v3-small-050": mobileNet("small-050"),
  "mobnet-large": mobNet("large"),
  "mobnet-small-050": mobNet("small-050"),
  "ast-tiny": ast("tiny"),
  "ast-base": ast("base"),
  yamnet: onMel({ backbone: "yamnet", pretrained: true, ...HEAD }, { nMels: 64 }),
  musicnn: onMel({ backbone: "musicnn", pretrained: true, ...HEAD }, {
    nFft: 512,
    hopLength: 256,
    nMels: 96,
  }),
  "wav2vec2-narrow": {
    model: { backbone: "wav2vec2", size: "narrow", ...HEAD },
    frontEnd: WAVEFORM_FRONT_END,
  },
  // 130 steps, as the document has it
  lstm: onMel({ backbone: "lstm", bands: 128, units: 256, layers: 1, ...HEAD }, {
    hopLength: 512,
    chunkSeconds: 130 * 512 / DEFAULT_FRONT_END.sampleRate,
  }),
  "conv-lstm": onMel({ backbone: "conv-lstm", ...HEAD }),
  "good-boy": onMel({ backbone: "good-boy", ...HEAD, head: "fluffy-attention" }),
};

/** Those that the document timed. */
export const DOCUMENT_NETWORKS = [
  "convnext-small",
  "resnext50-32x4d",
  "efficientnet-v2-s",
  "mobilenet-v3-large",
];
