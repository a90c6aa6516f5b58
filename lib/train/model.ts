/** From a run's configuration to its network. */
import { INSTRUMENTS } from "../datasets/labels.ts";
import { convNext } from "../nn/backbones/convnext.ts";
import { attentionHead } from "../nn/heads/attention.ts";
import { deepHead } from "../nn/heads/deep.ts";
import { fluffy } from "../nn/heads/fluffy.ts";
import { pooledHead } from "../nn/heads/pooled.ts";
import { type Backbone, type Layer, sequence } from "../nn/layer.ts";
import { globalAveragePool } from "../nn/layers/pooling.ts";
import type { RunConfig } from "./config.ts";

/** A network in its two parts: [batch, bands, frames, 1] to features to logits [batch, 11]. */
export interface Network extends Layer {
  backbone: Backbone;
  head: Layer;
}

/** Whether a parameter belongs to the head. */
export const isHead = (parameter: string) => parameter.startsWith("head.");

function buildHead(config: RunConfig["model"], features: number): Layer {
  const { head, hidden, dropRate } = config;
  const outputs = INSTRUMENTS.length;
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
        fluffy(INSTRUMENTS, (name) => deepHead(name, { features, outputs: 1, hidden })),
      );
    case "fluffy-attention":
      return fluffy(INSTRUMENTS, (name) => attentionHead(name, { features, outputs: 1, hidden }));
  }
}

/** The network that a configuration describes. */
export function buildNetwork(config: RunConfig["model"]): Network {
  const backbone = convNext({ ...config, inputChannels: 1 });
  const head = buildHead(config, backbone.features);
  return { backbone, head, ...sequence(backbone, head) };
}
