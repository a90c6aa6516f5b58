import assert from "node:assert/strict";
import {
  barChart,
  binCounts,
  groupedBars,
  heatmap,
  histogram,
  lineChart,
  scatter,
} from "lib/plots/charts.ts";
import { figure, plain } from "lib/plots/figure.ts";
import { learningCurves } from "lib/plots/training.ts";
import { Random } from "lib/core/random.ts";

Deno.test("a figure is plain JSON: what is read back is what was made", () => {
  const y = Float32Array.of(0.1, NaN, 3);
  const figures = [
    barChart(["a", "b", "c"], y, { text: "bars", errors: { low: [0, 0, 1], high: [1, 1, 4] } }),
    lineChart([{ name: "l", x: [1, 2, 3], y }], { text: "lines" }),
    scatter([{ name: "s", x: y, y }], { text: "points" }),
    heatmap([y, y], { text: "cells" }),
  ];
  for (const { data, layout } of figures) {
    const json = JSON.stringify({ data, layout });
    assert.doesNotMatch(json, /"0":/, "a typed array became an object");
    assert.equal(JSON.stringify(JSON.parse(json)), json);
  }
});

Deno.test("a figure needs words", () => {
  assert.throws(() => figure([], { text: "  " }), /needs a line of text/);
});

Deno.test("layout options are merged into the house's, not put in its place", () => {
  const { layout } = figure([], {
    text: "t",
    xTitle: "time",
    layout: { xaxis: { range: [0, 1] } },
  });
  const axis = layout.xaxis as { range: number[]; title: { text: string } };
  assert.deepEqual([axis.range, axis.title.text], [[0, 1], "time"]);
});

Deno.test("labels and values must be equally many", () => {
  assert.throws(() => barChart(["a"], [1, 2], { text: "t" }), /1 labels for 2 values/);
  assert.throws(
    () => groupedBars(["a", "b"], [{ name: "s", values: [1] }], { text: "t" }),
    /bars "s": 2 labels for 1 values/,
  );
  assert.throws(() => lineChart([{ name: "l", x: [1], y: [] }], { text: "t" }), /line "l"/);
  assert.throws(() => heatmap([[1, 2], [1]], { text: "t" }), /rows differ/);
});

Deno.test("both ends of an interval become the lengths above and below a bar", () => {
  const { data } = barChart(["a"], [3], { text: "t", errors: { low: [1], high: [4] } });
  const { array, arrayminus } = data[0].error_y as Record<string, number[]>;
  assert.deepEqual([array, arrayminus], [[1], [2]]);
});

Deno.test("plain rounds to significant digits and leaves gaps", () => {
  assert.deepEqual(plain([1 / 3, 1e-9 / 3, Infinity, NaN], 2), [0.33, 3.3e-10, null, null]);
});

Deno.test("bins hold every finite value once, at its place", () => {
  const random = new Random("bins");
  const values = Array.from({ length: 5000 }, () => random.normal());
  const { edges, counts } = binCounts([...values, NaN], 17);
  assert.equal(counts.reduce((a, b) => a + b), values.length);
  for (let k = 0; k < 17; k++) {
    const last = k === 16;
    const inside = values.filter((v) => v >= edges[k] && (last || v < edges[k + 1])).length;
    // a value within rounding of an edge may be counted on its other side
    assert.ok(Math.abs(counts[k] - inside) <= 1, `bin ${k}: ${counts[k]} for ${inside}`);
  }
  assert.throws(() => binCounts([NaN], 3), /none is finite/);
  assert.deepEqual(binCounts([2, 2], 2).counts, [0, 2]);
});

Deno.test("a histogram's bars stand on the bins' centres", () => {
  const { data } = histogram([0, 0, 1, 4], { text: "t", bins: 2 });
  assert.deepEqual([data[0].x, data[0].y, data[0].width], [[1, 3], [3, 1], 2]);
});

Deno.test("learning curves: seeds become a mean with their range, metrics become dashes", () => {
  const rows = (shift: number) =>
    [1, 2].flatMap((epoch) => [
      { name: "train/loss", step: epoch * 10, epoch, value: 4 / epoch + shift },
      { name: "train/loss", step: epoch * 10 + 5, epoch, value: 6 / epoch + shift },
      { name: "validation/loss", step: epoch * 10, epoch, value: epoch + shift },
    ]);
  const runs = [{ name: "a", rows: rows(0) }, { name: "a", rows: rows(1) }];
  const { data } = learningCurves(runs, ["train/loss", "validation/loss"], { text: "t" });
  const [low, high, loss, , , validation] = data;
  assert.deepEqual([loss.x, loss.y, low.y, high.y], [[1, 2], [5.5, 3], [5, 2.5], [6, 3.5]]);
  assert.deepEqual(validation.y, [1.5, 2.5]);
  assert.notEqual((loss.line as { dash: string }).dash, (validation.line as { dash: string }).dash);
  assert.throws(() => learningCurves(runs, ["f1"], { text: "t" }), /"f1".*train\/loss/);
});
