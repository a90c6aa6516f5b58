import assert from "node:assert/strict";
import { estimateTuning, pitchTuning, spectralPeaks } from "lib/dsp/tuning.ts";
import {
  assertNear,
  harmonyFixture,
  music,
  SAMPLE_RATE as sampleRate,
} from "../harmony_signals.ts";
import { noise } from "../mel_signals.ts";

Deno.test("spectral peaks are librosa's", async () => {
  const fixture = await harmonyFixture("tuning");
  const peaks = spectralPeaks(music(6000), { sampleRate, nFft: 1024, hopLength: 300 });
  // the fixture is in single precision
  for (const kind of ["frequency", "magnitude"] as const) {
    assertNear(peaks[kind], fixture.get(`peak_${kind}`)!, { part: 1e-7, name: kind });
  }
});

Deno.test("tunings are librosa's", async () => {
  const fixture = await harmonyFixture("tuning");
  const found: Record<string, number> = {
    noise: estimateTuning(noise(22050), { sampleRate }),
    fine: estimateTuning(music(22050, 12), {
      sampleRate,
      nFft: 4096,
      hopLength: 1000,
      resolution: 0.003,
      fMin: 80,
      fMax: 2000,
      threshold: 0.02,
    }),
  };
  for (const cents of [-37, 0, 12, 30]) {
    const y = music(22050, cents);
    for (const binsPerOctave of [12, 24, 36]) {
      found[`music_${cents}_${binsPerOctave}`] = estimateTuning(y, { sampleRate, binsPerOctave });
    }
  }
  for (const [name, tuning] of Object.entries(found)) {
    // steps of 0.01 or 0.003: the same step
    const expected = fixture.get(name)!.data[0] as number;
    assert.ok(Math.abs(tuning - expected) < 1e-6, `${name}: ${tuning}`);
  }
});

Deno.test("pitches that are off by a quarter of a semitone, and those that are not", () => {
  const pitches = (tuning: number, binsPerOctave: number) =>
    Float64Array.from({ length: 40 }, (_, k) => 55 * 2 ** ((k + tuning) / binsPerOctave));
  for (const binsPerOctave of [12, 24]) {
    for (const tuning of [-0.495, -0.245, 0.005, 0.255, 0.485]) { // the middles of steps
      const found = pitchTuning(pitches(tuning, binsPerOctave), { binsPerOctave });
      assert.ok(Math.abs(found - (tuning - 0.005)) < 1e-12, `${found}`);
    }
  }
});

Deno.test("silence has no tuning but the usual one, nothing has none at all", () => {
  assert.equal(estimateTuning(new Float32Array(5000), { sampleRate }), 0);
  assert.equal(pitchTuning(new Float64Array(0)), 0);
  assert.throws(() => estimateTuning(new Float32Array(0), { sampleRate }), /empty signal/);
});
