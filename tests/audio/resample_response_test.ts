/** What resampling does to every frequency: the promise of its documentation, measured with tones. */
import assert from "node:assert/strict";
import { resample } from "lib/audio/resample.ts";

// Down and up by 2, by 3, by the ratios of music and speech, by large ones and by ratios with thousands of phases.
const PAIRS = [
  [44100, 22050],
  [16000, 8000],
  [48000, 16000],
  [44100, 16000],
  [22050, 16000],
  [48000, 44100],
  [96000, 8000],
  [44100, 16001],
  [12345, 9876],
  [8000, 16000],
  [16000, 22050],
  [44100, 48000],
  [11025, 16000],
  [8000, 44100],
  [16001, 44100],
];

const tone = (hz: number, rate: number, n: number) =>
  Float32Array.from({ length: n }, (_, t) => Math.sin(2 * Math.PI * hz * t / rate + 1));

const power = (y: Float32Array) => y.reduce((sum, v) => sum + v * v, 0) / y.length;
const decibel = (power: number) => 10 * Math.log10(power);

/** Seconds that are measured, and what is left out at either end. */
const SECONDS = 0.2, EDGE = 0.05;

/** A tone after resampling: its gain, its delay in seconds, and what else there is, in dB of the tone that went in. */
function measure(hz: number, [from, to]: number[]) {
  const whole = resample(tone(hz, from, Math.round((SECONDS + 2 * EDGE) * from)), from, to);
  const start = Math.round(EDGE * to), y = whole.subarray(start, whole.length - start);
  const angle = 2 * Math.PI * hz / to, phase = angle * start + 1;
  // least squares with a sine and a cosine
  let [ss, sc, cc, sy, cy] = [0, 0, 0, 0, 0];
  y.forEach((v, t) => {
    const s = Math.sin(angle * t + phase), c = Math.cos(angle * t + phase);
    ss += s * s, sc += s * c, cc += c * c, sy += s * v, cy += c * v;
  });
  const det = ss * cc - sc * sc, a = (sy * cc - cy * sc) / det, b = (cy * ss - sy * sc) / det;
  const rest = y.map((v, t) =>
    v - a * Math.sin(angle * t + phase) - b * Math.cos(angle * t + phase)
  );
  return {
    gain: decibel(a * a + b * b),
    delay: -Math.atan2(b, a) / (2 * Math.PI * hz),
    rest: decibel(2 * power(rest)),
    level: decibel(2 * power(y)),
  };
}

Deno.test("flat to 0.1 dB, without delay, up to 0.9 of the lower Nyquist frequency, and nothing beside", () => {
  for (const pair of PAIRS) {
    for (const part of [0.01, 0.1, 0.25, 0.5, 0.75, 0.85, 0.9]) {
      const hz = part * Math.min(...pair) / 2, { gain, delay, rest } = measure(hz, pair);
      const what = `${pair.join(" to ")}, ${hz} Hz`;
      // the filter's ripple is 1e-5, which is 1e-4 dB
      assert.ok(Math.abs(gain) < 3e-4, `${what}: ${gain} dB`);
      assert.ok(Math.abs(delay) < 1e-8, `${what}: late by ${delay} s`);
      assert.ok(rest < -96, `${what}: ${rest} dB beside it`);
    }
  }
});

Deno.test("down by 96 dB from the lower Nyquist frequency on", () => {
  for (const pair of PAIRS) {
    const [from, to] = pair, half = Math.min(from, to) / 2;
    // going up, a tone at half of the old rate meets its own image: just below it only images are to be seen
    const parts = from > to ? [1.0001, 1.003, 1.02, 1.1, 1.5, 1.9, 2.5, 5] : [0.93, 0.97];
    for (const part of parts.filter((part) => part * half < from / 2)) {
      const { level, rest } = measure(part * half, pair), left = part > 1 ? level : rest;
      assert.ok(left < -96, `${pair.join(" to ")}, ${part} of Nyquist: ${left} dB`);
    }
  }
});

Deno.test("the filter is symmetric: an impulse comes out around its own place", () => {
  for (const [from, to] of PAIRS) {
    // an input sample that an output sample lies on
    const divisor = gcd(from, to), y = new Float32Array(4 * from / divisor + 8000);
    const place = Math.ceil(4000 / (from / divisor)) * (from / divisor);
    y[place] = 1;
    const out = resample(y, from, to), middle = place * to / from;
    const reach = Math.min(middle, out.length - 1 - middle);
    for (let t = 1; t <= reach; t++) {
      const difference = Math.abs(out[middle - t] - out[middle + t]);
      assert.ok(difference < 1e-6, `${from} to ${to}: ${difference} at ${t}`); // single precision
    }
  }
});

const gcd = (a: number, b: number): number => b === 0 ? a : gcd(b, a % b);

/** From 50 Hz up to a frequency, faded in and out. */
function sweep(highest: number, rate: number, n: number): Float32Array {
  return Float32Array.from({ length: n }, (_, t) => {
    const hz = 50 + (highest - 50) * t / n / 2;
    return Math.sin(Math.PI * t / n) ** 2 * Math.sin(2 * Math.PI * hz * t / rate);
  });
}

Deno.test("there and back again is where one was", () => {
  for (const [from, to] of PAIRS) {
    const y = sweep(0.85 * Math.min(from, to) / 2, from, 12000);
    const back = resample(resample(y, from, to), to, from).subarray(0, y.length);
    const error = y.reduce((most, v, t) => Math.max(most, Math.abs(v - back[t])), 0);
    assert.ok(error < 1e-4, `${from} to ${to}: ${error}`); // twice the ripple, and what the fade leaves
  }
});

/** What is cut off the filter's spectrum in the stop band comes back at the seams of blocks, below -96 dB. */
const SEAMS = 1e-5;

Deno.test("a sum's is the sum, and a later signal's is later", () => {
  for (const [from, to] of PAIRS) {
    const divisor = gcd(from, to), late = Math.ceil(500 / (from / divisor)) * from / divisor;
    const a = sweep(from / 4, from, 9000), b = sweep(from / 9, from, 9000).map((v) => v / 2);
    const [c, d] = [a, b].map((y) => resample(y, from, to));
    const sum = resample(a.map((v, t) => v + b[t]), from, to);
    sum.forEach((v, t) => assert.ok(Math.abs(v - c[t] - d[t]) < 2e-6));
    const shifted = new Float32Array(a.length + late);
    shifted.set(a, late);
    const moved = resample(shifted, from, to).subarray(late * to / from);
    c.forEach((v, t) => assert.ok(Math.abs(v - moved[t]) < SEAMS, `${from} to ${to}, ${t}`));
  }
});
