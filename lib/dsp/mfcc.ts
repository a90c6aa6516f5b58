/** Mel-frequency cepstral coefficients (Davis and Mermelstein, 1980): the shape of a mel spectrum in a few numbers. */
import type { Spectrogram } from "./mel.ts";

/** Coefficients by frames. */
export interface Cepstrum {
  /** [nMfcc, frames], frames fastest; the mean level first. */
  data: Float32Array;
  nMfcc: number;
  frames: number;
}

/**
 * The first coefficients of the orthonormal discrete cosine transform (type II) of every frame, as librosa's `mfcc`.
 *
 * @param decibel a mel spectrogram in dB. librosa's own is `powerToDecibel(mel, { reference: 1 })`
 * @param options.nMfcc how many, at most as many as there are bands. Default: 20
 * @throws RangeError for another number
 */
export function mfcc(
  { data, nMels, frames }: Spectrogram,
  { nMfcc = 20 }: { nMfcc?: number } = {},
): Cepstrum {
  if (!(Number.isInteger(nMfcc) && nMfcc >= 1 && nMfcc <= nMels)) {
    throw new RangeError(`cannot take ${nMfcc} cepstral coefficients of ${nMels} mel bands`);
  }
  const coefficients = new Float32Array(nMfcc * frames), row = new Float64Array(frames);
  for (let k = 0; k < nMfcc; k++) {
    row.fill(0);
    const scale = Math.sqrt((k === 0 ? 1 : 2) / nMels);
    for (let band = 0, at = 0; band < nMels; band++) {
      const weight = scale * Math.cos(Math.PI * k * (band + 0.5) / nMels);
      for (let t = 0; t < frames; t++, at++) row[t] += weight * data[at];
    }
    coefficients.set(row, k * frames);
  }
  return { data: coefficients, nMfcc, frames };
}
