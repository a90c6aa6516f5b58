import assert from "node:assert/strict";
import { lit, litSpectrograms } from "lib/plots/mod.ts";

const white = (rows: number, columns: number) => ({
  title: "white",
  values: new Float32Array(rows * columns).fill(1),
  rows,
  columns,
});
const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}, expected ${expected}`);

Deno.test("a map of one value lights all places alike", () => {
  for (const [value, expected] of [[1, 1], [0, 0.12], [0.5, 0.56]]) {
    const shown = lit(white(4, 6), { values: [value], rows: 1, columns: 1 });
    assert.equal(shown.length, 24);
    shown.forEach((light) => close(light, expected));
  }
});

Deno.test("light is linear between the middles of the map's cells, and even beyond them", () => {
  // one row, two columns over eight: middles at 2 and 6 of 8
  const shown = lit(white(1, 8), { values: [0, 1], rows: 1, columns: 2 });
  const light = [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1];
  shown.forEach((value, k) => close(value, 0.12 + 0.88 * light[k]));
  // the same upwards
  const upward = lit(white(8, 1), { values: [0, 1], rows: 2, columns: 1 });
  assert.deepEqual(upward, shown);
});

Deno.test("what is dark stays dark, and each picture stands before its maps", () => {
  const dark = { ...white(2, 2), values: Float32Array.of(0, 1, 0, 1) };
  const map = { title: "piano", values: [1], rows: 1, columns: 1 };
  assert.deepEqual([...lit(dark, map)], [0, 1, 0, 1]);
  const { data, layout } = litSpectrograms([{ spectrogram: dark, maps: [map, map] }], {
    text: "Maps.",
  });
  assert.equal(data.length, 3);
  const titles = (layout.annotations as { text: string }[]).map(({ text }) => text);
  assert.deepEqual(titles, ["white", "piano", "piano"]);
});
