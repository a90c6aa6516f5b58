/**
 * "Good boy" (M22): three convolutions over a spectrogram. The document names it, says that its convolutions are those
 * of its ConvLSTM, and puts Fluffy's attention behind them; no code of it was ever published.
 *
 * Tensors are [batch, mel bands, frames, channels].
 */
import { type Backbone, type Layer, sequence } from "../layer.ts";
import { activation } from "../layers/activations.ts";
import { batchNorm } from "../layers/batch_norm.ts";
import { convolution } from "../layers/convolution.ts";
import { maxPool } from "../layers/pooling.ts";

/** Of the three convolutions, and what they read. */
const CHANNELS = [1, 32, 64, 128];
/** From one pool to the next, in bands and frames; each looks at 2 x 2 values, so every other pair of frames goes unseen. */
const STRIDE: [number, number] = [2, 4];
/** The least that three such pools leave something of. */
const LEAST = { bands: 8, frames: 22 };

/** Nothing is left out where the maximum is taken before the activation: it rises everywhere. */
const unit = activation("leaky-relu"), pool = maxPool({ size: 2, stride: STRIDE });

function block(k: number): Layer {
  const [inputs, outputs] = CHANNELS.slice(k, k + 2), name = `blocks.${k}`;
  const filter = convolution(`${name}.conv`, { inputs, outputs, size: 5, behind: "nothing" });
  return k === 0
    ? sequence(filter, batchNorm(`${name}.norm`, { channels: outputs }), pool, unit)
    : sequence(batchNorm(`${name}.norm`, { channels: inputs }), unit, filter, pool);
}

/**
 * The feature extractor: [batch, bands, frames, 1] to [batch, bands / 8, about frames / 64, 128].
 *
 * @throws RangeError for a spectrogram of fewer than 8 bands or 22 frames
 */
export function goodBoy(): Backbone {
  const body = sequence(...Array.from({ length: CHANNELS.length - 1 }, (_, k) => block(k)));
  return {
    features: CHANNELS[CHANNELS.length - 1],
    parameters: body.parameters,
    apply(weights, x, mode) {
      const [, bands, frames] = x.shape;
      if (bands < LEAST.bands || frames! < LEAST.frames) {
        throw new RangeError(
          `three pools need at least ${LEAST.bands} bands and ${LEAST.frames} frames, not ${bands} and ${frames}`,
        );
      }
      return body.apply(weights, x, mode);
    },
  };
}
