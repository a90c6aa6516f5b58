/** Fluffy (M7): one head for each instrument on a common backbone, or on a backbone of its own (M15). */
import { tf } from "../engine/mod.ts";
import type { Layer } from "../layer.ts";

/**
 * Independent heads side by side: each sees the same features and gives one logit. A head can be trained
 * while the others stay, and a further instrument is a further head.
 *
 * @param instruments codes, in the order of the logits
 * @param makeHead a head with one output; its parameters begin with the name that it is given
 * @param options.shared false: each head sees its own share of the features alone, the first one the first. Default: true
 */
export function fluffy<H extends Layer>(
  instruments: readonly string[],
  makeHead: (name: string) => H,
  { shared = true }: { shared?: boolean } = {},
): Layer & { heads: ReadonlyMap<string, H> } {
  const heads = new Map(
    instruments.map((instrument) => [instrument, makeHead(`head.${instrument}`)]),
  );
  return {
    heads,
    parameters: [...heads.values()].flatMap((head) => head.parameters),
    apply(weights, x, mode) {
      const seen = shared ? instruments.map(() => x) : tf.split(x, instruments.length, -1);
      return tf.concat(
        [...heads.values()].map((head, k) => head.apply(weights, seen[k], mode)),
        -1,
      );
    },
  };
}
