/** From a run's configuration to its network. */
import { INSTRUMENTS } from "../datasets/labels.ts";
import { ast } from "../nn/backbones/ast.ts";
import { convLstm } from "../nn/backbones/conv_lstm.ts";
import { DEFAULT_FRONT_END, IRMAS_MELS_FRONT_END } from "../features/front_end.ts";
import { convNext } from "../nn/backbones/convnext.ts";
import { efficientNetV2 } from "../nn/backbones/efficientnet_v2.ts";
import { goodBoy } from "../nn/backbones/good_boy.ts";
import { lstmNetwork } from "../nn/backbones/lstm.ts";
import { mobileNetV3 } from "../nn/backbones/mobilenet_v3.ts";
import { mobNet } from "../nn/backbones/mobnet.ts";
import { musicnn } from "../nn/backbones/musicnn.ts";
import { resNeXt } from "../nn/backbones/resnext.ts";
import { inputsAsChannels, inputStems } from "../nn/backbones/stacked_inputs.ts";
import { wav2vec2 } from "../nn/backbones/wav2vec2.ts";
import { yamnet } from "../nn/backbones/yamnet.ts";
import { attentionHead } from "../nn/heads/attention.ts";
import { deepHead } from "../nn/heads/deep.ts";
import { fluffy } from "../nn/heads/fluffy.ts";
import { pooledHead } from "../nn/heads/pooled.ts";
import { tf } from "../nn/engine/mod.ts";
import { type Backbone, type Layer, sequence } from "../nn/layer.ts";
import { globalAveragePool } from "../nn/layers/pooling.ts";
import { POWER_SCALES, toPowerScale } from "../nn/layers/power_scale.ts";
import { completeColumns, onCanvas, stretchColumns, stretchRows } from "../nn/layers/stretch.ts";
import { pretrainedWeights } from "../nn/pretrained.ts";
import { publishedWeights } from "../nn/published.ts";
import type { RunConfig } from "./config.ts";
import type { NamedValues } from "./parameters.ts";

/** A network in its two parts: [batch, bands, frames, 1] to features to logits [batch, 11]. */
export interface Network extends Layer {
  backbone: Backbone;
  head: Layer;
}

/** Whether a parameter belongs to the head. */
export const isHead = (parameter: string) => parameter.startsWith("head.");

/** Whether its heads attend to moments. */
export const isAttentive = ({ head }: Pick<RunConfig["model"], "head">) =>
  head.endsWith("attention");

function buildHead(config: RunConfig["model"], features: number): Layer {
  const { head, hidden, dropRate } = config;
  const outputs = INSTRUMENTS.length, shared = config.backbone !== "mobnet";
  const own = shared ? features : features / outputs;
  switch (head) {
    case "pooled":
      return pooledHead({ features, outputs, dropRate });
    case "deep":
      return sequence(globalAveragePool, deepHead("head", { features, outputs, hidden }));
    case "attention":
      return attentionHead("head", { features, outputs, hidden });
    case "fluffy-deep":
      return sequence(
        globalAveragePool,
        fluffy(INSTRUMENTS, (name) => deepHead(name, { features: own, outputs: 1, hidden }), {
          shared,
        }),
      );
    case "fluffy-attention":
      return fluffy(
        INSTRUMENTS,
        (name) => attentionHead(name, { features: own, outputs: 1, hidden }),
        { shared },
      );
  }
}

/** The network for one input, or for several as its channels. */
function buildOne(config: RunConfig["model"]): Backbone {
  const { inputs } = "inputs" in config ? config : {};
  const inputChannels = inputs?.join === "channels" ? inputs.of.length : 1;
  switch (config.backbone) {
    case "convnext":
      return convNext({ ...config, inputChannels });
    case "yamnet":
      return yamnet({
        norm: config.pretrained ? "folded" : "batch",
        heard: config.heard && IRMAS_MELS_FRONT_END,
      });
    case "musicnn":
      return musicnn();
    case "mobnet":
    case "mobilenet-v3":
      return mobileNetV3({ ...config, inputChannels });
    case "resnext":
      return resNeXt({ ...config, inputChannels });
    case "ast": {
      // attention over time needs moments; the others the tokens whose mean the network was trained to be read from
      const map = isAttentive(config) ? "patches" : "class-tokens";
      return ast({ ...config, map });
    }
    case "efficientnet-v2":
      return efficientNetV2({ ...config, inputChannels });
    case "lstm":
      return lstmNetwork(config);
    case "conv-lstm":
      return convLstm();
    case "good-boy":
      return goodBoy();
    case "wav2vec2":
      return wav2vec2(config);
  }
}

/** What has a network of its own, where there are several: instruments, or inputs. */
function namesOfNetworks(config: RunConfig["model"]): readonly string[] | undefined {
  if (config.backbone === "mobnet") return INSTRUMENTS;
  return "inputs" in config && config.inputs?.join === "stems" ? config.inputs.of : undefined;
}

function buildBackbone(config: RunConfig["model"]): Backbone {
  const one = buildOne(config);
  if (config.backbone === "mobnet") return mobNet(INSTRUMENTS, one);
  if (!("inputs" in config && config.inputs)) return one;
  const { of, join } = config.inputs;
  return join === "stems" ? inputStems(of, one) : inputsAsChannels(of.length, one);
}

/** The published weights that a configuration's backbone begins with; none where it begins with random ones. */
export function initialWeights(config: RunConfig["model"]): NamedValues {
  const one = buildOne(config);
  if ("weights" in config && config.weights) {
    const weights = publishedWeights(config.weights, one), names = namesOfNetworks(config);
    if (!names) return weights;
    return new Map(
      names.flatMap((own) => [...weights].map(([name, value]) => [`${own}.${name}`, value])),
    );
  }
  if (!("pretrained" in config && config.pretrained)) return new Map();
  const names = new Set(one.parameters.map(({ name }) => name));
  return new Map([...pretrainedWeights(config.backbone)].filter(([name]) => names.has(name)));
}

/** What is done to a picture before the backbone sees it; nothing where all is left out. */
export function preparation(
  { scale, height, width, canvas, complete, shrink }: RunConfig["model"],
): ((x: tf.Tensor) => tf.Tensor) | undefined {
  const steps: ((x: tf.Tensor) => tf.Tensor)[] = [];
  if (scale) steps.push((x) => toPowerScale(x, POWER_SCALES[scale], DEFAULT_FRONT_END));
  if (canvas) steps.push((x) => onCanvas(x, canvas));
  if (height) steps.push((x) => stretchRows(x, height));
  if (width) steps.push((x) => stretchColumns(x, width));
  if (complete) steps.push((x) => completeColumns(x, complete));
  if (shrink) steps.push((x) => tf.avgPool(x as tf.Tensor4D, shrink, shrink, "valid"));
  return steps.length > 0 ? (x) => steps.reduce((picture, step) => step(picture), x) : undefined;
}

/** The network that a configuration describes. */
export function buildNetwork(config: RunConfig["model"]): Network {
  const whole = buildBackbone(config), prepare = preparation(config);
  const backbone: Backbone = prepare
    ? { ...whole, apply: (weights, x, mode) => whole.apply(weights, prepare(x), mode) }
    : whole;
  const head = buildHead(config, backbone.features);
  return { backbone, head, ...sequence(backbone, head) };
}
