/** A transformer's encoder block with its norms in front (Dosovitskiy et al., 2021, arXiv 2010.11929). */
import { type Initializer, type Layer, sequence } from "../layer.ts";
import { dense } from "./dense.ts";
import { layerNorm } from "./layer_norm.ts";
import { multiHeadAttention } from "./multi_head_attention.ts";

/**
 * x + attention(norm x), then the same with a two-layer perceptron with exact GELU. [batch, tokens, channels] to the
 * same.
 *
 * @param name parameters are `name.layernorm_before.*`, `name.attention.*` ({@link multiHeadAttention}),
 *   `name.layernorm_after.*`, `name.mlp.fc1.*` and `name.mlp.fc2.*`
 * @param options.hidden width of the perceptron
 */
export function transformerBlock(
  name: string,
  { channels, heads, hidden, epsilon, initial }: {
    channels: number;
    heads: number;
    hidden: number;
    epsilon?: number;
    initial: Initializer;
  },
): Layer {
  const branches = [
    sequence(
      layerNorm(`${name}.layernorm_before`, { channels, epsilon }),
      multiHeadAttention(`${name}.attention`, { channels, heads, initial }),
    ),
    sequence(
      layerNorm(`${name}.layernorm_after`, { channels, epsilon }),
      dense(`${name}.mlp.fc1`, {
        inputs: channels,
        outputs: hidden,
        activation: "gelu",
        initial,
      }),
      dense(`${name}.mlp.fc2`, { inputs: hidden, outputs: channels, initial }),
    ),
  ];
  return {
    parameters: branches.flatMap(({ parameters }) => parameters),
    apply: (weights, x, mode) =>
      branches.reduce((value, branch) => value.add(branch.apply(weights, value, mode)), x),
  };
}
