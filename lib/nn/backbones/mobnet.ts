/**
 * MobNet (M15): a network of its own for each instrument, all of one kind, on the same picture.
 *
 * They run side by side. As one network with eleven groups of channels a training step takes two to three times as long: grouped
 * convolutions of few channels are slow on a processor, and eleven graphs keep all its cores busy.
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
