/**
 * The discrete Fourier transform of any length in n log n steps, prime or not, as a convolution with a chirp
 * (Bluestein, "A linear filtering approach to the computation of discrete Fourier transform", 1970).
 *
 * X[k] = sum over t of x[t] w^(2 k t) with w = exp(-pi i / n), and 2 k t = k^2 + t^2 - (k - t)^2: so |X[k]| is the
 * magnitude of x[t] w^(t^2) convolved with w^(-t^2). Real and imaginary parts are the two signals of one `RealFft`.
 */
import { Pool } from "../core/pool.ts";
import { RealFft } from "./fft.ts";

/** By size, which is a power of two: transforms of many lengths share a few. */
const transforms = new Pool((size: number) => new RealFft(size));

/** Magnitudes of the spectra of signals that are zero from some sample on. */
export class ChirpTransform {
  readonly bins: number;
  readonly #size: number;
  /** w^(t^2) for every t that is needed: real and imaginary parts alternate. */
  readonly #chirp: Float64Array;
  /** The spectrum of w^(-t^2): those of its real and imaginary parts, as `RealFft` writes them. */
  readonly #filter: Float64Array;

  /**
   * @param n length of the transform
   * @param samples how many, from the first one on, may be other than zero
   */
  constructor(n: number, readonly samples: number) {
    const bins = this.bins = Math.floor(n / 2) + 1;
    this.#size = 2 ** Math.ceil(Math.log2(samples + bins - 1));
    const chirp = this.#chirp = chirpOf(n, Math.max(samples, bins));
    this.#filter = transforms.with(this.#size, (fft) => {
      const filter = fft.samples.fill(0);
      for (let t = 1 - samples; t < bins; t++) {
        const at = 2 * (t < 0 ? t + fft.n : t);
        filter[at] = chirp[2 * Math.abs(t)];
        filter[at + 1] = -chirp[2 * Math.abs(t) + 1];
      }
      fft.transform();
      return fft.spectrum.slice();
    });
  }

  /** |X[k]| for k from 0 to n / 2. @param x `samples` numbers */
  magnitudes(x: Float64Array): Float64Array {
    return transforms.with(this.#size, (fft) => {
      const chirp = this.#chirp, y = fft.samples.fill(0);
      for (let t = 0; t < this.samples; t++) {
        y[2 * t] = x[t] * chirp[2 * t];
        y[2 * t + 1] = x[t] * chirp[2 * t + 1];
      }
      fft.transform();
      convolve(fft.spectrum, this.#filter);
      fft.inverse();
      const magnitude = new Float64Array(this.bins);
      for (let k = 0; k < magnitude.length; k++) {
        magnitude[k] = Math.sqrt(y[2 * k] * y[2 * k] + y[2 * k + 1] * y[2 * k + 1]);
      }
      return magnitude;
    });
  }
}

/** exp(-pi i t^2 / n) for the first `count` t; t^2 counts modulo 2 n, or large angles would lose digits. */
function chirpOf(n: number, count: number): Float64Array {
  const values = new Float64Array(2 * count);
  for (let t = 0; t < count; t++) {
    const angle = Math.PI * (t * t % (2 * n)) / n;
    values[2 * t] = Math.cos(angle);
    values[2 * t + 1] = -Math.sin(angle);
  }
  return values;
}

/** Multiplies what stands for the complex signal a + i b with what stands for c + i d. */
function convolve(ab: Float64Array, cd: Float64Array): void {
  for (let k = 0; k < ab.length; k += 4) {
    const aRe = ab[k], bRe = ab[k + 1], aIm = ab[k + 2], bIm = ab[k + 3];
    const cRe = cd[k], dRe = cd[k + 1], cIm = cd[k + 2], dIm = cd[k + 3];
    ab[k] = aRe * cRe - aIm * cIm - bRe * dRe + bIm * dIm;
    ab[k + 1] = aRe * dRe - aIm * dIm + bRe * cRe - bIm * cIm;
    ab[k + 2] = aRe * cIm + aIm * cRe - bRe * dIm - bIm * dRe;
    ab[k + 3] = aRe * dIm + aIm * dRe + bRe * cIm + bIm * cRe;
  }
}
