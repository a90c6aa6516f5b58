import assert from "node:assert/strict";
import { integratedLoudness, loudnessNormalize } from "lib/audio/loudness.ts";
import { readJson } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import { noise } from "../mel_signals.ts";

interface Row {
  rate: number;
  signal: "tone" | "noise" | "steps" | "five";
  cookbook: number;
  standard: number;
}

function tone(hz: number, rate: number, seconds: number, gain = 1): Float32Array {
  return Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, t) => gain * Math.sin(2 * Math.PI * hz * t / rate),
  );
}

const decibel = (level: number) => 10 ** (level / 20);

function assertNear(value: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(value - expected) <= tolerance, `${what}: ${value}, not ${expected}`);
}

Deno.test("the standard's tone of 997 Hz at full scale has -3.01 LUFS, at any rate", () => {
  for (const rate of [8000, 16000, 22050, 44100, 48000, 96000]) {
    const mono = integratedLoudness({ sampleRate: rate, channels: [tone(997, rate, 3)] });
    // near half of a low sample rate the bilinear transform bends the shelf
    assertNear(mono, -3.01, { 8000: 0.25, 16000: 0.06, 22050: 0.03 }[rate] ?? 0.005, `${rate} Hz`);
    const channels = [tone(997, rate, 3), tone(997, rate, 3)];
    // two channels have twice the power
    assertNear(integratedLoudness({ sampleRate: rate, channels }), mono + 3.0103, 1e-4, "stereo");
  }
});

/** EBU Tech 3341 (2016), table 1: tones of 1 kHz in steps of [dBFS, seconds], and the loudness to be shown. */
const EBU_CASES: [steps: [number, number][], loudness: number][] = [
  [[[-23, 20]], -23],
  [[[-33, 20]], -33],
  [[[-36, 10], [-23, 60], [-36, 10]], -23],
  [[[-72, 10], [-36, 10], [-23, 60], [-36, 10], [-72, 10]], -23],
  [[[-26, 20], [-20, 20.1], [-26, 20]], -23],
];

Deno.test("gates as EBU Tech 3341 wants it", () => {
  EBU_CASES.forEach(([steps, loudness], k) => {
    const pieces = steps.map(([level, seconds]) => tone(1000, 48000, seconds, decibel(level)));
    const y = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) {
      y.set(piece, at);
      at += piece.length;
    }
    const measured = integratedLoudness({ sampleRate: 48000, channels: [y, y] });
    assertNear(measured, loudness, 0.1, `case ${k + 1}`); // the tolerance of the table
  });
});

Deno.test("surround channels count more, low frequencies not at all", () => {
  // EBU Tech 3341, case 6: left, right, centre, both surrounds
  const [front, centre, rear] = [-28, -24, -30].map((l) => tone(1000, 48000, 20, decibel(l)));
  const five = [front, front, centre, rear, rear];
  const loudness = integratedLoudness({ sampleRate: 48000, channels: five });
  assertNear(loudness, -23, 0.1, "5.0");
  const six = [front, front, centre, tone(60, 48000, 20), rear, rear];
  assert.equal(integratedLoudness({ sampleRate: 48000, channels: six }), loudness);
  const plain = { weights: [1, 1, 1, 1, 1] };
  const powers = 2 * 10 ** -2.8 + 10 ** -2.4 + 2 * 10 ** -3;
  const expected = 10 * Math.log10(powers) + integratedLoudness({
    sampleRate: 48000,
    channels: [tone(1000, 48000, 1)],
  });
  // the tones' first and last blocks differ from those between
  assertNear(
    integratedLoudness({ sampleRate: 48000, channels: five }, plain),
    expected,
    1e-3,
    "equal weights",
  );
});

function signal({ rate, signal }: Row): Float32Array[] {
  if (signal === "tone") return [tone(997, rate, 2)];
  if (signal === "noise") return [noise(2 * rate)];
  if (signal === "five") return [100, 300, 1000, 3000, 6000].map((hz) => tone(hz, rate, 1, 0.25));
  const gains = [1, 0.1, 1e-5, 0.4];
  return [noise(8 * rate).map((x, t) => x * gains[Math.floor(t / (2 * rate))])];
}

/** By how much pyloudnorm's high pass lifts everything more than the standard's: it leaves out a factor, as at 48 kHz. */
function surplus(rate: number): number {
  const factor = (rate: number) => {
    const k = Math.tan(Math.PI * 38.13547087613982 / rate);
    return 1 + k / 0.5003270373253953 + k * k;
  };
  return 20 * Math.log10(factor(rate) / factor(48000));
}

Deno.test("agrees with pyloudnorm", () => {
  const path = projectPath("tests", "fixtures", "loudness", "loudness.json");
  for (const row of readJson<Row[]>(path)) {
    const what = `${row.signal} at ${row.rate} Hz`;
    const loudness = integratedLoudness({ sampleRate: row.rate, channels: signal(row) });
    // the filters' coefficients agree to 1e-12; the rest is single precision of the signals
    assertNear(loudness, row.standard - surplus(row.rate), 1e-5, what);
    // its default filter's parameters are rounded: 1500 Hz for 1682, 38 Hz for 38.1, 4 dB for 3.9998
    assertNear(loudness, row.cookbook, 0.06, `${what}, cookbook`);
  }
});

Deno.test("normalises to -12 LUFS, or another loudness, all channels by the same factor", () => {
  const sound = { sampleRate: 22050, channels: [noise(22050), noise(22050).map((x) => x / 3)] };
  for (const target of [undefined, -30, -3]) {
    const scaled = loudnessNormalize(sound, target === undefined ? {} : { target });
    // single precision
    assertNear(integratedLoudness(scaled), target ?? -12, 1e-5, `${target}`);
    const [a, b] = scaled.channels.map((y, c) => y[100] / sound.channels[c][100]);
    assertNear(a / b, 1, 1e-6, "ratio");
  }
});

Deno.test("silence has no loudness, and stays as it is", () => {
  for (const y of [new Float32Array(8000), tone(1000, 8000, 1, 1e-4)]) { // the tone has -83 LUFS
    const sound = { sampleRate: 8000, channels: [y] };
    assert.equal(integratedLoudness(sound), -Infinity);
    assert.deepEqual(loudnessNormalize(sound), sound);
  }
});

Deno.test("a sound shorter than a block becomes as loud as a long one", () => {
  const gainOf = (seconds: number) => {
    const channels = [tone(997, 16000, seconds, 0.1)];
    const [y] = loudnessNormalize({ sampleRate: 16000, channels }).channels;
    return 20 * Math.log10(y[5] / channels[0][5]);
  };
  // a tone of amplitude 0.1 has -20 dB less than one at full scale, -3.01 LUFS (0.06 LU for the filter at 16 kHz)
  assertNear(gainOf(2), -12 + 20 + 3.01, 0.06, "2 s");
  assertNear(gainOf(0.399), gainOf(0.4), 1e-3, "on both sides of a block's length");
  // the filters' onset, about the 4 ms of a period of 38 Hz / 2 pi, is what remains
  for (const seconds of [0.3, 0.1, 0.05]) {
    assertNear(gainOf(seconds), gainOf(2), 10 * Math.log10(1 + 0.004 / seconds), `${seconds} s`);
  }
});

Deno.test("peaks pass full scale: loudness is what is asked for, and nothing is cut off", () => {
  // a click of 1 in a soft tone: the wanted loudness makes it larger than 1
  const y = tone(997, 16000, 1, 0.05);
  y[8000] = 1;
  const sound = { sampleRate: 16000, channels: [y] }, scaled = loudnessNormalize(sound);
  const gain = scaled.channels[0][8000];
  assert.ok(gain > 4, `${gain}`);
  scaled.channels[0].forEach((x, t) => assertNear(x, gain * y[t], 1e-6, `sample ${t}`));
});

Deno.test("refuses what is too short, and other numbers of weights", () => {
  const sound = (n: number) => ({ sampleRate: 16000, channels: [new Float32Array(n)] });
  assert.equal(integratedLoudness(sound(6400)), -Infinity);
  assert.throws(() => integratedLoudness(sound(6399)), /of 0\.39\d+ s: it takes 0\.4 s at least/);
  assert.throws(
    () => integratedLoudness(sound(6400), { weights: [1, 1] }),
    /1 channels with 2 numbers/,
  );
});
