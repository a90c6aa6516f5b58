import assert from "node:assert/strict";
import { constantQ, type ConstantQSettings } from "lib/dsp/cqt.ts";
import { C1, placeWavelets } from "lib/dsp/wavelets.ts";
import {
  assertNear,
  faded,
  harmonyFixture,
  music,
  SAMPLE_RATE as sampleRate,
} from "../harmony_signals.ts";
import { noise } from "../mel_signals.ts";

type Settings = Omit<ConstantQSettings, "sampleRate">;

const C7 = C1 * 2 ** 6;

/** One octave, or an odd hop length: the signal is analysed at its own rate alone. */
const AT_ITS_OWN_RATE: Record<string, Settings> = {
  top: { fMin: C7, nBins: 12 },
  top_fine: {
    fMin: C7,
    nBins: 20,
    binsPerOctave: 24,
    tuning: 0.3,
    sparsity: 0.05,
    hopLength: 300,
  },
  top_dense: { fMin: C7, nBins: 9, sparsity: 0, scale: false, filterScale: 0.5 },
  top_erb: { fMin: C7, nBins: 12, gamma: "erb" },
  one: { fMin: 1000, nBins: 1, hopLength: 101 },
  odd_hop: { nBins: 80, hopLength: 441 },
};

const AT_LOWER_RATES: Record<string, Settings> = {
  default: {},
  key: { nBins: 168, binsPerOctave: 24, tuning: -0.13 },
  thirds: { nBins: 100, binsPerOctave: 36, fMin: 98 },
  partial: { nBins: 40, binsPerOctave: 7, fMin: 50, hopLength: 768, filterScale: 1.4 },
  early: { fMin: 65, nBins: 30, hopLength: 1024 },
  early_unscaled: { fMin: 65, nBins: 30, hopLength: 1024, scale: false },
  erb: { nBins: 70, gamma: "erb" },
  gamma: { nBins: 70, gamma: 15 },
};

const SIGNALS = { noise: faded(noise(17000)), music: faded(music(17000)) };

async function assertParity(transforms: Record<string, Settings>, part: number) {
  const fixture = await harmonyFixture("constant_q");
  for (const [transform, settings] of Object.entries(transforms)) {
    for (const [signal, y] of Object.entries(SIGNALS)) {
      const name = `${transform}_${signal}`, expected = fixture.get(name)!;
      const { data, bins, frames } = constantQ(y, { sampleRate, ...settings });
      assert.deepEqual([bins, frames], expected.shape, name);
      assertNear(data, expected, { part, name });
    }
  }
}

Deno.test("at the signal's own rate magnitudes are librosa's", async () => {
  // librosa keeps its wavelets in single precision; where only clicks sound in this octave, that is 1e-5 of it
  await assertParity(AT_ITS_OWN_RATE, 4e-5);
});

Deno.test("at lower rates magnitudes are librosa's, but for the filter that halves the rate", async () => {
  // soxr there, this project's resampler here. The signals are silent at both ends: librosa cuts off what its filters
  // add there, up to 4 % of the largest magnitude where a signal begins abruptly; the next test is about ours.
  await assertParity(AT_LOWER_RATES, 5e-4);
});

Deno.test("a signal that begins and ends abruptly: halving the rate changes nothing", () => {
  const y = music(12000), settings = { sampleRate, nBins: 72, binsPerOctave: 12, sparsity: 0 };
  const whole = constantQ(y, { ...settings, hopLength: 255 });
  const halved = constantQ(y, { ...settings, hopLength: 510 });
  let error = 0, largest = 0;
  for (let bin = 0; bin < 72; bin++) {
    for (let t = 0; t < halved.frames; t++) {
      const value = whole.data[bin * whole.frames + 2 * t];
      error = Math.max(error, Math.abs(halved.data[bin * halved.frames + t] - value));
      largest = Math.max(largest, value);
    }
  }
  // a click in the middle of a wavelet is all frequencies at once, and the filter takes the highest: 1 / 200
  assert.ok(error < 6e-3 * largest, `${error / largest}`);
});

Deno.test("a sine has half its amplitude times its wavelet's length, or that length's root", () => {
  const { frequency, duration } = placeWavelets({});
  for (const bin of [24, 45, 83]) {
    const y = Float32Array.from(
      { length: 30000 },
      (_, t) => 0.4 * Math.cos(2 * Math.PI * frequency[bin] * t / sampleRate),
    );
    const length = duration[bin] * sampleRate;
    for (const [scale, expected] of [[true, 0.2 * Math.sqrt(length)], [false, 0.2 * length]]) {
      const { data, frames } = constantQ(y, { sampleRate, scale: scale as boolean, sparsity: 0 });
      const value = data[bin * frames + (frames >> 1)];
      // the wavelet's length is rounded to whole samples at the lower rate, 1 / 180 at worst
      assert.ok(Math.abs(value / (expected as number) - 1) < 6e-3, `${bin}: ${value}`);
    }
  }
});

Deno.test("octaves are as far apart as they should be, and the tuning moves all bins", () => {
  const { frequency } = placeWavelets({ nBins: 49, binsPerOctave: 24, tuning: 0.5 });
  assert.ok(Math.abs(frequency[0] / C1 - 2 ** (1 / 48)) < 1e-15);
  assert.equal(frequency[24], 2 * frequency[0]);
  assert.equal(frequency[48], 4 * frequency[0]);
});

Deno.test("refuses what it cannot analyse", () => {
  const y = music(1000),
    run = (settings: Settings) => () => constantQ(y, { sampleRate, ...settings });
  assert.throws(run({ nBins: 102 }), /up to 11\d\d\d Hz at a sample rate of 22050 Hz: take fewer/);
  assert.throws(run({ sparsity: 1 }), /leave out 1 of a wavelet/);
  assert.throws(run({ nBins: 0 }), /nBins is 0/);
  assert.throws(run({ binsPerOctave: 1.5 }), /binsPerOctave is 1.5/);
  assert.throws(run({ fMin: 0 }), /from 0 Hz on/);
  assert.throws(run({ filterScale: 0 }), /scale wavelets by 0/);
  assert.throws(run({ nBins: 1, filterScale: 1.54e-4 }), /shorter than two samples/);
  assert.throws(run({ gamma: -1 }), /widen bands by -1 Hz/);
  assert.throws(run({ hopLength: 0 }), /hop length of 0/);
  assert.throws(() => constantQ(new Float32Array(0), { sampleRate }), /empty signal/);
});
