/** What networks see kept as bytes, a quarter of the memory: decibels with an error of 0.16 at the most, or waveforms. */
import type { FrontEnd } from "./front_end.ts";

/**
 * Decibels as bytes 0..255, rounded.
 *
 * 255 stands for 0 dB and 0 for -topDb; with byteRange "clip" for the clip's maximum and minimum.
 *
 * @param decibel values in -topDb..0
 * @throws RangeError when the front end gives power, whose range bytes cannot hold
 */
export function decibelToBytes(decibel: Float32Array, frontEnd: FrontEnd): Uint8Array {
  if (frontEnd.scale !== "decibel") {
    throw new RangeError(`cannot keep the scale "${frontEnd.scale}" as bytes; use "decibel"`);
  }
  let low = -frontEnd.topDb, high = 0;
  if (frontEnd.byteRange === "clip") {
    [low, high] = [Infinity, -Infinity];
    for (const value of decibel) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const factor = high > low ? 255 / (high - low) : 0;
  const bytes = new Uint8Array(decibel.length);
  for (let k = 0; k < bytes.length; k++) bytes[k] = (decibel[k] - low) * factor + 0.5;
  return bytes;
}

/** ITU-T G.711's mu. */
const MU = 255;

/**
 * A waveform as bytes 0..255 by the mu-law, rounded: fine steps around 0, coarse ones at the peaks, wrong by 2.2 % of a value at the
 * most (and 9e-5).
 *
 * @param samples values in -1..1; what is beyond is cut
 */
function samplesToBytes(samples: Float32Array): Uint8Array {
  const scale = 127.5 / Math.log1p(MU);
  return Uint8Array.from(samples, (x) => {
    const size = scale * Math.log1p(MU * Math.min(Math.abs(x), 1));
    return 127.5 + (x < 0 ? -size : size) + 0.5;
  });
}

/** What each byte stands for, in a waveform. */
function byteSamples(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => {
    const size = Math.abs(byte / 127.5 - 1);
    return Math.sign(byte - 127.5) * Math.expm1(size * Math.log1p(MU)) / MU;
  });
}

/** A spectrogram or waveform of a front end as bytes. @throws RangeError for power, whose range bytes cannot hold */
export function toBytes(values: Float32Array, frontEnd: FrontEnd): Uint8Array {
  return frontEnd.scale === "waveform" ? samplesToBytes(values) : decibelToBytes(values, frontEnd);
}

/** What each byte stands for, in dB. With byteRange "clip" the clip's minimum is taken to be the floor. */
export function byteDecibels({ topDb }: FrontEnd): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => topDb * (byte / 255 - 1));
}

/** Each byte's power relative to the clip's maximum: what sums of clips are made of. */
export function bytePowers(frontEnd: FrontEnd): Float32Array {
  return byteDecibels(frontEnd).map((dB) => 10 ** (dB / 10));
}

/** What a network sees for each byte: (dB - networkMean) / networkDeviation. */
export function byteInputs(frontEnd: FrontEnd): Float32Array {
  const { scale, networkMean, networkDeviation } = frontEnd;
  const values = scale === "waveform" ? byteSamples() : byteDecibels(frontEnd);
  return values.map((value) => (value - networkMean) / networkDeviation);
}

/**
 * What a network sees of a spectrogram: (value - networkMean) / networkDeviation; dB in -80..0 by
 * default become -2..2.
 *
 * @param values bytes of {@link toBytes}, or values on the front end's scale
 */
export function networkInput(values: Uint8Array | Float32Array, frontEnd: FrontEnd): Float32Array {
  if (values instanceof Uint8Array) {
    const inputs = byteInputs(frontEnd), out = new Float32Array(values.length);
    for (let k = 0; k < out.length; k++) out[k] = inputs[values[k]];
    return out;
  }
  return values.map((v) => (v - frontEnd.networkMean) / frontEnd.networkDeviation);
}
