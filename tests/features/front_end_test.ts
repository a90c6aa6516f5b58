import assert from "node:assert/strict";
import { integratedLoudness } from "lib/audio/loudness.ts";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { powerToDecibel } from "lib/dsp/decibel.ts";
import {
  byteDecibels,
  byteInputs,
  bytePowers,
  decibelToBytes,
  networkInput,
} from "lib/features/bytes.ts";
import {
  DEFAULT_FRONT_END,
  type FrontEnd,
  IRMAS_MELS_FRONT_END,
  melOf,
  parseFrontEnd,
  prepare,
} from "lib/features/front_end.ts";
import { assertMelEqual, chirp, noise, SETTINGS } from "../mel_signals.ts";

const FRONT_ENDS: Record<string, FrontEnd> = {
  default: DEFAULT_FRONT_END,
  irmas: IRMAS_MELS_FRONT_END,
  narrow: { ...DEFAULT_FRONT_END, ...SETTINGS.narrow },
};

Deno.test("mel spectrograms of demo clips are librosa's, in power and in decibels", async (t) => {
  const fixture = await readNpz(projectPath("tests", "fixtures", "mel", "clips.npz"));
  const clips = [...fixture.keys()].filter((key) => key.endsWith("_samples"));
  assert.equal(clips.length, 3);
  for (const key of clips) {
    const y = Float32Array.from(fixture.get(key)!.data as Int16Array, (v) => v / 32768);
    for (const [name, frontEnd] of Object.entries(FRONT_ENDS)) {
      await t.step(`${key.split("_")[0]}, ${name}`, () => {
        const expected = fixture.get(key.replace("samples", name))!;
        assertMelEqual(melOf(y, { ...frontEnd, scale: "power" }), expected);
        assertDecibelEqual(melOf(y, frontEnd).data, expected.data as Float64Array);
      });
    }
  }
});

/** Against 10 log10(power / maximum), not below -80: the definition. */
function assertDecibelEqual(ours: Float32Array, power: Float64Array): void {
  const largest = power.reduce((most, v) => Math.max(most, v), 0);
  ours.forEach((dB, k) => {
    const expected = Math.max(-80, 10 * Math.log10(power[k] / largest));
    // 1e-6 relative in power is 4e-6 dB; single precision near 80 adds 4e-6. The project asks for 1e-3.
    const allowed = expected > -60 ? 1e-5 : 1e-3;
    assert.ok(Math.abs(dB - expected) < allowed, `value ${k} is ${dB}, not ${expected}`);
  });
}

Deno.test("a sound is mixed, resampled and levelled before", () => {
  const left = chirp(4410), right = noise(4410);
  const both = { sampleRate: 44100, channels: [left, right] };
  const mono = { sampleRate: 44100, channels: [left.map((v, k) => (v + right[k]) / 2)] };
  assert.deepEqual(melOf(both, DEFAULT_FRONT_END), melOf(mono, DEFAULT_FRONT_END));
  const power: FrontEnd = { ...DEFAULT_FRONT_END, scale: "power" };
  const quiet = { ...mono, channels: [mono.channels[0].map((v) => v / 4)] };
  const [a, b] = [mono, quiet].map((sound) => melOf(sound, power).data);
  a.forEach((v, k) => assert.ok(Math.abs(v - b[k]) <= 1e-6 * v)); // "peak": the level does not matter
  const [c, d] = [mono, quiet].map((sound) => melOf(sound, { ...power, level: "none" }).data);
  c.forEach((v, k) => assert.ok(Math.abs(v / 16 - d[k]) <= 1e-6 * d[k]));
});

Deno.test("brings every clip to -12 LUFS, whatever its level, channels and rate", () => {
  const frontEnd = parseFrontEnd({ level: "loudness", scale: "power" });
  for (const gain of [1, 0.02]) {
    const channels = [chirp(44100), noise(44100)].map((y) => y.map((x) => gain * x));
    const y = prepare({ sampleRate: 44100, channels }, frontEnd);
    const loudness = integratedLoudness({ sampleRate: frontEnd.sampleRate, channels: [y] });
    assert.ok(Math.abs(loudness + 12) < 1e-5, `${loudness}`); // single precision
  }
  const silence = new Float32Array(8000);
  assert.deepEqual(prepare({ sampleRate: 16000, channels: [silence] }, frontEnd), silence);
});

Deno.test("a level is a factor: of power its square, of decibels below the maximum nothing", () => {
  const burst = chirp(8000);
  burst[4000] = 9; // far above the rest: the level by loudness leaves it above full scale
  const sound = { sampleRate: 16000, channels: [burst] };
  const at = (level: FrontEnd["level"], scale: FrontEnd["scale"]) =>
    melOf(sound, { ...DEFAULT_FRONT_END, level, scale }).data;
  const gain = prepare(sound, { ...DEFAULT_FRONT_END, level: "loudness" })[4000] / 9;
  assert.ok(9 * gain > 1);
  const plain = at("none", "power"), levelled = at("loudness", "power");
  // single precision of the samples is noise 1e-7 of the largest magnitude
  const rounding = 1e-7 * Math.sqrt(Math.max(...plain));
  plain.forEach((v, k) => {
    const error = Math.abs(Math.sqrt(levelled[k]) / gain - Math.sqrt(v));
    assert.ok(error <= 1e-6 * Math.sqrt(v) + rounding, `${k}: ${v}`);
  });
  const [none, peak, loudness] = (["none", "peak", "loudness"] as const)
    .map((level) => at(level, "decibel"));
  none.forEach((dB, k) => {
    // the same noise where a cell is 80 dB below the maximum, whose magnitude is 1e4 times its own
    assert.ok(Math.abs(peak[k] - dB) < 1e-2 && Math.abs(loudness[k] - dB) < 1e-2);
  });
});

Deno.test("3 s are 301 and 94 frames", () => {
  const sound = { sampleRate: 44100, channels: [noise(3 * 44100)] };
  assert.equal(melOf(sound, DEFAULT_FRONT_END).frames, 301);
  assert.equal(melOf(sound, IRMAS_MELS_FRONT_END).frames, 94);
});

Deno.test("silence is the floor everywhere", () => {
  const { data } = melOf(new Float32Array(16000), DEFAULT_FRONT_END);
  assert.ok(data.every((dB) => dB === -80));
});

Deno.test("bytes keep decibels to 0.16 dB, and a network sees -2 to 2", () => {
  const decibel = powerToDecibel(Float32Array.from(noise(20000), (v) => v ** 8));
  const bytes = decibelToBytes(decibel, DEFAULT_FRONT_END), dB = byteDecibels(DEFAULT_FRONT_END);
  const error = decibel.reduce((most, v, k) => Math.max(most, Math.abs(v - dB[bytes[k]])), 0);
  assert.ok(error > 0.1 && error <= 0.16, `${error} dB`);
  const inputs = byteInputs(DEFAULT_FRONT_END), powers = bytePowers(DEFAULT_FRONT_END);
  assert.deepEqual([inputs[0], inputs[255], dB[0], dB[255], powers[255]], [-2, 2, -80, 0, 1]);
  assert.ok(Math.abs(powers[0] - 1e-8) < 1e-14);
  assert.deepEqual(
    networkInput(bytes, DEFAULT_FRONT_END),
    Float32Array.from(bytes, (b) => inputs[b]),
  );
  assert.deepEqual(
    networkInput(Float32Array.of(-80, -40, 0), DEFAULT_FRONT_END),
    Float32Array.of(-2, 0, 2),
  );
});

Deno.test("bytes of the IRMAS pack reach from the clip's minimum to its maximum", () => {
  const decibel = Float32Array.of(-50, -25.5, 0);
  assert.deepEqual(decibelToBytes(decibel, IRMAS_MELS_FRONT_END), Uint8Array.of(0, 125, 255));
  assert.deepEqual(decibelToBytes(decibel, DEFAULT_FRONT_END), Uint8Array.of(96, 174, 255));
  const flat = Float32Array.of(-80, -80);
  assert.deepEqual(decibelToBytes(flat, IRMAS_MELS_FRONT_END), Uint8Array.of(0, 0));
  assert.throws(() => decibelToBytes(flat, { ...DEFAULT_FRONT_END, scale: "power" }), /"power"/);
});

Deno.test("front ends are plain data: completed, checked, and back from JSON", () => {
  assert.deepEqual(parseFrontEnd({}), DEFAULT_FRONT_END);
  const odd = parseFrontEnd({ sampleRate: 22050, hopLength: 512 });
  assert.equal(odd.fMax, 11025);
  const loud = parseFrontEnd({ level: "loudness" });
  for (const frontEnd of [DEFAULT_FRONT_END, IRMAS_MELS_FRONT_END, odd, loud]) {
    assert.deepEqual(parseFrontEnd(JSON.parse(JSON.stringify(frontEnd))), frontEnd);
  }
  const wrong: [unknown, RegExp][] = [
    [{ hopLenght: 160 }, /unknown: hopLenght \(known: .*hopLength/],
    [{ nMels: 0 }, /nMels: /],
    [{ nFft: 400.5 }, /nFft: /],
    [{ scale: "bel" }, /scale: .*decibel/],
    [{ level: "rms" }, /level: .*peak.*loudness.*none/],
    [{ fMin: 9000 }, /fMax: .*fMin < fMax/],
    [{ fMax: 8001 }, /fMax: /],
    [{ sampleRate: "16k" }, /sampleRate: /],
  ];
  for (const [value, reason] of wrong) {
    assert.throws(() => parseFrontEnd(value), (error: Error) => {
      assert.match(error.message, /^cannot use this front end: /);
      assert.match(error.message, reason);
      return true;
    });
  }
});
