import assert from "node:assert/strict";
import { fastLength, RealFft, SingleRealFft } from "lib/dsp/fft.ts";
import { hann } from "lib/dsp/window.ts";
import { randomFrom } from "lib/core/random.ts";

/** The definition, in n squared steps. */
function definition(x: Float64Array): { re: number[]; im: number[] } {
  const n = x.length, bins = Array.from({ length: Math.floor(n / 2) + 1 }, (_, k) => k);
  const angle = (k: number, t: number) => 2 * Math.PI * ((k * t) % n) / n;
  return {
    re: bins.map((k) => x.reduce((sum, v, t) => sum + v * Math.cos(angle(k, t)), 0)),
    im: bins.map((k) => x.reduce((sum, v, t) => sum - v * Math.sin(angle(k, t)), 0)),
  };
}

// Every radix and mixture of radices, primes, odd sizes, and the sizes in use.
const SIZES = [
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  14,
  15,
  16,
  18,
  22,
  49,
  97,
  121,
  194,
  400,
  441,
  512,
  1000,
  2048,
];

const noise = (n: number, ...key: string[]) => {
  const random = randomFrom("fft", n, ...key);
  return Float64Array.from({ length: n }, () => random.normal());
};

/** Both signals' spectra. */
function transform(fft: RealFft, signals: [Float64Array, Float64Array]) {
  const { samples } = fft;
  signals.forEach((x, lane) => x.forEach((value, t) => samples[2 * t + lane] = value));
  fft.transform();
  return signals.map((_, lane) => {
    const part = (offset: number) =>
      Array.from({ length: fft.bins }, (_, k) => fft.spectrum[4 * k + offset + lane]);
    return { re: part(0), im: part(2) };
  });
}

Deno.test("the transform is its definition's, for both signals", () => {
  for (const n of SIZES) {
    const signals: [Float64Array, Float64Array] = [noise(n, "a"), noise(n, "b")];
    const fft = new RealFft(n);
    transform(fft, signals);
    // the working memory of the first call leaves no trace
    transform(fft, signals).forEach(({ re, im }, lane) => {
      const x = signals[lane], expected = definition(x);
      const scale = Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) * n);
      for (let k = 0; k < fft.bins; k++) {
        // Rounding grows with log n; the definition's own sums err by about sqrt(n) 1e-16.
        assert.ok(Math.abs(re[k] - expected.re[k]) < 1e-14 * scale, `n ${n}, bin ${k}`);
        assert.ok(Math.abs(im[k] - expected.im[k]) < 1e-14 * scale, `n ${n}, bin ${k}`);
      }
    });
  }
});

Deno.test("the inverse transform undoes it, for both signals", () => {
  for (const n of SIZES) {
    const signals: [Float64Array, Float64Array] = [noise(n, "a"), noise(n, "b")];
    const fft = new RealFft(n);
    transform(fft, signals);
    fft.samples.fill(0);
    fft.inverse();
    signals.forEach((x, lane) =>
      x.forEach((value, t) =>
        assert.ok(Math.abs(fft.samples[2 * t + lane] - value) < 1e-13, `n ${n}, sample ${t}`)
      )
    );
  }
});

Deno.test("a cosine is in its bin, with the sign of its frequency", () => {
  const n = 512, fft = new RealFft(n);
  const cosine = Float64Array.from({ length: n }, (_, t) => Math.cos(2 * Math.PI * 5 * t / n + 1));
  const [{ re, im }, silent] = transform(fft, [cosine, new Float64Array(n)]);
  assert.ok(Math.abs(re[5] - n / 2 * Math.cos(1)) < 1e-10);
  assert.ok(Math.abs(im[5] - n / 2 * Math.sin(1)) < 1e-10);
  assert.ok(Math.hypot(re[251], im[251]) < 1e-10);
  assert.ok(silent.re.every((v) => v === 0));
});

Deno.test("energy is kept (Parseval)", () => {
  const n = 400, fft = new RealFft(n), x = noise(n);
  const [{ re, im }] = transform(fft, [x, x]);
  let energy = 0;
  for (let k = 0; k < fft.bins; k++) {
    energy += (k === 0 || k === n / 2 ? 1 : 2) * (re[k] ** 2 + im[k] ** 2) / n;
  }
  const expected = x.reduce((sum, v) => sum + v * v, 0);
  assert.ok(Math.abs(energy / expected - 1) < 1e-13);
});

Deno.test("refuses sizes that are none", () => {
  for (const n of [0, -4, 2.5, NaN]) assert.throws(() => new RealFft(n), RangeError);
});

Deno.test("the next fast length is even and has no prime factor above 5", () => {
  const next = [1, 2, 7, 687, 1025, 2047, 44101].map(fastLength);
  assert.deepEqual(next, [2, 2, 8, 720, 1080, 2048, 45000]);
});

Deno.test("Hann's window is periodic: copies half a window apart add up to one", () => {
  const w = hann(400);
  assert.equal(w[0], 0);
  assert.equal(w[200], 1);
  for (let k = 0; k < 200; k++) assert.ok(Math.abs(w[k] + w[k + 200] - 1) < 1e-15);
});

Deno.test("four signals in single precision: the transform of each, and back again", () => {
  for (const n of SIZES) {
    const signals = ["a", "b", "c", "d"].map((key) => noise(n, key));
    const single = new SingleRealFft(n), double = new RealFft(n);
    signals.forEach((x, lane) => x.forEach((v, t) => single.samples[4 * t + lane] = v));
    single.transform();
    for (const lane of [0, 1, 2, 3]) {
      const x = signals[lane], [{ re, im }] = transform(double, [x, x]);
      const scale = Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) * n);
      for (let k = 0; k < single.bins; k++) {
        // 2^-24 a step: of some ten passes, or of as many sums as a prime factor is large
        const error = Math.hypot(
          single.spectrum[8 * k + lane] - re[k],
          single.spectrum[8 * k + 4 + lane] - im[k],
        );
        assert.ok(error <= 1e-6 * scale, `${n} samples, lane ${lane}, bin ${k}: ${error / scale}`);
      }
    }
    single.inverse();
    signals.forEach((x, lane) => {
      const peak = x.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      x.forEach((v, t) => {
        const error = Math.abs(single.samples[4 * t + lane] - v);
        assert.ok(error <= 3e-6 * peak, `${n} samples, lane ${lane}, ${t}: ${error}`);
      });
    });
  }
});
