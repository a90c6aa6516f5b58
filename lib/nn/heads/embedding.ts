/** A head that gives a place in a space where distances mean something. */
import { type Layer, sequence } from "../layer.ts";
import { batchNorm } from "../layers/batch_norm.ts";
import { dense } from "../layers/dense.ts";

/**
 * Mean over the feature map, batch norm, linear layer, brought to length 1. The batch norm takes away what all clips have
 * in common: a new network's features are so alike that directions would be the same for all. [batch, height, width,
 * features] to [batch, dimensions].
 *
 * @param name parameters are `name.norm.*` and `name.embedding.*`
 */
export function embeddingHead(
  name: string,
  { features, dimensions }: { features: number; dimensions: number },
): Layer {
  const pool: Layer = { parameters: [], apply: (_, x) => x.mean([1, 2], true) };
  const unit: Layer = {
    parameters: [],
    apply: (_, x) => x.div(x.square().sum(-1, true).add(1e-12).sqrt()).squeeze([1, 2]),
  };
  return sequence(
    pool,
    batchNorm(`${name}.norm`, { channels: features }),
    dense(`${name}.embedding`, { inputs: features, outputs: dimensions }),
    unit,
  );
}
