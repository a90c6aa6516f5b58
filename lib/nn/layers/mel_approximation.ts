/** One network's input from the spectrograms of another: what a pretrained network hears where no sound is left. */
import { melBank } from "../../dsp/mel.ts";
import type { FrontEnd } from "../../features/front_end.ts";
import type { LogMelInput } from "../../features/log_mel.ts";
import { tf } from "../engine/mod.ts";
import type { Layer } from "../layer.ts";

/** Decibels of power to natural logarithms. */
const NEPERS_A_DECIBEL = Math.LN10 / 10;

/**
 * Weights that make power densities at the bins of a spectrum from those of bands: between two bands' peaks what lies
 * on a straight line, outside of all peaks the outermost band's.
 *
 * @returns [bins, bands]
 */
function densities(hz: readonly number[], peaks: readonly number[]): Float32Array {
  const weights = new Float32Array(hz.length * peaks.length);
  hz.forEach((f, bin) => {
    const above = peaks.findIndex((peak) => peak > f);
    const high = above < 0 ? peaks.length - 1 : above, low = Math.max(high - 1, 0);
    const x = (f - peaks[low]) / (peaks[high] - peaks[low]);
    const share = high === low ? 1 : Math.min(Math.max(x, 0), 1);
    weights[bin * peaks.length + low] = 1 - share;
    weights[bin * peaks.length + high] += share;
  });
  return weights;
}

/**
 * Approximates logarithms of sums of magnitudes (YAMNet's input) from decibels of power in Slaney's bands, whose values
 * are densities. The spectrum's magnitudes are the roots of densities between the bands' peaks; `to`'s filters sum them,
 * frames are interpolated to its hop, and as the level is lost, a clip's maximum becomes `peak`. Nothing is learnt here.
 *
 * @param from front end of the spectrograms, on the scale that a network sees
 * @param to natural logarithms of magnitudes
 * @param options.peak largest logarithm of a clip
 * @returns a layer from [batch, from.nMels, frames, 1] to [batch, to.nMels, frames * from.hopLength / to.hopLength, 1]
 */
export function approximateLogMel(
  from: FrontEnd,
  to: LogMelInput,
  { peak }: { peak: number },
): Layer {
  const bins = to.nFft / 2 + 1;
  const hz = Array.from({ length: bins }, (_, k) => k * to.sampleRate / to.nFft);
  const spread = densities(hz, melBank(from).map(({ edges }) => edges[1]));
  const filters = new Float32Array(to.nMels * bins);
  melBank(to).forEach(({ start, weights }, band) => filters.set(weights, band * bins + start));
  return {
    parameters: [],
    apply(_, x) {
      const [batch, bands, frames] = x.shape;
      const power = x.mul(from.networkDeviation).add(from.networkMean).mul(NEPERS_A_DECIBEL).exp()
        .reshape([batch, bands, frames]);
      const magnitudes = tf.matMul(tf.tensor3d(spread, [1, bins, bands]), power).sqrt();
      const mel = tf.matMul(tf.tensor3d(filters, [1, to.nMels, bins]), magnitudes);
      const level = mel.max([1, 2], true);
      const logarithms = mel.div(level).mul(Math.exp(peak)).add(to.logarithm.offset).log();
      const size = Math.round(frames * from.hopLength / to.hopLength);
      const picture = logarithms.reshape([batch, to.nMels, frames, 1]) as tf.Tensor4D;
      return tf.image.resizeBilinear(picture, [to.nMels, size], false, true);
    },
  };
}
