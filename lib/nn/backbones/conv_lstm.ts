/**
 * ConvLSTM (M21): the convolutions of "good boy" shorten a spectrogram, two LSTMs read what is left, and Bahdanau's
 * attention sums up what they have read.
 *
 * Tensors are [batch, mel bands, frames, 1].
 */
import type { tf } from "../engine/mod.ts";
import type { Mode, Weights } from "../layer.ts";
import { bahdanauAttention } from "../layers/bahdanau_attention.ts";
import { lstm } from "../layers/lstm.ts";
import { goodBoy } from "./good_boy.ts";
import type { AttentiveBackbone } from "./lstm.ts";

const UNITS = 64, LAYERS = 2;

/**
 * Convolutions, mean over frequency, LSTMs, attention: [batch, bands, frames, 1] to [batch, 1, 1, 64].
 *
 * @throws RangeError for a spectrogram of fewer than 8 bands or 22 frames
 */
export function convLstm(): AttentiveBackbone {
  const convolutions = goodBoy();
  const recurrent = lstm("lstm", { inputs: convolutions.features, units: UNITS, layers: LAYERS });
  const summary = bahdanauAttention("attention", { features: UNITS });
  const attend = (weights: Weights, x: tf.Tensor, mode: Mode) => {
    const steps = convolutions.apply(weights, x, mode).mean(1); // [batch, time, 128]
    const states = recurrent.apply(weights, steps, mode);
    const { context, attention } = summary.attend(weights, states, mode);
    return { features: context.reshape([-1, 1, 1, UNITS]), attention };
  };
  return {
    features: UNITS,
    parameters: [convolutions, recurrent, summary].flatMap(({ parameters }) => parameters),
    attend,
    apply: (weights, x, mode) => attend(weights, x, mode).features,
  };
}
