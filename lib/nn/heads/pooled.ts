/** The usual classifier: mean over the feature map, normalisation, dropout, one linear layer. */
import { type Layer, sequence } from "../layer.ts";
import { dense } from "../layers/dense.ts";
import { dropout } from "../layers/dropout.ts";
import { layerNorm } from "../layers/layer_norm.ts";
import { globalAveragePool } from "../layers/pooling.ts";

/** [batch, height, width, features] to logits [batch, outputs]. Parameters are named as timm's. */
export function pooledHead(
  { features, outputs, dropRate = 0.2 }: { features: number; outputs: number; dropRate?: number },
): Layer {
  return sequence(
    globalAveragePool,
    layerNorm("head.norm", { channels: features }),
    dropout(dropRate),
    dense("head.fc", { inputs: features, outputs }),
  );
}
