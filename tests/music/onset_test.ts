import assert from "node:assert/strict";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { type OnsetOptions, onsetStrength } from "lib/music/onset.ts";
import { noise } from "../mel_signals.ts";
import { clicks } from "./clicks.ts";

const CASES: Record<string, OnsetOptions> = {
  default: { sampleRate: 22050 },
  narrow: { sampleRate: 16000, nFft: 1024, hopLength: 160, nMels: 40, fMin: 80, fMax: 7600 },
  odd: { sampleRate: 22050, nFft: 1001, hopLength: 317, nMels: 64 },
};

Deno.test("onset strength is librosa's", async (t) => {
  const fixture = await readNpz(projectPath("tests", "fixtures", "rhythm", "rhythm.npz"));
  for (const [name, options] of Object.entries(CASES)) {
    const { sampleRate } = options;
    const signals = { noise: noise(30001), clicks: clicks(30001, { bpm: 150, sampleRate }) };
    for (const [signal, y] of Object.entries(signals)) {
      await t.step(`${name}, ${signal}`, () => {
        const ours = onsetStrength(y, options);
        const theirs = fixture.get(`${name}_${signal}`)!.data as Float64Array;
        assert.equal(ours.length, theirs.length);
        // Decibels near -80 in single precision: 4e-6 each. The project asks for 1e-3 dB.
        theirs.forEach((value, k) => {
          assert.ok(Math.abs(ours[k] - value) < 1e-5, `frame ${k} is ${ours[k]}, not ${value}`);
        });
      });
    }
  }
});

Deno.test("a click is an onset within a frame of where it is", () => {
  for (const at of [5000, 10_100, 10_240, 10_500]) {
    const y = new Float32Array(22050);
    y[at] = 1;
    const envelope = onsetStrength(y, { sampleRate: 22050 });
    const found = 512 * envelope.indexOf(Math.max(...envelope));
    assert.ok(Math.abs(found - at) <= 512, `${at}: ${found}`);
  }
});

Deno.test("what fades, rests or is too short to change has no onset", () => {
  const silence = onsetStrength(new Float32Array(22050), { sampleRate: 22050 });
  assert.deepEqual(silence, new Float32Array(44));
  assert.deepEqual(onsetStrength(noise(100), { sampleRate: 22050 }), new Float32Array(1));
  // Power falls by 80 dB in half a second, faster than noise rises from one frame to the next.
  const fading = noise(11025).map((v, t) => v * 10 ** (-4 * t / 11025));
  const inner = onsetStrength(fading, { sampleRate: 22050 }).slice(5);
  assert.ok(Math.max(...inner) < 0.5, `${Math.max(...inner)} dB`);
});
