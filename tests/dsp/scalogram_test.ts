import assert from "node:assert/strict";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { scalogram, scalogramFilters, type ScalogramSettings } from "lib/dsp/scalogram.ts";
import { chirp, noise } from "../mel_signals.ts";

const CASES: Record<string, ScalogramSettings> = {
  default: { sampleRate: 16000 },
  narrow: {
    sampleRate: 22050,
    filters: 40,
    fMin: 100,
    fMax: 9000,
    taps: 1001,
    hopLength: 300,
    periods: 10,
  },
};

Deno.test("scalograms are those of scipy's convolutions", async (t) => {
  const fixture = await readNpz(projectPath("tests", "fixtures", "scalogram", "scalogram.npz"));
  for (const [name, settings] of Object.entries(CASES)) {
    for (const [signal, y] of Object.entries({ noise: noise(6000), chirp: chirp(6000) })) {
      await t.step(`${name}, ${signal}`, () => {
        const { data, filters, frames } = scalogram(y, settings);
        const { shape, data: theirs } = fixture.get(`${name}_${signal}`)!;
        assert.deepEqual([filters, frames], shape);
        // Amplitudes below 1, in single precision on both sides; taps below 1e-8 of the largest are left out.
        data.forEach((value, k) => {
          assert.ok(Math.abs(value - (theirs[k] as number)) < 1e-7, `value ${k} is ${value}`);
        });
      });
    }
  }
});

Deno.test("a sine excites the filter of its frequency with its amplitude, and the others less", () => {
  const settings = { sampleRate: 16000 };
  scalogramFilters(settings).forEach(({ frequency }, row) => {
    const y = Float32Array.from(
      { length: 8192 },
      (_, t) => 0.3 * Math.sin(2 * Math.PI * frequency * t / 16000 + 1),
    );
    const { data, filters, frames } = scalogram(y, settings);
    for (let t = 2; t < frames - 2; t++) { // frames that do not reach over the ends
      const column = Array.from({ length: filters }, (_, k) => data[k * frames + t]);
      // The lowest filter ends at 4.4 deviations, exp(-9.7) = 6e-5 high, on both sides; the highest hear a little
      // of the sine's mirror image, exp(-18).
      assert.ok(Math.abs(column[row] / 0.3 - 1) < 2e-4, `${frequency} Hz: ${column[row]}`);
      // Where filters lie as close as here, a neighbour may gain the last digits.
      const loudest = column.indexOf(Math.max(...column));
      assert.ok(Math.abs(loudest - row) <= 1, `${frequency} Hz excites filter ${loudest}`);
      for (const other of [row - 40, row + 40].filter((k) => k >= 0 && k < filters)) {
        assert.ok(column[other] < 0.01 * column[row], `${frequency} Hz in filter ${other}`);
      }
    }
  });
});

Deno.test("the phase of a tone does not matter, and a click is heard for as long as the filter lasts", () => {
  const filters = scalogramFilters({ sampleRate: 16000 });
  const y = new Float32Array(16384);
  y[8192] = 1; // the middle of frame 16
  const { data, frames } = scalogram(y, { sampleRate: 16000 });
  filters.forEach(({ cosine, sine }, row) => {
    for (const [frame, tap] of [[15, 1536], [16, 1024], [17, 512], [19, -1]]) {
      const expected = tap < 0 ? 0 : Math.hypot(cosine[tap], sine[tap]);
      assert.ok(Math.abs(data[row * frames + frame] - expected) < 1e-7, `filter ${row}, ${frame}`);
    }
  });
});

Deno.test("filters are spaced evenly in log frequency, and their scales fall with it", () => {
  const filters = scalogramFilters(CASES.default);
  assert.equal(filters.length, 128);
  assert.ok(Math.abs(filters[127].frequency - 16000 / 3) < 1e-9);
  const step = (16000 / 3 / 65.4) ** (1 / 127);
  filters.forEach(({ frequency, deviation, cosine }, k) => {
    if (k > 0) assert.ok(Math.abs(frequency / filters[k - 1].frequency / step - 1) < 1e-12);
    assert.ok(Math.abs(2 * Math.PI * frequency * deviation - 6) < 1e-12);
    assert.equal(cosine.length, 2048);
    assert.equal(cosine.indexOf(Math.max(...cosine)), 1024);
  });
});

Deno.test("silence is zero, and what cannot be analysed is refused", () => {
  assert.ok(scalogram(new Float32Array(3000), CASES.default).data.every((v) => v === 0));
  assert.throws(() => scalogram(new Float32Array(), CASES.default), /empty signal/);
  const wrong: [Partial<ScalogramSettings>, RegExp][] = [
    [{ fMin: 0 }, /from 0 to/],
    [{ fMax: 9000 }, /to 9000 Hz at a sample rate of 16000/],
    [{ filters: 0 }, /0 filters/],
    [{ taps: 1.5 }, /1.5 taps/],
    [{ hopLength: 0 }, /hop length of 0/],
  ];
  for (const [settings, reason] of wrong) {
    assert.throws(() => scalogram(noise(3000), { sampleRate: 16000, ...settings }), reason);
  }
});
