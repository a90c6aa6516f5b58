/**
 * The study's first deep network (M20): an LSTM reads a spectrogram frame by frame, and Bahdanau's attention sums up
 * what it has read. The document says no sizes.
 *
 * Tensors are [batch, mel bands, frames, 1].
 */
import { tf } from "../engine/mod.ts";
import type { Backbone, Mode, Weights } from "../layer.ts";
import { bahdanauAttention } from "../layers/bahdanau_attention.ts";
import { batchNorm } from "../layers/batch_norm.ts";
import { lstm } from "../layers/lstm.ts";

/** A backbone that says which moments it looked at. */
export interface AttentiveBackbone extends Backbone {
  /** As apply(), with the attention over time, [batch, time]. */
  attend(
    weights: Weights,
    x: tf.Tensor,
    mode: Mode,
  ): { features: tf.Tensor; attention: tf.Tensor };
}

/** Options of {@link lstmNetwork}. */
export interface LstmOptions {
  /** Mel bands of the input. */
  bands: number;
  /** Numbers in an LSTM's state. */
  units: number;
  /** LSTMs one on the other. */
  layers: number;
}

/**
 * Every band normalised over the batch, LSTM, attention: [batch, bands, frames, 1] to [batch, 1, 1, 2 units], the
 * attention's mean and the last state side by side. Any number of frames.
 *
 * @throws RangeError for an input with another number of bands
 */
export function lstmNetwork({ bands, units, layers }: LstmOptions): AttentiveBackbone {
  const norm = batchNorm("norm", { channels: bands });
  const recurrent = lstm("lstm", { inputs: bands, units, layers });
  const summary = bahdanauAttention("attention", { features: units });
  const attend = (weights: Weights, x: tf.Tensor, mode: Mode) => {
    const [batch, height, frames] = x.shape;
    if (height !== bands) {
      throw new RangeError(`the LSTM was made for ${bands} mel bands, not for ${height}`);
    }
    const steps = x.reshape([batch, bands, frames]).transpose([0, 2, 1]);
    const states = recurrent.apply(weights, norm.apply(weights, steps, mode), mode);
    const { context, last, attention } = summary.attend(weights, states, mode);
    return {
      features: tf.concat([context, last], -1).reshape([batch, 1, 1, 2 * units]),
      attention,
    };
  };
  return {
    features: 2 * units,
    parameters: [norm, recurrent, summary].flatMap(({ parameters }) => parameters),
    attend,
    apply: (weights, x, mode) => attend(weights, x, mode).features,
  };
}
