import assert from "node:assert/strict";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { phaseVocoder } from "lib/dsp/phase_vocoder.ts";
import { pitchShift } from "lib/dsp/pitch_shift.ts";
import { stft } from "lib/dsp/stft.ts";
import { timeStretch } from "lib/dsp/time_stretch.ts";
import { chirp, noise } from "../mel_signals.ts";

const fixture = await readNpz(projectPath("tests", "fixtures", "stretch", "stretch.npz"));
const expected = (name: string) => fixture.get(name)!.data as Float32Array;

const largestError = (ours: Float32Array, theirs: Float32Array) =>
  ours.reduce((most, value, k) => Math.max(most, Math.abs(value - theirs[k])), 0);

const RATE = 16000;
const sine = (hz: number, n = RATE) =>
  Float32Array.from({ length: n }, (_, t) => 0.5 * Math.sin(2 * Math.PI * hz * t / RATE));

/** The frequency in the middle of a sound, by the distance of its rising zero crossings. */
function frequency(y: Float32Array): number {
  const crossings: number[] = [];
  for (let t = Math.floor(y.length * 0.25); t < y.length * 0.75; t++) {
    if (y[t] < 0 && y[t + 1] >= 0) crossings.push(t + y[t] / (y[t] - y[t + 1]));
  }
  return RATE * (crossings.length - 1) / (crossings.at(-1)! - crossings[0]);
}

/** The level of the middle half. */
const level = (y: Float32Array) => {
  const middle = y.subarray(y.length / 4, y.length * 3 / 4);
  return Math.sqrt(middle.reduce((sum, v) => sum + v * v, 0) / middle.length);
};

for (const rate of [0.8, 1.25, 1.0371]) {
  Deno.test(`the phase vocoder is librosa's: ${rate}`, () => {
    const spectrum = stft(noise(1201), { nFft: 405, hopLength: 100 });
    const { re, im, frames, bins } = phaseVocoder(spectrum, rate);
    const { shape, data } = fixture.get(`vocoder_${rate}`)!; // [frames, bins re and im]
    assert.deepEqual([frames, 2 * bins], shape);
    re.forEach((value, k) => {
      // single precision of values up to 10, in and out
      assert.ok(Math.abs(value - (data[2 * k] as number)) < 2e-6, `real part ${k}`);
      assert.ok(Math.abs(im[k] - (data[2 * k + 1] as number)) < 2e-6, `imaginary part ${k}`);
    });
  });
}

Deno.test("stretched sounds are librosa's", () => {
  for (const rate of [0.8, 1.25, 0.5, 2]) {
    const ours = timeStretch(chirp(4003), rate), theirs = expected(`stretched_${rate}`);
    assert.equal(ours.length, theirs.length);
    // spectra in single precision: 1e-7 of a signal below 1
    assert.ok(largestError(ours, theirs) < 2e-7, `${rate}: ${largestError(ours, theirs)}`);
  }
  const short = timeStretch(noise(2001), 0.9, { nFft: 512, hopLength: 100 });
  assert.ok(largestError(short, expected("stretched_short")) < 2e-7);
});

Deno.test("shifted sounds are librosa's but for the resampler", () => {
  const y = chirp(24000).subarray(0, 4001);
  // Ratios of frequencies that both have exactly; what becomes of the others is measured below.
  for (const [up, down] of [[3, 4], [63, 64], [9, 8], [2, 1]]) {
    const ours = pitchShift(y, 12 * Math.log2(up / down)),
      theirs = expected(`shifted_${up}_${down}`);
    assert.equal(ours.length, theirs.length);
    // librosa resamples by soxr. Where both pass bands are flat they differ by their ripple, 4e-4 of the amplitude;
    // at the ends, where a sound begins at once, by the shape of their transition bands.
    const inner = [ours, theirs].map((signal) => signal.subarray(200, 3500));
    assert.ok(largestError(inner[0], inner[1]) < 2e-4, `${up}/${down}`);
    assert.ok(largestError(ours, theirs) < 4e-3, `${up}/${down}`);
  }
});

Deno.test("at rate 1 and a shift of 0 a sound is itself", () => {
  for (const n of [1, 700, 6001]) {
    for (const same of [timeStretch(noise(n), 1), pitchShift(noise(n), 0)]) {
      assert.equal(same.length, n);
      assert.ok(largestError(same, noise(n)) < 1e-7); // single precision of a signal below 1
    }
  }
});

Deno.test("a stretch changes the duration of a tone, not its pitch, and hardly its level", () => {
  for (const rate of [0.8, 0.95, 1.1, 1.25]) {
    const y = timeStretch(sine(440), rate);
    assert.equal(y.length, Math.round(RATE / rate));
    assert.ok(Math.abs(frequency(y) / 440 - 1) < 1e-4, `${rate}: ${frequency(y)} Hz`); // a sixth of a cent
    // The bins beside the tone's turn on their own and no longer add up to all of it (Laroche and Dolson, 1999).
    const loss = level(y) / level(sine(440));
    assert.ok(loss > 0.85 && loss < 1.01, `${rate}: ${loss}`);
  }
});

Deno.test("a shift changes the pitch of a tone by its semitones and keeps its duration", () => {
  for (const semitones of [-12, -2, -0.5, -0.02, 0.006, 0.1, 1, 2, 7]) {
    const y = pitchShift(sine(440), semitones);
    assert.equal(y.length, RATE);
    const cents = 1200 * Math.log2(frequency(y) / 440);
    // the nearest ratio of whole numbers up to 1000, and 0.1 for the measurement
    assert.ok(Math.abs(cents - 100 * semitones) < 1, `${semitones}: ${cents} cents`);
    const back = frequency(pitchShift(y, -semitones));
    assert.ok(Math.abs(1200 * Math.log2(back / 440)) < 0.2, `${semitones} and back: ${back} Hz`);
  }
});

Deno.test("what a shift would bring above half the sample rate is gone", () => {
  const y = pitchShift(sine(7000), 5); // to 9344 Hz, which would be heard at 6656
  assert.ok(level(y) < 1e-4 * level(sine(7000)), `${level(y)}`);
});

Deno.test("silence before a sound stays silent, and the sound keeps its pitch", () => {
  const y = new Float32Array(RATE);
  y.set(sine(440, RATE / 2), RATE / 2);
  const slow = timeStretch(y, 0.8);
  // Frame 14 is the first one that hears the sound; what lies between it and frame 13 begins with frame 17.
  assert.ok(slow.subarray(0, 17 * 512 - 1024).every((v) => v === 0));
  const sounding = slow.subarray(RATE / 2 / 0.8 + 1024);
  assert.ok(level(sounding) > 0.2 && Math.abs(frequency(sounding) / 440 - 1) < 1e-3);
});

Deno.test("refuses rates and shifts that are none", () => {
  for (const rate of [0, -1, NaN, Infinity]) {
    assert.throws(() => timeStretch(noise(3000), rate), /cannot play a spectrum .* times as fast/);
  }
  for (const far of [NaN, 61]) {
    assert.throws(() => pitchShift(noise(3000), far), /by (NaN|61) semitones; 60 is the most/);
  }
  assert.throws(() => timeStretch(new Float32Array(), 1.1), /empty/);
});
