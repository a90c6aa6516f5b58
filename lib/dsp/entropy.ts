/** Entropies of a signal: how evenly something in it is spread. All are normalised, 0..1; 0 for a constant signal. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { Pool } from "../core/pool.ts";
import { RealFft } from "./fft.ts";
import { hann } from "./window.ts";

/** How samples are joined to short vectors. */
export interface Embedding {
  /** Samples in a vector. Default: 3. */
  order?: number;
  /** Samples from one to the next. Default: 1. */
  delay?: number;
}

/**
 * Permutation entropy (Bandt and Pompe, 2002): of the orders of size in which neighbouring samples come, over the
 * logarithm of the number of orders. Of equal samples the earlier one counts as the smaller.
 *
 * @throws RangeError when there are not `(order - 1) delay + 1` samples
 */
export function permutationEntropy(y: Float32Array, embedding: Embedding = {}): number {
  const { order, delay, vectors } = embed(y, embedding);
  let patterns = 1;
  for (let k = 2; k <= order; k++) patterns *= k;
  const counts = new Float64Array(patterns);
  for (let t = 0; t < vectors; t++) {
    // the pattern's Lehmer code: for every sample, how many later ones are smaller
    let code = 0;
    for (let i = 0; i < order - 1; i++) {
      const value = y[t + i * delay];
      let smaller = 0;
      for (let j = i + 1; j < order; j++) if (y[t + j * delay] < value) smaller++;
      code = code * (order - i) + smaller;
    }
    counts[code]++;
  }
  return normalizedEntropy(counts);
}

/**
 * Singular value decomposition entropy (Roberts, Penny and Rezek, 1999): of the singular values of the matrix whose
 * rows are the embedded vectors.
 *
 * The values are the roots of the eigenvalues of the small matrix of products. There those below 3e-8 of the largest
 * drown in rounding and count as zero, which changes the entropy by less than 1e-6.
 *
 * @throws RangeError as {@link permutationEntropy}
 */
export function svdEntropy(y: Float32Array, embedding: Embedding = {}): number {
  const { order, delay, vectors } = embed(y, embedding);
  const products = Matrix.zeros(order, order), x = Float64Array.from(y);
  for (let i = 0; i < order; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let t = 0; t < vectors; t++) sum += x[t + i * delay] * x[t + j * delay];
      products.set(i, j, sum);
      products.set(j, i, sum);
    }
  }
  const { realEigenvalues } = new EigenvalueDecomposition(products, { assumeSymmetric: true });
  const noise = 1e-15 * Math.max(...realEigenvalues);
  return normalizedEntropy(realEigenvalues.map((value) => value > noise ? Math.sqrt(value) : 0));
}

const transforms = new Pool((n: number) => ({ fft: new RealFft(n), window: hann(n) }));

/**
 * Spectral entropy (Inouye et al., 1991): of the power spectral density by Welch's method, segments that overlap by
 * half, each without its mean, under Hann's window; as antropy's with SciPy's `welch`.
 *
 * @param options.segment samples in a segment; a shorter signal is one segment. Default: 256
 * @throws RangeError for fewer than two samples
 */
export function spectralEntropy(
  y: Float32Array,
  { segment = 256 }: { segment?: number } = {},
): number {
  const n = Math.min(segment, y.length), hop = n - Math.floor(n / 2);
  if (n < 2) throw new RangeError(`cannot find a spectrum of ${y.length} samples`);
  return transforms.with(n, ({ fft, window }) => {
    const density = new Float64Array(fft.bins), { samples, spectrum } = fft;
    for (let from = 0; from + n <= y.length; from += 2 * hop) {
      samples.fill(0);
      for (let lane = 0; lane < 2 && from + lane * hop + n <= y.length; lane++) {
        const start = from + lane * hop;
        let sum = 0;
        for (let t = 0; t < n; t++) sum += y[start + t];
        const mean = sum / n; // exact for a constant: single precision has digits to spare in double
        for (let t = 0; t < n; t++) samples[2 * t + lane] = window[t] * (y[start + t] - mean);
      }
      fft.transform();
      for (let k = 0, at = 0; k < density.length; k++) {
        for (const end = at + 4; at < end; at++) density[k] += spectrum[at] * spectrum[at];
      }
    }
    // one side stands for both, apart from the bins that have no mirror image
    for (let k = 1; 2 * k < n; k++) density[k] *= 2;
    return normalizedEntropy(density);
  });
}

function embed(y: Float32Array, { order = 3, delay = 1 }: Embedding) {
  const vectors = y.length - (order - 1) * delay;
  if (!(Number.isInteger(order) && order >= 2 && Number.isInteger(delay) && delay >= 1)) {
    throw new RangeError(`cannot embed a signal at order ${order} and delay ${delay}`);
  }
  if (vectors < 1) {
    throw new RangeError(
      `cannot embed ${y.length} samples at order ${order} and delay ${delay}: too short`,
    );
  }
  return { order, delay, vectors };
}

/** Shannon's entropy of weights over its largest possible value. */
function normalizedEntropy(weights: ArrayLike<number>): number {
  let total = 0, sum = 0;
  for (let k = 0; k < weights.length; k++) total += weights[k];
  for (let k = 0; k < weights.length; k++) {
    const share = weights[k] / total;
    if (share > 0) sum -= share * Math.log(share);
  }
  return sum / Math.log(weights.length);
}
