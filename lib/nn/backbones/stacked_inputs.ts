/** Backbones for several inputs, which come as one picture, one below the other (F7, X4). */
import { tf } from "../engine/mod.ts";
import { type Backbone, named } from "../layer.ts";

/**
 * Inputs as the channels of one picture, as the colours of a photograph.
 *
 * @param inputs how many
 * @param backbone for as many channels
 * @returns [batch, inputs x bands, frames, 1] to what the backbone gives for [batch, bands, frames, inputs]
 */
export function inputsAsChannels(inputs: number, backbone: Backbone): Backbone {
  return {
    ...backbone,
    apply(weights, x, mode) {
      const [batch, rows, frames] = x.shape;
      const layers = x.reshape([batch, inputs, rows / inputs, frames]);
      return backbone.apply(weights, layers.transpose([0, 2, 3, 1]), mode);
    },
  };
}

/**
 * A network for each input, their features side by side: what is a harmonic to one need not be one to another.
 *
 * @param names of the inputs; parameters are named `input.` and then as the network's own
 * @param backbone what each of them gets, for one channel
 * @returns [batch, inputs x bands, frames, 1] to [batch, h, w, inputs x features]
 */
export function inputStems(names: readonly string[], backbone: Backbone): Backbone {
  const stems = names.map((name) => named(name, backbone));
  return {
    features: names.length * backbone.features,
    ...backbone.cell && { cell: backbone.cell },
    parameters: stems.flatMap(({ parameters }) => parameters),
    apply(weights, x, mode) {
      const pictures = tf.split(x, names.length, 1);
      return tf.concat(stems.map((stem, k) => stem.apply(weights, pictures[k], mode)), -1);
    },
  };
}
