import assert from "node:assert/strict";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { decibelToPower, powerToDecibel } from "lib/dsp/decibel.ts";
import { hzToMel, melBank, melPower, melToHz } from "lib/dsp/mel.ts";
import { frameCount, powerFrames } from "lib/dsp/stft.ts";
import { assertMelEqual, chirp, noise, SETTINGS } from "../mel_signals.ts";

const FOLDER = projectPath("tests", "fixtures", "mel");

Deno.test("filter banks are librosa's", async () => {
  const banks = await readNpz(`${FOLDER}/banks.npz`);
  for (const [name, settings] of Object.entries(SETTINGS)) {
    const expected = banks.get(name)!.data as Float64Array, bins = settings.nFft / 2 + 1;
    melBank(settings).forEach(({ start, weights }, band) => {
      for (let bin = 0; bin < bins; bin++) {
        const weight = weights[bin - start] ?? 0;
        // Both are double precision; corners near 8 kHz carry errors of 1e-16 of their frequency.
        assert.ok(Math.abs(weight - expected[band * bins + bin]) < 1e-14, `${name} ${band} ${bin}`);
      }
    });
  }
});

Deno.test("mel and Hz: the knee, a value beyond it, and back", () => {
  assert.ok(Math.abs(hzToMel(1000) - 15) < 1e-12);
  assert.ok(Math.abs(hzToMel(6400) - 42) < 1e-12); // 27 steps of log(6.4) / 27 above 1 kHz
  for (const hz of [0, 440, 999, 1000, 1001, 11025]) {
    assert.ok(Math.abs(melToHz(hzToMel(hz)) - hz) < 1e-9);
  }
});

Deno.test("mel spectrograms of noise and chirps are librosa's", async (t) => {
  const expected = await readNpz(`${FOLDER}/formulas.npz`);
  for (const [setting, settings] of Object.entries(SETTINGS)) {
    for (const [signal, y] of [["noise", noise(6000)], ["chirp", chirp(6000)]] as const) {
      await t.step(`${setting}, ${signal}`, () => {
        assertMelEqual(melPower(y, settings), expected.get(`${setting}_${signal}`)!);
      });
    }
  }
  await t.step("reflected at the ends", () => {
    const mel = melPower(noise(6000), { ...SETTINGS.default, padMode: "reflect" });
    assertMelEqual(mel, expected.get("default_reflect_noise")!);
  });
});

Deno.test("frames are centred on multiples of the hop length", () => {
  const y = new Float32Array(1000);
  y[320] = 1; // an impulse has a flat spectrum; Hann's window is 1 where it is centred on it
  const energy: number[] = [];
  const framing = { nFft: 400, hopLength: 160 };
  const frames = powerFrames(y, framing, (_, power) => energy.push(power[17]));
  assert.equal(frames, 7);
  assert.equal(frameCount(1000, framing), 7);
  assert.ok(Math.abs(energy[2] - 1) < 1e-12);
  assert.ok(energy[1] < 0.1 && energy[3] < 0.1 && energy[0] < 1e-20);
});

Deno.test("refuses signals and settings that it cannot analyse", () => {
  const { default: settings } = SETTINGS;
  assert.throws(() => melPower(new Float32Array(), settings), /empty signal/);
  const reflect = { ...settings, padMode: "reflect" as const };
  assert.throws(() => melPower(new Float32Array(200), reflect), /200 samples by 200/);
  assert.throws(() => melBank({ ...settings, fMax: 8001 }), /from 0 to 8001 Hz/);
  assert.throws(() => melBank({ ...settings, fMin: 8000 }), RangeError);
  assert.throws(() => melBank({ ...settings, nMels: 0 }), /0 mel bands/);
  assert.throws(() => melPower(noise(800), { ...settings, winLength: 401 }), /401 samples .* 400/);
});

Deno.test("decibels are librosa's, and back", async () => {
  const fixture = await readNpz(`${FOLDER}/decibel.npz`);
  const power = fixture.get("power")!.data as Float32Array;
  const cases = {
    default: powerToDecibel(power),
    top_db_40: powerToDecibel(power, { topDb: 40 }),
    ref_2_no_floor: powerToDecibel(power, { reference: 2, topDb: Infinity }),
    quiet: powerToDecibel(power.subarray(0, 3)),
  };
  for (const [name, ours] of Object.entries(cases)) {
    const expected = fixture.get(name)!.data as Float64Array;
    // Single precision near 100 dB: half a step is 4e-6.
    ours.forEach((dB, k) => assert.ok(Math.abs(dB - expected[k]) < 4e-6, `${name} ${k} ${dB}`));
  }
  const back = decibelToPower(powerToDecibel(Float32Array.of(1, 0.25, 1e-6)), 1);
  for (const [k, p] of [1, 0.25, 1e-6].entries()) assert.ok(Math.abs(back[k] / p - 1) < 2e-6);
});

Deno.test("silence against its own maximum is the floor, not the maximum", () => {
  assert.deepEqual(powerToDecibel(new Float32Array(2)), Float32Array.of(-80, -80));
});
