/** DeepHead (M5): a stack of linear layers, each behind a layer norm and a ReLU. */
import { type Layer, sequence } from "../layer.ts";
import { relu } from "../layers/activations.ts";
import { dense } from "../layers/dense.ts";
import { dropout } from "../layers/dropout.ts";
import { layerNorm } from "../layers/layer_norm.ts";

/**
 * For each layer LayerNorm, ReLU, Linear, Dropout; no dropout after the last. [batch, features] to
 * [batch, outputs].
 *
 * @param name parameters are `name.<layer>.norm.*` and `name.<layer>.linear.*`
 * @param options.hidden widths of the hidden layers
 */
export function deepHead(
  name: string,
  { features, outputs, hidden = [], dropRate = 0.2 }: {
    features: number;
    outputs: number;
    hidden?: number[];
    dropRate?: number;
  },
): Layer {
  const widths = [features, ...hidden, outputs];
  const layers = widths.slice(1).flatMap((width, k) => [
    layerNorm(`${name}.${k}.norm`, { channels: widths[k] }),
    relu,
    dense(`${name}.${k}.linear`, { inputs: widths[k], outputs: width }),
    ...(k < widths.length - 2 ? [dropout(dropRate)] : []),
  ]);
  return sequence(...layers);
}
