import assert from "node:assert/strict";
import { fittedTimes, slopesOver, timeCurves } from "lib/plots/mod.ts";

Deno.test("times in seconds over lengths, with their quartiles", () => {
  const lengths = [10, 20].map((seconds) => ({ seconds, median: 500, low: 250, high: 750 }));
  const { data, layout } = timeCurves([{ network: "atto", lengths }], { text: "Time." });
  assert.deepEqual(data.map(({ y }) => y), [[0.25, 0.25], [0.75, 0.75], [0.5, 0.5]]);
  assert.deepEqual(data[2].x, [10, 20]);
  assert.equal(Object(layout.yaxis).type, "log");
});

Deno.test("medians over lengths on the line through them, one entry a network in the legend", () => {
  const lengths = [10, 20].map((seconds) => ({
    seconds,
    median: 100 + 40 * seconds,
    low: 0,
    high: 0,
  }));
  const fit = { slope: 40, intercept: 100 };
  const { data } = fittedTimes([{ network: "atto", lengths, fit }], { text: "Time." });
  const [line, points] = data;
  assert.deepEqual([line.x, line.y], [[0, 20], [0.1, 0.9]]);
  assert.deepEqual([points.x, points.y, points.mode], [[10, 20], [0.5, 0.9], "markers"]);
  assert.deepEqual([line.showlegend, points.showlegend], [false, undefined]);
});

Deno.test("slopes over an amount, and the line that halves their logarithms", () => {
  const points = [{ network: "a", amount: 1, slope: 2 }, { network: "b", amount: 4, slope: 32 }];
  const groups = [{ name: "all", points, named: true }, { name: "others", points: [] }];
  const { data } = slopesOver(groups, { text: "Slopes." });
  // 2 and 8 for one of it: their geometric mean is 4
  assert.deepEqual([data[0].name, data[0].x], ["proportional", [1, 4]]);
  (data[0].y as number[]).forEach((y, k) => assert.ok(Math.abs(y - [4, 16][k]) < 1e-4)); // drawn numbers are rounded
  assert.deepEqual([data[1].x, data[1].y, data[1].text], [[1, 4], [2, 32], ["a", "b"]]);
  assert.deepEqual(data.map(({ mode }) => mode), ["lines", "markers+text", "markers"]);
});
