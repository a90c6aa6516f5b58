/**
 * MobNet (M15): a network of its own for each instrument, all of one kind, on the same picture.
 *
 * They run side by side. As one network with eleven groups of channels the fastest training step took three times as long
 * (1.25 s, not 0.42, small-050, batch 32), on a machine whose other work made the medians nearly equal.
 */
import { tf } from "../engine/mod.ts";
import { type Backbone, named } from "../layer.ts";

/**
 * Networks side by side: [batch, height, width, inputs] to [batch, h, w, instruments x features], the features of the
 * first instrument's network first. Parameters are named `instrument.` and then as the network's own.
 *
 * @param instruments codes, in the order of their features
 * @param network what each of them gets
 */
export function mobNet(instruments: readonly string[], network: Backbone): Backbone {
  const networks = instruments.map((instrument) => named(instrument, network));
  return {
    features: instruments.length * network.features,
    parameters: networks.flatMap(({ parameters }) => parameters),
    apply: (weights, x, mode) => tf.concat(networks.map((one) => one.apply(weights, x, mode)), -1),
  };
}
