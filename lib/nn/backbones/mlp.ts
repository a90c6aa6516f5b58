/** A small network on features (M24): a linear layer, and a DeepHead of one hidden layer behind it. */
import { deepHead } from "../heads/deep.ts";
import { type Layer, sequence } from "../layer.ts";
import { dense } from "../layers/dense.ts";

/** [batch, features] to logits [batch, outputs]. @param options.width of both hidden layers */
export function mlp(
  { features, width, outputs }: { features: number; width: number; outputs: number },
): Layer {
  return sequence(
    dense("input", { inputs: features, outputs: width }),
    deepHead("head", { features: width, hidden: [width], outputs }),
  );
}
