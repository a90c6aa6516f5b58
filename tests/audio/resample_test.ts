import assert from "node:assert/strict";
import { monoAt, toMono } from "lib/audio/mono.ts";
import { peakNormalize } from "lib/audio/normalize.ts";
import { filterReach, resample } from "lib/audio/resample.ts";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";

// Decimation, a whole factor, up, a ratio of odd numbers, and one with so many phases that they are interpolated.
const PAIRS = [[44100, 16000], [48000, 16000], [22050, 16000], [8000, 16000], [11025, 16000], [
  44100,
  16001,
]];

function tone(hz: number, rate: number): Float32Array {
  return Float32Array.from({ length: rate / 2 }, (_, t) => Math.sin(2 * Math.PI * hz * t / rate));
}

/** The values, in dB below full scale, of what is left of a tone in the middle of the result. */
function level(y: Float32Array): number {
  const middle = y.subarray(y.length * 0.2, y.length * 0.8);
  return 10 * Math.log10(2 * middle.reduce((sum, v) => sum + v * v, 0) / middle.length);
}

Deno.test("a tone in the pass band stays where it is, as it is", () => {
  for (const [from, to] of PAIRS) {
    for (const part of [0.01, 0.3, 0.6, 0.9]) {
      const hz = part * Math.min(from, to) / 2;
      const y = resample(tone(hz, from), from, to);
      const low = Math.floor(y.length * 0.2), high = Math.floor(y.length * 0.8);
      let error = 0;
      for (let t = low; t < high; t++) {
        error = Math.max(error, Math.abs(y[t] - Math.sin(2 * Math.PI * hz * t / to)));
      }
      // 0.1 dB would be 0.012; any delay would show as more. The filter is made for 1e-5.
      assert.ok(error < 3e-5, `${from} to ${to}, ${hz} Hz: ${error}`);
    }
  }
});

Deno.test("a tone that the new rate cannot hold is gone", () => {
  for (const [from, to] of PAIRS.filter(([from, to]) => from > to)) {
    for (const part of [1.003, 1.05, 1.2]) {
      const left = level(resample(tone(part * to / 2, from), from, to));
      assert.ok(left < -96, `${from} to ${to}, ${part} of Nyquist: ${left} dB`);
    }
  }
});

Deno.test("going up makes no mirror images", () => {
  const y = resample(tone(3000, 8000), 8000, 16000), middle = y.subarray(2000, 6000);
  // The image of 3 kHz would be at 5 kHz: correlate with it.
  let re = 0, im = 0;
  middle.forEach((v, t) => {
    re += v * Math.cos(2 * Math.PI * 5000 * t / 16000);
    im += v * Math.sin(2 * Math.PI * 5000 * t / 16000);
  });
  assert.ok(20 * Math.log10(2 * Math.hypot(re, im) / middle.length) < -96);
});

Deno.test("noise is resampled as scipy does it with a longer filter", async () => {
  const fixture = await readNpz(projectPath("tests", "fixtures", "audio", "resampled.npz"));
  for (
    const [from, to] of [[44100, 16000], [48000, 16000], [22050, 16000], [8000, 16000], [
      44056,
      16000,
    ]]
  ) {
    const y = fixture.get(`${from}_${to}_in`)!.data as Float32Array;
    const expected = fixture.get(`${from}_${to}_out`)!.data as Float64Array;
    const ours = resample(y, from, to), edge = to / 50;
    assert.equal(ours.length, expected.length);
    let error = 0, energy = 0;
    for (let t = edge; t < ours.length - edge; t++) {
      error += (ours[t] - expected[t]) ** 2;
      energy += expected[t] ** 2;
    }
    // Both filters are flat to 1e-5 or better over the noise's band.
    assert.ok(10 * Math.log10(error / energy) < -94, `${from}: ${10 * Math.log10(error / energy)}`);
  }
});

Deno.test("length, constants, short signals, equal rates and refusals", () => {
  assert.equal(resample(new Float32Array(44100 * 3), 44100, 16000).length, 48000);
  assert.equal(
    resample(new Float32Array(100), 44100, 16000).length,
    Math.ceil(100 * 16000 / 44100),
  );
  assert.equal(resample(new Float32Array(1), 16000, 44100).length, 3);
  assert.equal(resample(new Float32Array(0), 44100, 16000).length, 0);
  const flat = resample(new Float32Array(20000).fill(0.5), 44100, 16001);
  for (const v of flat.subarray(1000, 6000)) assert.ok(Math.abs(v - 0.5) < 1e-7);
  const y = Float32Array.of(1, 2, 3);
  assert.equal(resample(y, 16000, 16000), y);
  for (const rate of [0, -1, NaN, Infinity]) {
    assert.throws(() => resample(y, rate, 16000), new RegExp(`rate is ${rate} Hz`));
  }
});

Deno.test("a narrower pass band: a shorter filter that is still flat in it, and lets nothing fold", () => {
  const reach = filterReach({ passBand: 0.4 });
  assert.ok(reach < filterReach() / 5, `${reach}`);
  const y = resample(tone(0.4 * 5512.5, 22050), 22050, 11025, { passBand: 0.4 });
  for (let t = reach; t < y.length - reach; t++) {
    // as above: the filter is made for 1e-5
    assert.ok(Math.abs(y[t] - Math.sin(2 * Math.PI * 0.4 * t / 2)) < 3e-5, `${t}`);
  }
  // Kaiser's formula for the length is rougher for short filters: made for 100 dB, 95.7 dB at the very edge
  assert.ok(level(resample(tone(5530, 22050), 22050, 11025, { passBand: 0.4 })) < -95);
  const impulse = new Float32Array(1000);
  impulse[500] = 1;
  const ringing = resample(impulse, 2, 1, { passBand: 0.4 });
  // what the filter lets through above half the rate, 100 dB down, is cut off: that rings on, 110 dB down
  ringing.forEach((v, t) => assert.ok(Math.abs(t - 250) <= reach || Math.abs(v) < 1e-6, `${t}`));
  for (const passBand of [0, 1, NaN]) {
    assert.throws(() => resample(y, 2, 1, { passBand }), new RegExp(`pass band is ${passBand}`));
  }
});

Deno.test("mono is the mean of the channels", () => {
  const [a, b, c] = [[1, 0], [0, 0.5], [-1, 1]].map((v) => Float32Array.from(v));
  assert.equal(toMono({ sampleRate: 1, channels: [a] }), a);
  assert.deepEqual(toMono({ sampleRate: 1, channels: [a, b] }), Float32Array.of(0.5, 0.25));
  assert.deepEqual(toMono({ sampleRate: 1, channels: [a, b, c] }), Float32Array.of(0, 0.5));
  const stereo = { sampleRate: 44100, channels: [tone(300, 44100), tone(5000, 44100)] };
  const mixed = stereo.channels[0].map((v, t) => (v + stereo.channels[1][t]) / 2);
  assert.deepEqual(monoAt(stereo, 16000), resample(mixed, 44100, 16000));
});

Deno.test("peak normalisation brings the largest magnitude to one, and leaves silence alone", () => {
  assert.deepEqual(peakNormalize(Float32Array.of(0.25, -0.5)), Float32Array.of(0.5, -1));
  assert.deepEqual(peakNormalize(new Float32Array(3)), new Float32Array(3));
});
