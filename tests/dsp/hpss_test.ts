import assert from "node:assert/strict";
import { extract, hpss, hpssMasks, separate, type SeparationOptions } from "lib/dsp/hpss.ts";
import { stft } from "lib/dsp/stft.ts";
import { assertNear, harmonyFixture, music, SAMPLE_RATE } from "../harmony_signals.ts";
import { noise } from "../mel_signals.ts";

const SEPARATIONS: Record<string, SeparationOptions> = {
  default: {},
  kernels: { kernelSize: { harmonic: 17, percussive: 24 } },
  power: { power: 1.3 },
  hard: { power: Infinity },
  margins: { margin: { harmonic: 1.5, percussive: 3 } },
  frames: { nFft: 700, hopLength: 210 },
};

const energy = (y: Float32Array) => y.reduce((sum, v) => sum + v * v, 0);

Deno.test("harmonic and percussive parts are librosa's", async (t) => {
  const fixture = await harmonyFixture("hpss");
  const background = noise(26001), y = music(26001).map((v, k) => v + 0.1 * background[k]);
  for (const [name, options] of Object.entries(SEPARATIONS)) {
    await t.step(name, () => {
      const parts = separate(y, options);
      for (const part of ["harmonic", "percussive"] as const) {
        const kept = parts[part].filter((_, k) => k % 13 === 0);
        // spectra and medians are kept in single precision: 6e-8 a rounding
        assertNear(kept, fixture.get(`${name}_${part}`)!, { part: 5e-7, name: part });
        assert.deepEqual(extract(part, y, options), parts[part]);
      }
    });
  }
});

Deno.test("masks are librosa's", async () => {
  const fixture = await harmonyFixture("hpss");
  const spectrum = stft(music(8000), { nFft: 256, hopLength: 100 }), { bins, frames } = spectrum;
  const masks = hpssMasks(spectrum, { kernelSize: 9, margin: 2 });
  for (const part of ["harmonic", "percussive"] as const) {
    const byBin = Float32Array.from(
      { length: bins * frames },
      (_, k) => masks[part][(k % frames) * bins + Math.floor(k / frames)],
    );
    assertNear(byBin, fixture.get(`mask_${part}`)!, { part: 5e-7, name: part });
  }
});

Deno.test("without a margin the parts add up to the signal, also where it is silent", () => {
  const y = music(30000).fill(0, 12000, 20000);
  const { harmonic, percussive } = separate(y);
  y.forEach((v, t) => assert.ok(Math.abs(harmonic[t] + percussive[t] - v) < 1e-6, `${t}`));
});

Deno.test("a tone is harmonic, clicks are percussive", () => {
  const n = 3 * SAMPLE_RATE;
  const tone = Float32Array.from({ length: n }, (_, t) => 0.3 * Math.sin(t / 8));
  const clicks = new Float32Array(n);
  for (let t = 5000; t < n; t += 11025) clicks[t] = 1;
  // what the median of 31 frames cannot know are the tone's two ends
  assert.ok(energy(extract("percussive", tone)) < 0.01 * energy(tone));
  assert.ok(energy(extract("harmonic", clicks)) < 1e-6 * energy(clicks));
});

Deno.test("refuses masks that are none", () => {
  const spectrum = stft(music(2000), { nFft: 256, hopLength: 64 });
  assert.throws(() => hpss(spectrum, { margin: 0.9 }), /margin of 0.9, below 1/);
  const one = { margin: { harmonic: 2, percussive: 0 } };
  assert.throws(() => hpssMasks(spectrum, one), /margin of 0, below 1/);
  assert.throws(() => hpss(spectrum, { power: 0 }), /power of 0, not above 0/);
  assert.throws(() => hpss(spectrum, { kernelSize: 0 }), /medians of 0 numbers/);
  assert.throws(() => separate(new Float32Array(0)), /empty signal/);
});
