import assert from "node:assert/strict";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { onsetStrength } from "lib/music/onset.ts";
import { lagToTempo, tempo, type TempoOptions } from "lib/music/tempo.ts";
import { meanAutocorrelation, tempogram } from "lib/music/tempogram.ts";
import { noise } from "../mel_signals.ts";
import { clicks } from "./clicks.ts";

const FOLDER = projectPath("tests", "fixtures", "rhythm");
const fixture = await readNpz(`${FOLDER}/rhythm.npz`);
const theirs: Record<string, Record<string, number>> = JSON.parse(
  Deno.readTextFileSync(`${FOLDER}/tempi.json`),
);

function tempoOf(y: Float32Array, options: Partial<TempoOptions> = {}): number {
  const settings = { sampleRate: 22050, ...options };
  const { sampleRate, hopLength } = settings;
  return tempo(onsetStrength(y, { sampleRate, hopLength }), settings);
}

const clicksOf = (seconds: number, bpm: number, sampleRate = 22050) =>
  clicks(seconds * sampleRate, { bpm, sampleRate });

Deno.test("tempograms, and their means over time, are librosa's", () => {
  const envelope = fixture.get("envelope")!.data as Float32Array, every = 7;
  for (const winLength of [384, 101, 20]) {
    const { data, lags, frames } = tempogram(envelope, { winLength });
    assert.deepEqual([lags, frames], [winLength, envelope.length]);
    const { shape: [rows, columns], data: kept } = fixture.get(`tempogram_${winLength}`)!;
    assert.deepEqual([rows, columns], [lags, Math.ceil(frames / every)]);
    for (let lag = 0; lag < lags; lag++) {
      for (let k = 0; k < columns; k++) {
        // Both are doubles, kept in single precision.
        const ours = data[lag * frames + k * every], value = kept[lag * columns + k] as number;
        assert.ok(Math.abs(ours - value) < 2e-7, `lag ${lag}, frame ${k * every}: ${ours}`);
      }
    }
    const mean = fixture.get(`mean_${winLength}`)!.data as Float64Array;
    meanAutocorrelation(envelope, { winLength }).forEach((value, lag) => {
      assert.ok(Math.abs(value - mean[lag]) < 1e-7, `lag ${lag}: ${value}`); // librosa pads in single precision
    });
  }
});

Deno.test("tempi are librosa's, on its grid of lags", () => {
  for (const [name, value] of Object.entries(theirs.clicks)) {
    const [bpm, seconds] = name.match(/\d+/g)!.map(Number);
    assert.equal(tempoOf(clicksOf(seconds, bpm)), value, name);
  }
  for (const [n, value] of Object.entries(theirs.noise)) assert.equal(tempoOf(noise(+n)), value);
  const options = {
    "hop length 160 at 16 kHz": tempoOf(clicksOf(6, 95, 16000), {
      sampleRate: 16000,
      hopLength: 160,
    }),
    "start tempo 60": tempoOf(clicksOf(9, 120), { startTempo: 60, octaves: 0.2 }),
    "below 100": tempoOf(clicksOf(9, 150), { maxTempo: 100 }),
    "windows of 4 s": tempoOf(noise(60000), { windowSeconds: 4 }),
  };
  assert.deepEqual(options, theirs.options);
});

Deno.test("click trains have the tempo that they were made with", () => {
  for (const seconds of [3, 20]) {
    for (const bpm of [60, 66, 75, 84, 93, 110, 120, 128, 140, 155, 170]) {
      const found = tempoOf(clicksOf(seconds, bpm));
      assert.ok(Math.abs(found / bpm - 1) < 0.04, `${bpm} BPM, ${seconds} s: ${found}`);
    }
  }
});

Deno.test("of fast beats the default prior prefers every other one, a wider prior each", () => {
  for (const lag of [13, 14]) { // 199 and 185 BPM
    const bpm = lagToTempo(lag, { sampleRate: 22050 }), y = clicksOf(9, bpm);
    assert.equal(tempoOf(y), bpm / 2);
    assert.equal(tempoOf(y, { octaves: 4 }), bpm);
  }
});

Deno.test("without an onset the tempo is 0", () => {
  for (const y of [new Float32Array(66150), noise(1), noise(100)]) assert.equal(tempoOf(y), 0);
});

Deno.test("refuses what has no tempo", () => {
  const settings = { sampleRate: 22050 };
  assert.throws(() => tempo(new Float32Array(), settings), /empty envelope/);
  assert.throws(
    () => tempo(new Float32Array(10), { ...settings, windowSeconds: 0.1 }),
    /below 320 BPM in windows of 0.1 s, 4 values/,
  );
  assert.throws(() => tempogram(new Float32Array(10), { winLength: 1.5 }), /windows of 1.5/);
});
