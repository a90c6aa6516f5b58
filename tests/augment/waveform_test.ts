import assert from "node:assert/strict";
import {
  blendClips,
  concatClips,
  fitLength,
  reverse,
  sumClips,
  timeMask,
  timeShift,
} from "lib/augment/waveform.ts";
import { chirp, noise } from "../mel_signals.ts";

const peak = (y: Float32Array) => y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

Deno.test("a time shift rolls, and back again", () => {
  assert.deepEqual(timeShift(Float32Array.of(1, 2, 3, 4), 0.25), Float32Array.of(4, 1, 2, 3));
  assert.deepEqual(timeShift(Float32Array.of(1, 2, 3, 4), -0.5), Float32Array.of(3, 4, 1, 2));
  const y = noise(1000);
  for (const share of [0.5, 0.123, -0.31, 1]) {
    assert.deepEqual(timeShift(timeShift(y, share), -share), y);
  }
  assert.deepEqual(timeShift(y, 0), y);
});

Deno.test("reversal is in time, not of the sign, and its own inverse", () => {
  const y = noise(1000), backwards = reverse(y);
  y.forEach((value, t) => assert.equal(backwards[999 - t], value));
  assert.deepEqual(reverse(backwards), y);
});

Deno.test("a time mask silences its share and nothing else", () => {
  const y = Float32Array.from({ length: 1000 }, () => 1);
  for (const [start, share] of [[0, 0.3], [0.7, 0.3], [0.25, 0.1], [0.5, 0]]) {
    const masked = timeMask(y, { start, share });
    const silent = [...masked.keys()].filter((t) => masked[t] === 0);
    assert.equal(silent.length, Math.round(1000 * share));
    if (share > 0) {
      assert.deepEqual([silent[0], silent.at(-1)], [1000 * start, 1000 * (start + share) - 1]);
    }
  }
});

Deno.test("a sum is the mean of clips brought to a peak of one, as long as the first", () => {
  const a = chirp(1000), b = noise(1000).map((v) => v / 50), c = noise(400);
  const sum = sumClips([a, b, c]);
  assert.equal(sum.length, 1000);
  sum.forEach((value, t) => {
    const mean = (a[t] / peak(a) + b[t] / peak(b) + c[t % 400] / peak(c)) / 3;
    assert.ok(Math.abs(value - mean) < 1e-7, `sample ${t}`); // single precision
  });
  assert.ok(peak(sum) <= 1);
  assert.ok(Math.abs(peak(sumClips([a])) - 1) < 1e-7);
  const halved = sumClips([a, new Float32Array(1000)]); // silence stays silence
  assert.ok(Math.abs(peak(halved) - 0.5) < 1e-7);
});

Deno.test("a blend has its weight of the one and the rest of the other", () => {
  const a = chirp(500), b = noise(700);
  const blend = blendClips(a, b, 0.2);
  blend.forEach((value, t) => {
    const expected = 0.2 * a[t] / peak(a) + 0.8 * b[t] / peak(b.subarray(0, 500));
    assert.ok(Math.abs(value - expected) < 1e-7);
  });
});

Deno.test("joined clips follow each other", () => {
  const a = chirp(300), b = noise(200), joined = concatClips([a, b]);
  assert.equal(joined.length, 500);
  assert.ok(Math.abs(joined[120] - a[120] / peak(a)) < 1e-7);
  assert.ok(Math.abs(joined[300 + 77] - b[77] / peak(b)) < 1e-7);
});

Deno.test("a length is reached by cutting or repeating", () => {
  const y = Float32Array.of(1, 2, 3);
  assert.deepEqual(fitLength(y, 2), Float32Array.of(1, 2));
  assert.deepEqual(fitLength(y, 7), Float32Array.of(1, 2, 3, 1, 2, 3, 1));
  assert.deepEqual(fitLength(y, 5, 2), Float32Array.of(3, 1, 2, 3, 1));
});
