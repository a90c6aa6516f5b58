import assert from "node:assert/strict";
import { addNoise, coloredNoise, NOISE_COLORS } from "lib/augment/noise.ts";
import { randomFrom } from "lib/core/random.ts";
import { powerFrames } from "lib/dsp/stft.ts";
import { chirp, noise } from "../mel_signals.ts";

const RATE = 16000;
const colored = (color: typeof NOISE_COLORS[number], n: number, seed = 1) =>
  coloredNoise(n, { color, sampleRate: RATE, random: randomFrom(seed, color) });

/** Mean power density of an octave from some Hz on, in dB. */
function octaveDecibel(y: Float32Array, from: number): number {
  const nFft = 4096, low = from * nFft / RATE;
  let sum = 0, count = 0;
  powerFrames(y, { nFft, hopLength: nFft / 2, center: false }, (_, power) => {
    for (let k = Math.ceil(low); k < 2 * low; k++, count++) sum += power[k];
  });
  return 10 * Math.log10(sum / count);
}

const meanPower = (y: Float32Array) => y.reduce((sum, v) => sum + v * v, 0) / y.length;

Deno.test("the spectrum of coloured noise falls or rises by its colour's decibels an octave", () => {
  const slopes = { white: 0, pink: -3.01, brown: -6.02, blue: 3.01, violet: 6.02 };
  for (const color of NOISE_COLORS) {
    const y = colored(color, 40 * RATE);
    // The mean of 1 / f^k over an octave is in proportion to 1 / f^k too.
    const octaves = [125, 250, 500, 1000, 2000, 4000].map((hz) => octaveDecibel(y, hz));
    for (let k = 1; k < octaves.length; k++) {
      const step = octaves[k] - octaves[k - 1];
      // The lowest octave is the mean of 32 bins of 311 frames, half of them overlapped: 0.06 dB of chance.
      assert.ok(Math.abs(step - slopes[color]) < 0.25, `${color}, octave ${k}: ${step} dB`);
    }
  }
});

Deno.test("noise is Gaussian, of mean power one, and nothing below 20 Hz", () => {
  for (const color of NOISE_COLORS) {
    const y = colored(color, 30000);
    assert.ok(Math.abs(meanPower(y) - 1) < 1e-6); // single precision
    assert.ok(Math.abs(y.reduce((sum, v) => sum + v, 0) / y.length) < 0.02);
  }
  const white = colored("white", 200_000);
  const fourth = white.reduce((sum, v) => sum + v ** 4, 0) / white.length;
  assert.ok(Math.abs(fourth - 3) < 0.1, `kurtosis ${fourth}`); // 3 for a Gaussian; its error is sqrt(96 / n) = 0.02
  // brown noise down to the lowest bin would have a hundred times the power below 20 Hz
  const brown = colored("brown", 2 ** 16);
  let below = 0, all = 0;
  powerFrames(brown, { nFft: 2 ** 16, hopLength: 1, center: false }, (_, power) => {
    power.forEach((p, k) => {
      all += p;
      if (k * RATE / 2 ** 16 < 19) below += p;
    });
  });
  assert.ok(below < 1e-3 * all); // Hann's window spreads the first bins by one
});

Deno.test("the same generator gives the same noise, another one another", () => {
  assert.deepEqual(colored("pink", 1000), colored("pink", 1000));
  assert.notDeepEqual(colored("pink", 1000), colored("pink", 1000, 2));
});

Deno.test("the signal-to-noise ratio is the one asked for", () => {
  const y = chirp(RATE);
  for (const color of NOISE_COLORS) {
    for (const snr of [-5, 3, 12.3, 25, 30]) {
      const noisy = addNoise(y, colored(color, RATE), snr);
      const added = noisy.map((v, t) => v - y[t]);
      const found = 10 * Math.log10(meanPower(y) / meanPower(added));
      assert.ok(Math.abs(found - snr) < 0.01, `${color}, ${snr} dB: ${found}`);
    }
  }
});

Deno.test("no noise is added at an infinite ratio, to silence, or where the noise is silent", () => {
  const y = noise(1000), silence = new Float32Array(1000);
  assert.equal(addNoise(y, colored("white", 1000), Infinity), y);
  assert.equal(addNoise(silence, y, 10), silence);
  assert.equal(addNoise(y, silence, 10), y);
});
