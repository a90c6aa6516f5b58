import assert from "node:assert/strict";
import { ChirpTransform } from "lib/dsp/chirp_transform.ts";
import { RealFft } from "lib/dsp/fft.ts";
import { noise } from "../mel_signals.ts";

/** The largest difference from the magnitudes that `RealFft` finds, over the largest magnitude. */
function error(n: number, samples: number): number {
  const y = Float64Array.from(noise(samples)), fft = new RealFft(n);
  fft.samples.fill(0);
  y.forEach((value, t) => fft.samples[2 * t] = value);
  fft.transform();
  const { spectrum } = fft, ours = new ChirpTransform(n, samples).magnitudes(y);
  const expected = ours.map((_, k) => Math.hypot(spectrum[4 * k], spectrum[4 * k + 2]));
  assert.equal(ours.length, fft.bins);
  return ours.reduce((most, x, k) => Math.max(most, Math.abs(x - expected[k])), 0) /
    Math.max(...expected);
}

Deno.test("transforms of any length are those of the fast Fourier transform", () => {
  // powers of two, small factors, primes, odd and even; all samples and a part of them
  for (
    const [n, samples] of [[1, 1], [2, 2], [3, 2], [64, 64], [400, 201], [401, 201], [2039, 2039], [
      9450,
      4725,
    ]]
  ) {
    // Three transforms of double precision, of which each errs by some 1e-16 of the largest bin.
    assert.ok(error(n, samples) < 1e-14, `${n} ${samples}: ${error(n, samples)}`);
  }
});

Deno.test("the same plan transforms one signal after the other", () => {
  const transform = new ChirpTransform(101, 60), y = Float64Array.from(noise(60));
  const first = transform.magnitudes(y);
  transform.magnitudes(new Float64Array(60));
  assert.deepEqual(transform.magnitudes(y), first);
});
