/**
 * The discrete Fourier transform of real signals, in double precision.
 *
 * Pure TypeScript on purpose: it needs no loading, is as fast as kissfft's WebAssembly at 400 points, and
 * the single precision of the WebAssembly libraries (1e-7 of a frame's largest bin) is coarse for the
 * quiet bands of a mel spectrogram.
 */

/** One Stockham pass: `groups` butterflies of `radix` points, each over `stride` interleaved signals. */
interface Pass {
  radix: number;
  groups: number;
  stride: number;
  /** exp(-2 pi i p r / (radix groups)) for p in groups, r in 1..radix-1, as pairs of re and im. */
  twiddles: Float64Array;
}

/** A transform of one size, with its tables and working memory. */
export class RealFft {
  /** Number of bins: n / 2 + 1, rounded down. */
  readonly bins: number;
  /** Real parts of the last transform. */
  readonly re: Float64Array;
  /** Imaginary parts of the last transform. */
  readonly im: Float64Array;
  readonly #passes: Pass[];
  /** Points of the complex transform inside: half as many as there are samples where that is whole. */
  readonly #size: number;
  /** Two halves, each of complex values as pairs; a pass reads one and writes the other. */
  readonly #work: Float64Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /**
   * @param n number of samples, at least 1; fastest where it has no prime factor above 5
   * @throws RangeError for any other n
   */
  constructor(readonly n: number) {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`cannot transform ${n} samples`);
    this.bins = Math.floor(n / 2) + 1;
    this.re = new Float64Array(this.bins);
    this.im = new Float64Array(this.bins);
    this.#size = n % 2 === 0 ? n / 2 : n;
    this.#passes = planPasses(this.#size);
    this.#work = new Float64Array(4 * this.#size);
    this.#cos = this.re.map((_, k) => Math.cos(2 * Math.PI * k / n));
    this.#sin = this.re.map((_, k) => Math.sin(2 * Math.PI * k / n));
  }

  /**
   * X[k] = sum over t of x[t] exp(-2 pi i k t / n), for k from 0 to n / 2, into `re` and `im`.
   *
   * @param x at least n samples, of which the first n are used
   */
  transform(x: Float64Array): void {
    const work = this.#work, packed = this.#size < this.n;
    if (packed) { for (let t = 0; t < this.n; t++) work[t] = x[t]; }
    else {
      for (let t = 0; t < this.n; t++) {
        work[2 * t] = x[t];
        work[2 * t + 1] = 0;
      }
    }
    let from = 0, to = 2 * this.#size;
    for (const pass of this.#passes) {
      runPass(pass, work, from, to);
      [from, to] = [to, from];
    }
    if (packed) this.#unpack(from);
    else {
      for (let k = 0; k < this.bins; k++) {
        this.re[k] = work[from + 2 * k];
        this.im[k] = work[from + 2 * k + 1];
      }
    }
  }

  /** Parts the spectra of the even and the odd samples and joins them (Sorensen et al., 1987). */
  #unpack(from: number): void {
    const { re, im } = this, size = this.#size, z = this.#work, cos = this.#cos, sin = this.#sin;
    re[0] = z[from] + z[from + 1];
    re[size] = z[from] - z[from + 1];
    im[0] = im[size] = 0;
    for (let k = 1; 2 * k <= size; k++) {
      const i = from + 2 * k, j = from + 2 * (size - k);
      const evenRe = 0.5 * (z[i] + z[j]), evenIm = 0.5 * (z[i + 1] - z[j + 1]);
      const oddRe = 0.5 * (z[i + 1] + z[j + 1]), oddIm = 0.5 * (z[j] - z[i]);
      const turnedRe = cos[k] * oddRe + sin[k] * oddIm, turnedIm = cos[k] * oddIm - sin[k] * oddRe;
      re[k] = evenRe + turnedRe;
      im[k] = evenIm + turnedIm;
      re[size - k] = evenRe - turnedRe;
      im[size - k] = turnedIm - evenIm;
    }
  }
}

function planPasses(size: number): Pass[] {
  const passes: Pass[] = [];
  for (let left = size, radix = 4; left > 1;) {
    if (left % radix !== 0) {
      radix = nextRadix(radix, left);
      continue;
    }
    const groups = left / radix;
    const twiddles = new Float64Array(2 * groups * (radix - 1));
    for (let p = 0, k = 0; p < groups; p++) {
      for (let r = 1; r < radix; r++) {
        twiddles[k++] = Math.cos(2 * Math.PI * p * r / left);
        twiddles[k++] = -Math.sin(2 * Math.PI * p * r / left);
      }
    }
    passes.push({ radix, groups, stride: size / left, twiddles });
    left = groups;
  }
  return passes;
}

/** 4, 2, 3, 5, 7, 9 ..., and at last the prime that is left. */
function nextRadix(radix: number, left: number): number {
  if (radix === 4) return 2;
  if (radix === 2) return 3;
  return radix * radix > left ? left : radix + 2;
}

/** One decimation-in-frequency pass of Stockham's self-sorting transform. */
function runPass(pass: Pass, z: Float64Array, from: number, to: number): void {
  if (pass.radix === 4) pass4(pass, z, from, to);
  else if (pass.radix === 5) pass5(pass, z, from, to);
  else if (pass.radix === 2) pass2(pass, z, from, to);
  else passAny(pass, z, from, to);
}

function pass2({ groups, stride, twiddles: w }: Pass, z: Float64Array, from: number, to: number) {
  const row = 2 * stride, step = groups * row;
  for (let p = 0; p < groups; p++) {
    const wRe = w[2 * p], wIm = w[2 * p + 1];
    const end = from + (p + 1) * row;
    for (let i = from + p * row, o = to + 2 * p * row; i < end; i += 2, o += 2) {
      const aRe = z[i], aIm = z[i + 1], bRe = z[i + step], bIm = z[i + step + 1];
      const dRe = aRe - bRe, dIm = aIm - bIm;
      z[o] = aRe + bRe;
      z[o + 1] = aIm + bIm;
      z[o + row] = dRe * wRe - dIm * wIm;
      z[o + row + 1] = dRe * wIm + dIm * wRe;
    }
  }
}

function pass4({ groups, stride, twiddles: w }: Pass, z: Float64Array, from: number, to: number) {
  const row = 2 * stride, step = groups * row;
  for (let p = 0; p < groups; p++) {
    const k = 6 * p, w1Re = w[k], w1Im = w[k + 1], w2Re = w[k + 2], w2Im = w[k + 3];
    const w3Re = w[k + 4], w3Im = w[k + 5];
    const end = from + (p + 1) * row;
    for (let i = from + p * row, o = to + 4 * p * row; i < end; i += 2, o += 2) {
      const ib = i + step, ic = ib + step, id = ic + step;
      const sRe = z[i] + z[ic], sIm = z[i + 1] + z[ic + 1];
      const tRe = z[ib] + z[id], tIm = z[ib + 1] + z[id + 1];
      const uRe = z[i] - z[ic], uIm = z[i + 1] - z[ic + 1];
      const vRe = z[ib + 1] - z[id + 1], vIm = z[id] - z[ib];
      const y1Re = uRe + vRe, y1Im = uIm + vIm;
      const y2Re = sRe - tRe, y2Im = sIm - tIm;
      const y3Re = uRe - vRe, y3Im = uIm - vIm;
      const o1 = o + row, o2 = o1 + row, o3 = o2 + row;
      z[o] = sRe + tRe;
      z[o + 1] = sIm + tIm;
      z[o1] = y1Re * w1Re - y1Im * w1Im;
      z[o1 + 1] = y1Re * w1Im + y1Im * w1Re;
      z[o2] = y2Re * w2Re - y2Im * w2Im;
      z[o2 + 1] = y2Re * w2Im + y2Im * w2Re;
      z[o3] = y3Re * w3Re - y3Im * w3Im;
      z[o3 + 1] = y3Re * w3Im + y3Im * w3Re;
    }
  }
}

const SIN_72 = Math.sin(2 * Math.PI / 5), SIN_144 = Math.sin(4 * Math.PI / 5);
const QUARTER_ROOT_5 = Math.sqrt(5) / 4;

function pass5({ groups, stride, twiddles: w }: Pass, z: Float64Array, from: number, to: number) {
  const row = 2 * stride, step = groups * row;
  for (let p = 0; p < groups; p++) {
    const k = 8 * p, w1Re = w[k], w1Im = w[k + 1], w2Re = w[k + 2], w2Im = w[k + 3];
    const w3Re = w[k + 4], w3Im = w[k + 5], w4Re = w[k + 6], w4Im = w[k + 7];
    const end = from + (p + 1) * row;
    for (let i = from + p * row, o = to + 5 * p * row; i < end; i += 2, o += 2) {
      const ib = i + step, ic = ib + step, id = ic + step, ie = id + step;
      const pRe = z[ib] + z[ie], pIm = z[ib + 1] + z[ie + 1];
      const mRe = z[ib] - z[ie], mIm = z[ib + 1] - z[ie + 1];
      const qRe = z[ic] + z[id], qIm = z[ic + 1] + z[id + 1];
      const nRe = z[ic] - z[id], nIm = z[ic + 1] - z[id + 1];
      const sRe = pRe + qRe, sIm = pIm + qIm;
      const hRe = z[i] - 0.25 * sRe, hIm = z[i + 1] - 0.25 * sIm;
      const dRe = QUARTER_ROOT_5 * (pRe - qRe), dIm = QUARTER_ROOT_5 * (pIm - qIm);
      const uRe = hRe + dRe, uIm = hIm + dIm, vRe = hRe - dRe, vIm = hIm - dIm;
      const eRe = SIN_72 * mIm + SIN_144 * nIm, eIm = -SIN_72 * mRe - SIN_144 * nRe;
      const fRe = SIN_144 * mIm - SIN_72 * nIm, fIm = SIN_72 * nRe - SIN_144 * mRe;
      const y1Re = uRe + eRe, y1Im = uIm + eIm, y4Re = uRe - eRe, y4Im = uIm - eIm;
      const y2Re = vRe + fRe, y2Im = vIm + fIm, y3Re = vRe - fRe, y3Im = vIm - fIm;
      const o1 = o + row, o2 = o1 + row, o3 = o2 + row, o4 = o3 + row;
      z[o] = z[i] + sRe;
      z[o + 1] = z[i + 1] + sIm;
      z[o1] = y1Re * w1Re - y1Im * w1Im;
      z[o1 + 1] = y1Re * w1Im + y1Im * w1Re;
      z[o2] = y2Re * w2Re - y2Im * w2Im;
      z[o2 + 1] = y2Re * w2Im + y2Im * w2Re;
      z[o3] = y3Re * w3Re - y3Im * w3Im;
      z[o3 + 1] = y3Re * w3Im + y3Im * w3Re;
      z[o4] = y4Re * w4Re - y4Im * w4Im;
      z[o4 + 1] = y4Re * w4Im + y4Im * w4Re;
    }
  }
}

/** Any radix, in radix squared multiplications a butterfly. */
function passAny(pass: Pass, z: Float64Array, from: number, to: number) {
  const { radix, groups, stride, twiddles } = pass;
  const row = 2 * stride, step = groups * row;
  const roots = Float64Array.from({ length: 2 * radix }, (_, k) => {
    const angle = 2 * Math.PI * (k >> 1) / radix;
    return k % 2 === 0 ? Math.cos(angle) : -Math.sin(angle);
  });
  for (let p = 0; p < groups; p++) {
    for (let q = 0; q < row; q += 2) {
      for (let r = 0; r < radix; r++) {
        let re = 0, im = 0;
        for (let k = 0; k < radix; k++) {
          const i = from + p * row + q + k * step, angle = 2 * ((k * r) % radix);
          re += z[i] * roots[angle] - z[i + 1] * roots[angle + 1];
          im += z[i] * roots[angle + 1] + z[i + 1] * roots[angle];
        }
        const o = to + (radix * p + r) * row + q, w = 2 * (p * (radix - 1) + r - 1);
        const wRe = r === 0 ? 1 : twiddles[w], wIm = r === 0 ? 0 : twiddles[w + 1];
        z[o] = re * wRe - im * wIm;
        z[o + 1] = re * wIm + im * wRe;
      }
    }
  }
}
