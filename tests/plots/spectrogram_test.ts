import assert from "node:assert/strict";
import { melBank } from "lib/dsp/mel.ts";
import { DEFAULT_FRONT_END, melOf } from "lib/features/front_end.ts";
import { filterBank, melSpectrogram, waveform } from "lib/plots/spectrogram.ts";

const sine = (hz: number, seconds: number, sampleRate: number) =>
  Float32Array.from(
    { length: seconds * sampleRate },
    (_, k) => Math.sin(2 * Math.PI * hz * k / sampleRate),
  );

Deno.test("a waveform keeps the extremes of every column", () => {
  const y = new Float32Array(48_000);
  y[31_111] = 1;
  y[40_000] = -1;
  const { data } = waveform(y, { sampleRate: 16_000, columns: 100, text: "two clicks" });
  const times = data[0].x as number[], values = data[0].y as number[];
  assert.equal(values.length, 200);
  // a column is 30 ms wide; the click stands in the one that begins before it
  const up = times[values.indexOf(1)], down = times[values.indexOf(-1)];
  assert.ok(up <= 31_111 / 16_000 && 31_111 / 16_000 < up + 0.03, `${up}`);
  assert.ok(down <= 2.5 && 2.5 < down + 0.03, `${down}`);
});

for (const hz of [500, 1000, 4000]) {
  Deno.test(`a tone of ${hz} Hz is brightest where the axis says ${hz}`, () => {
    const mel = melOf(sine(hz, 1, 16_000), DEFAULT_FRONT_END);
    const { data, layout } = melSpectrogram(mel, {
      ...DEFAULT_FRONT_END,
      unit: "dB",
      text: "a tone",
    });
    const axis = layout.yaxis as { tickvals: number[]; ticktext: string[] };
    const place = axis.tickvals[axis.ticktext.indexOf(String(hz))];
    const { bdata, shape } = data[0].z as { bdata: string; shape: string };
    const [bands, frames] = shape.split(",").map(Number);
    const cells = Int8Array.from(atob(bdata), (c) => c.charCodeAt(0));
    const column = Array.from({ length: bands }, (_, band) => cells[band * frames + 50]);
    const brightest = column.flatMap((v, band) => v === Math.max(...column) ? [band] : []);
    // half a band, and below 1 kHz the bins of 40 Hz, which are nearly two bands apart
    const error = Math.min(...brightest.map((band) => Math.abs(band - place)));
    assert.ok(error <= (hz < 1000 ? 1.5 : 1), `band ${brightest} for ${place}`);
    assert.equal((data[0].x as number[])[50], 0.5);
  });
}

Deno.test("power is drawn in percent of its maximum, silence as nothing", () => {
  const cells = (power: number[]) => {
    const mel = { data: Float32Array.from(power), nMels: 2, frames: 2 };
    const options = { ...DEFAULT_FRONT_END, unit: "power", text: "power" } as const;
    const { bdata } = melSpectrogram(mel, options).data[0].z as { bdata: string };
    return [...Int8Array.from(atob(bdata), (c) => c.charCodeAt(0))];
  };
  assert.deepEqual(cells([0, 50, 200, 2]), [0, 25, 100, 1]);
  assert.deepEqual(cells([0, 0, 0, 0]), [0, 0, 0, 0]);
});

Deno.test("every triangle of the filter bank has area one", () => {
  const bank = melBank(DEFAULT_FRONT_END);
  const { data } = filterBank(bank, { text: "filters", every: 1 });
  assert.equal(data.length, 1 + bank.length);
  for (const { x, y } of data.slice(1)) {
    const [from, , to] = x as number[], height = Math.max(...y as number[]);
    // heights are drawn with four digits
    assert.ok(Math.abs(height * (to - from) / 2 - 1) < 1e-3);
  }
});
