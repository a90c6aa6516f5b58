import assert from "node:assert/strict";
import { FINGERPRINTS_PER_SECOND, subFingerprints } from "lib/dsp/sub_fingerprints.ts";
import { tune } from "../curation/tunes.ts";

/** Energies of the 33 bands of 200 to 3000 Hz in 2048 samples around sample `centre`, by the definition. */
function bandEnergies(y: Float32Array, centre: number): number[] {
  const edge = (band: number) => Math.round(200 * 15 ** (band / 33) / 8000 * 2048);
  return Array.from({ length: 33 }, (_, band) => {
    let energy = 0;
    for (let k = edge(band); k < edge(band + 1); k++) {
      let re = 0, im = 0;
      for (let n = 0; n < 2048; n++) {
        const x = y[centre - 1024 + n] ?? 0, hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * n / 2048);
        re += x * hann * Math.cos(2 * Math.PI * k * n / 2048);
        im += x * hann * Math.sin(2 * Math.PI * k * n / 2048);
      }
      energy += re * re + im * im;
    }
    return energy;
  });
}

Deno.test("a bit is the sign of the change of the difference of neighbouring bands", () => {
  const y = tune(1, 8000);
  const bits = subFingerprints(y);
  for (const frame of [0, 17, 80]) {
    const before = bandEnergies(y, 128 * frame), now = bandEnergies(y, 128 * (frame + 8));
    for (let b = 0; b < 32; b++) {
      const change = now[b] - now[b + 1] - (before[b] - before[b + 1]);
      assert.equal(bits[frame] >>> b & 1, change > 0 ? 1 : 0, `frame ${frame}, bit ${b}`);
    }
  }
});

Deno.test("a second has 62.5 fingerprints, and the first 128 ms none", () => {
  assert.equal(FINGERPRINTS_PER_SECOND, 62.5);
  // centred frames at every 128th of 24,000 samples, from 0: 188
  assert.equal(subFingerprints(tune(1, 8000)).length, 188 - 8);
  assert.equal(subFingerprints(new Float32Array(900)).length, 0);
  assert.equal(subFingerprints(new Float32Array(0)).length, 0);
});

Deno.test("level and sign do not matter, silence is 0", () => {
  const y = tune(2, 8000);
  // a power of two changes no digit
  assert.deepEqual(subFingerprints(y.map((x) => -x / 16)), subFingerprints(y));
  assert.deepEqual(new Set(subFingerprints(new Float32Array(8000))), new Set([0]));
});

Deno.test("bits of other tunes agree by chance", () => {
  const bits = (seed: number) => subFingerprints(tune(seed, 8000));
  let errors = 0, count = 0;
  for (let seed = 0; seed < 10; seed++) {
    const [a, b] = [bits(seed), bits(seed + 100)];
    a.forEach((word, t) => {
      for (let bit = 0; bit < 32; bit++) errors += (word ^ b[t]) >>> bit & 1;
      count += 32;
    });
  }
  // frames overlap by 94 %: 57,600 bits are as good as some thousand draws, five deviations of their share 0.04
  assert.ok(Math.abs(errors / count - 0.5) < 0.05, `${errors / count}`);
});
