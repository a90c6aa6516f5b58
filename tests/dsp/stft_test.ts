import assert from "node:assert/strict";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import {
  type ComplexSpectrogram,
  frameCount,
  type Framing,
  istft,
  powerFrames,
  stft,
} from "lib/dsp/stft.ts";
import { chirp, noise } from "../mel_signals.ts";

const CASES: Record<string, Framing> = {
  default: { nFft: 512, hopLength: 128 },
  odd: { nFft: 405, hopLength: 100 },
  reflected: { nFft: 512, hopLength: 200, padMode: "reflect" },
  uncentred: { nFft: 400, hopLength: 160, center: false },
};

const fixture = await readNpz(projectPath("tests", "fixtures", "stft", "stft.npz"));
const expected = (name: string) => fixture.get(name)!.data as Float32Array | Float64Array;

/** Every third bin of every frame left out. */
function thinned({ re, im, bins, frames }: ComplexSpectrogram): ComplexSpectrogram {
  const keep = (values: Float32Array) => values.map((v, k) => k % bins % 3 === 0 ? 0 : v);
  return { re: keep(re), im: keep(im), bins, frames };
}

for (const [name, framing] of Object.entries(CASES)) {
  Deno.test(`short-time spectra and their inverse are librosa's: ${name}`, () => {
    const spectrum = stft(noise(1501), framing), { re, im, bins, frames } = spectrum;
    const theirs = expected(`${name}_spectrum`); // [bins, frames, re and im]
    assert.equal(theirs.length, 2 * bins * frames);
    for (let k = 0; k < bins; k++) {
      for (let t = 0; t < frames; t++) {
        const at = 2 * (k * frames + t);
        // Single precision of values up to 10, on both sides.
        assert.ok(Math.abs(re[t * bins + k] - theirs[at]) < 1e-6, `bin ${k}, frame ${t}`);
        assert.ok(Math.abs(im[t * bins + k] - theirs[at + 1]) < 1e-6, `bin ${k}, frame ${t}`);
      }
    }
    for (const length of [undefined, 1200, 1501]) {
      const y = istft(thinned(spectrum), framing, { length });
      const reference = expected(`${name}_back_${length ?? "all"}`);
      assert.equal(y.length, reference.length);
      // Single-precision spectra of a signal below 1. Where one frame alone reaches a sample with the edge of its
      // window, both divide rounding errors by the window's square, down to 1e-9: without centring these are left out.
      const whole = framing.nFft + framing.hopLength * (spectrum.frames - 1);
      const edge = (t: number) => framing.center === false && (t < 16 || Math.abs(t - whole) < 16);
      y.forEach((value, t) => {
        const near = edge(t) || Math.abs(value - reference[t]) < 1e-6;
        assert.ok(near, `length ${length}: sample ${t} is ${value}, not ${reference[t]}`);
      });
    }
  });
}

Deno.test("the inverse of a signal's spectrum is the signal, whatever the number of frames", () => {
  const framing = { nFft: 256, hopLength: 64 };
  for (const n of [1, 63, 64, 65, 4096, 5000]) {
    const y = chirp(n), back = istft(stft(y, framing), framing, { length: n });
    assert.equal(back.length, n);
    y.forEach((value, t) => assert.ok(Math.abs(back[t] - value) < 1e-6, `${n} samples: ${t}`));
  }
});

Deno.test("powers are the squares of the spectrum's magnitudes", () => {
  const framing = { nFft: 400, hopLength: 160 }, y = noise(3000);
  const { re, im, bins } = stft(y, framing);
  const frames = powerFrames(y, framing, (t, power) =>
    power.forEach((value, k) => {
      const at = t * bins + k, square = re[at] ** 2 + im[at] ** 2;
      assert.ok(Math.abs(value - square) < 1e-6 * (1 + square)); // the spectrum is kept in single precision
    }));
  assert.equal(frames, frameCount(y.length, framing));
});

Deno.test("more frames than are copied at once join without a seam", () => {
  // a period of the hop length: all frames that do not reach over the ends are equal
  const y = Float32Array.from({ length: 40_000 }, (_, t) => Math.sin(2 * Math.PI * t / 40));
  const energies: number[] = [];
  powerFrames(y, { nFft: 400, hopLength: 160 }, (_, power) => {
    energies.push(power.reduce((sum, v) => sum + v, 0));
  });
  const inner = energies.slice(2, -2);
  assert.ok(inner.length > 200);
  for (const energy of inner) assert.ok(Math.abs(energy / inner[0] - 1) < 1e-5);
});

Deno.test("refuses what it cannot cut into frames or put together", () => {
  assert.throws(() => stft(noise(100), { nFft: 64, hopLength: 0 }), /hop length of 0/);
  const uncentred = { nFft: 400, hopLength: 160, center: false };
  assert.throws(() => stft(noise(399), uncentred), /frame of 400 out of 399 samples/);
  const spectrum = stft(noise(1000), { nFft: 256, hopLength: 64 });
  assert.throws(() => istft(spectrum, { nFft: 512, hopLength: 64 }), /129 bins.*512 samples/);
});
