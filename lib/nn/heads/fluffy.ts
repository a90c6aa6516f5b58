/** Fluffy (M7): one head for each instrument on a common backbone. */
import { tf } from "../engine/mod.ts";
import type { Layer } from "../layer.ts";

/**
 * Independent heads side by side: each sees the same features and gives one logit. A head can be trained
 * while the others stay, and a further instrument is a further head.
 *
 * @param instruments codes, in the order of the logits
 * @param makeHead a head with one output; its parameters begin with the name that it is given
 */
export function fluffy<H extends Layer>(
  instruments: readonly string[],
  makeHead: (name: string) => H,
): Layer & { heads: ReadonlyMap<string, H> } {
  const heads = new Map(
    instruments.map((instrument) => [instrument, makeHead(`head.${instrument}`)]),
  );
  return {
    heads,
    parameters: [...heads.values()].flatMap((head) => head.parameters),
    apply: (weights, x, mode) =>
      tf.concat([...heads.values()].map((head) => head.apply(weights, x, mode)), -1),
  };
}
