/**
 * Noise on spectrograms (A10): what a front end makes of stationary Gaussian noise, added in power.
 *
 * The sum of two sounds has on average the sum of their powers. What the two do to each other on top of it, which has mean
 * zero, needs their phases and is left out, as in sums of clips.
 */
import { Random, randomFrom } from "../core/random.ts";
import { melBank, melPower, type Spectrogram } from "../dsp/mel.ts";
import { hann } from "../dsp/window.ts";
import type { FrontEnd } from "../features/front_end.ts";
import { toInput, toPower } from "../features/input_power.ts";
import { coloredNoise, type NoiseColor } from "./noise.ts";

/** Frames of noise that excerpts are taken from: 65 s of the IRMAS spectrograms, 20 s of the default. */
const FRAMES = 2048;

/** What excerpts of noise are taken from. */
interface NoiseStrip {
  /** Powers of noise whose samples have a mean power of 1. */
  mel: Spectrogram;
  /** What each band's mean power is multiplied by, so that their sum is the mean power of the samples. */
  weights: Float64Array;
}

const strips = new Map<string, NoiseStrip>();

/**
 * The front end's own analysis of noise, made once: the powers fluctuate as they do in sounds, from frame to frame and
 * from band to band, with the correlations of frames that overlap and of bands that share bins.
 */
function stripOf(color: NoiseColor, frontEnd: FrontEnd): NoiseStrip {
  const { sampleRate, nFft, hopLength, nMels, fMin, fMax } = frontEnd;
  const analysis = { sampleRate, nFft, hopLength, nMels, fMin, fMax };
  const key = JSON.stringify([color, analysis]), known = strips.get(key);
  if (known) return known;
  const random = randomFrom("noise of spectrograms", color);
  const n = (FRAMES - 1) * hopLength + nFft;
  const y = coloredNoise(n, { color, sampleRate, random });
  const mel = melPower(y, { ...analysis, center: false });
  // triangles of area one times half their width have height one, and neighbours add up to one; a frame of noise of
  // power 1 has the window's energy in each bin
  const energy = hann(nFft).reduce((sum, w) => sum + w * w, 0) * nFft / 2;
  const weights = Float64Array.from(
    melBank(analysis),
    ({ edges: [from, , to] }) => (to - from) / 2 / energy,
  );
  strips.set(key, { mel, weights });
  return { mel, weights };
}

/**
 * A spectrogram with noise added at a signal-to-noise ratio: of the mean powers of the two sounds' samples, as
 * {@link addNoise} has it, as far as the bands tell the clip's.
 *
 * @param mel network input, `[frontEnd.nMels, frames]`
 * @param options.snr in dB
 * @param options.key of the generator that says where the noise begins
 * @throws Error where the front end has another number of bands
 */
export function addMelNoise(
  { data, nMels, frames }: Spectrogram,
  { color, snr, key, frontEnd }: {
    color: NoiseColor;
    snr: number;
    key: string;
    frontEnd: FrontEnd;
  },
): Spectrogram {
  if (nMels !== frontEnd.nMels) {
    throw new Error(
      `cannot add noise to a spectrogram of ${nMels} bands: the front end has ${frontEnd.nMels}`,
    );
  }
  const { mel: strip, weights } = stripOf(color, frontEnd);
  const power = data.slice(), out = data.slice();
  toPower(data, power, frontEnd);
  let level = 0;
  for (let band = 0; band < nMels; band++) {
    let sum = 0;
    for (let k = band * frames; k < (band + 1) * frames; k++) sum += power[k];
    level += weights[band] * sum / frames;
  }
  const gain = level / 10 ** (snr / 10), start = new Random(key).integer(0, strip.frames);
  for (let band = 0, k = 0; band < nMels; band++) {
    for (let t = 0, at = start; t < frames; t++, k++, at++) {
      if (at === strip.frames) at = 0;
      power[k] += gain * strip.data[band * strip.frames + at];
    }
  }
  toInput(power, out, frontEnd);
  return { data: out, nMels, frames };
}
