import assert from "node:assert/strict";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { powerToDecibel } from "lib/dsp/decibel.ts";
import { magnitudes, melOfMagnitudes } from "lib/dsp/magnitudes.ts";
import { melBank } from "lib/dsp/mel.ts";
import { mfcc } from "lib/dsp/mfcc.ts";
import { spectralContrast } from "lib/dsp/spectral_contrast.ts";
import {
  spectralBandwidth,
  spectralCentroid,
  spectralFlatness,
  spectralRolloff,
} from "lib/dsp/spectral_shape.ts";
import { rootMeanSquare, zeroCrossingRate } from "lib/dsp/waveform_frames.ts";
import { burst } from "../descriptor_signals.ts";
import { chirp, noise } from "../mel_signals.ts";

/** The settings of make_descriptors.py; what is left out is librosa's default. */
const SETTINGS = {
  librosa: { n: 11025, sampleRate: 22050, nFft: 2048, hopLength: 512 },
  study: { n: 4000, sampleRate: 16000, nFft: 400, hopLength: 160 },
  odd: {
    n: 4001,
    sampleRate: 16000,
    nFft: 401,
    hopLength: 97,
    share: 0.5,
    nMfcc: 13,
    mel: { nMels: 40, fMin: 50, fMax: 7000 },
  },
  uncentred: {
    n: 5003,
    sampleRate: 8000,
    nFft: 512,
    hopLength: 200,
    center: false,
    share: 0.99,
    nMfcc: 24,
    mel: { nMels: 24, fMin: 0, fMax: 4000 },
    contrast: { octaves: 4, fMin: 100, quantile: 0.1 },
  },
};
type Settings = typeof SETTINGS.librosa & Partial<typeof SETTINGS.odd & typeof SETTINGS.uncentred>;

/**
 * Relative to the value, or to 1 where that is more. Ours and librosa's are double precision: 1e-9 is room enough but
 * for the valleys far from a chirp, 1e-7 of its height, where 1e-16 of that height is 1e-9 or 4e-9 dB. Mel powers
 * and decibels are kept in single precision: 4e-6 dB a band, which the cosine transform adds up.
 */
const TOLERANCE: Record<string, number> = { contrast: 1e-7, mfcc: 3e-5 };

function describe(
  y: Float32Array,
  settings: Settings,
): Record<string, Float64Array | Float32Array> {
  const { sampleRate, nFft, share, nMfcc } = settings;
  const S = magnitudes(y, settings);
  const bands = settings.mel ?? { nMels: 128, fMin: 0, fMax: sampleRate / 2 };
  const mel = melOfMagnitudes(S, melBank({ sampleRate, nFft, ...bands }));
  const decibel = { ...mel, data: powerToDecibel(mel.data, { reference: 1 }) };
  return {
    centroid: spectralCentroid(S),
    bandwidth: spectralBandwidth(S),
    rolloff: spectralRolloff(S, { share }),
    contrast: Float64Array.from(spectralContrast(S, settings.contrast).flatMap((row) => [...row])),
    flatness: spectralFlatness(S),
    rms: rootMeanSquare(y, settings),
    zcr: zeroCrossingRate(y, settings),
    mfcc: mfcc(decibel, { nMfcc }).data,
  };
}

Deno.test("descriptors of framed signals are librosa's", async (t) => {
  const expected = await readNpz(projectPath("tests/fixtures/descriptors/framed.npz"));
  for (const [setting, settings] of Object.entries<Settings>(SETTINGS)) {
    for (const signal of [noise, chirp, burst]) {
      await t.step(`${setting}, ${signal.name}`, () => {
        const ours = describe(signal(settings.n), settings);
        for (const [feature, values] of Object.entries(ours)) {
          const librosa = expected.get(`${setting}_${signal.name}_${feature}`)!
            .data as Float64Array;
          assert.equal(values.length, librosa.length, feature);
          const tolerance = TOLERANCE[feature] ?? 1e-9;
          librosa.forEach((value, k) => {
            const allowed = tolerance * Math.max(1, Math.abs(value));
            assert.ok(
              Math.abs(values[k] - value) <= allowed,
              `${feature} ${k}: ${values[k]}, not ${value}`,
            );
          });
        }
      });
    }
  }
});

Deno.test("a sine's weight lies at its frequency, in the bins that Hann's window is wide", () => {
  const sampleRate = 16000, nFft = 512, hz = 40 * sampleRate / nFft;
  const y = Float32Array.from(
    { length: 2048 },
    (_, t) => Math.sin(2 * Math.PI * hz * t / sampleRate),
  );
  const S = magnitudes(y, { sampleRate, nFft, hopLength: 512, center: false });
  // bins 39, 40 and 41 have magnitudes 1 : 2 : 1, so a variance of half a bin squared; the rest is the rounding of y
  const width = sampleRate / nFft;
  for (const value of spectralCentroid(S)) assert.ok(Math.abs(value - hz) < 1e-3);
  for (const value of spectralBandwidth(S)) {
    assert.ok(Math.abs(value / width - Math.SQRT1_2) < 1e-2);
  }
  assert.deepEqual([...spectralRolloff(S, { share: 0.2 })], Array(4).fill(hz - width));
  assert.deepEqual([...spectralRolloff(S, { share: 0.5 })], Array(4).fill(hz));
  for (const value of rootMeanSquare(y, { nFft, hopLength: 512, center: false })) {
    assert.ok(Math.abs(value - Math.SQRT1_2) < 1e-7);
  }
});

Deno.test("the cosine transform is orthonormal: all coefficients have the energy of all bands", () => {
  const mel = { data: noise(40 * 7), nMels: 40, frames: 7 };
  const { data } = mfcc(mel, { nMfcc: 40 });
  const energy = (values: Float32Array) => values.reduce((sum, x) => sum + x * x, 0);
  assert.ok(Math.abs(energy(data) / energy(mel.data) - 1) < 1e-6); // single precision
});

Deno.test("a constant wave crosses zero nowhere, an alternating one between all samples", () => {
  const framing = { nFft: 64, hopLength: 16, center: false };
  assert.ok(zeroCrossingRate(new Float32Array(256).fill(0.5), framing).every((rate) => rate === 0));
  const alternating = Float32Array.from({ length: 256 }, (_, t) => t % 2 ? 1 : -1);
  assert.ok(zeroCrossingRate(alternating, framing).every((rate) => rate === 63 / 64));
});

Deno.test("refuses shares, bands and coefficients that there are not", () => {
  const S = magnitudes(noise(4000), { sampleRate: 8000, nFft: 512, hopLength: 128 });
  assert.throws(() => spectralRolloff(S, { share: 1 }), /a share of 1, only inside/);
  assert.throws(() => spectralContrast(S), /6 octaves above 200 Hz at a sample rate of 8000 Hz/);
  assert.throws(() => spectralContrast(S, { octaves: 4, quantile: 0 }), /a quantile of 0/);
  const short = magnitudes(noise(100), { sampleRate: 8000, nFft: 32, hopLength: 8 });
  assert.throws(() => spectralContrast(short, { octaves: 4 }), /bins are 250\.0 Hz apart/);
  const mel = { data: new Float32Array(40), nMels: 40, frames: 1 };
  assert.throws(() => mfcc(mel, { nMfcc: 41 }), /41 cepstral coefficients of 40/);
  assert.throws(() => mfcc(mel, { nMfcc: 0 }), RangeError);
});
