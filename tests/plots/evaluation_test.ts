import assert from "node:assert/strict";
import { f1Spread } from "lib/evaluation/f1_spread.ts";
import { rank } from "lib/evaluation/ranking.ts";
import { reliability } from "lib/evaluation/calibration.ts";
import { f1Bars, reliabilityDiagram, rocCurves } from "lib/plots/mod.ts";

Deno.test("curves of hits over false alarms begin where nothing is taken and end where all is", () => {
  const roc = rank([4, 3, 2, 1], [1, 0, 1, 0]).rocCurve();
  const { data: [curve, chance] } = rocCurves([{ name: "one", ...roc }], { text: "Curves." });
  assert.deepEqual([curve.x, curve.y], [[0, 0, 0.5, 0.5, 1], [0, 0.5, 0.5, 1, 1]]);
  assert.deepEqual([chance.name, chance.x, chance.y], ["chance", [0, 1], [0, 1]]);
});

Deno.test("shares of what is true stand over what was said, beside the diagonal", () => {
  const bins = reliability([0.9, 0.9, 0.1], [1, 0, 0], { labels: 1, bins: 2 });
  const { data: [line, diagonal] } = reliabilityDiagram([{ name: "said", bins }], {
    text: "Bins.",
  });
  assert.deepEqual([line.x, line.y], [[0.1, 0.9], [0, 0.5]]);
  assert.deepEqual(diagonal.y, [0, 1]);
});

Deno.test("bars of F1 lie upon each other and add up to all clips", () => {
  const spread = f1Spread([1, 0, 1, 1, 1, 0, 0, 0], [1, 0, 1, 0, 1, 1, 1, 0], { labels: 2 });
  const { data, layout } = f1Bars(spread, { text: "Bars." });
  assert.equal(layout.barmode, "stack");
  assert.deepEqual(data.map(({ name, x, y }) => [name, x, y]), [
    ["1 instrument", ["0", "0.67", "1"], [0.25, 0.25, 0.25]],
    ["2 instruments", ["0", "0.67", "1"], [0, 0.25, 0]],
  ]);
});
