import assert from "node:assert/strict";
import { slopesOver, timeCurves } from "lib/plots/mod.ts";

Deno.test("times in seconds over lengths, with their quartiles", () => {
  const lengths = [10, 20].map((seconds) => ({ seconds, median: 500, low: 250, high: 750 }));
  const { data, layout } = timeCurves([{ network: "atto", lengths }], { text: "Time." });
  assert.deepEqual(data.map(({ y }) => y), [[0.25, 0.25], [0.75, 0.75], [0.5, 0.5]]);
  assert.deepEqual(data[2].x, [10, 20]);
  assert.equal(Object(layout.yaxis).type, "log");
});

Deno.test("slopes over an amount, and the line that halves their logarithms", () => {
  const points = [{ network: "a", amount: 1, slope: 2 }, { network: "b", amount: 4, slope: 32 }];
  const { data } = slopesOver([{ name: "all", points }], { text: "Slopes." });
  // 2 and 8 for one of it: their geometric mean is 4
  assert.deepEqual([data[0].name, data[0].x], ["proportional", [1, 4]]);
  (data[0].y as number[]).forEach((y, k) => assert.ok(Math.abs(y - [4, 16][k]) < 1e-4)); // drawn numbers are rounded
  assert.deepEqual([data[1].x, data[1].y, data[1].text], [[1, 4], [2, 32], ["a", "b"]]);
});
