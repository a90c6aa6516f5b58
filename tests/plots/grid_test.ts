import assert from "node:assert/strict";
import { heatmapGrid } from "lib/plots/grid.ts";
import { toPng, toSvg } from "lib/plots/static.ts";

const panel = (title: string, rows: number, columns: number) => ({
  title,
  rows,
  columns,
  values: Float32Array.from({ length: rows * columns }, (_, k) => k % columns / columns),
});

Deno.test("panels stand side by side on one scale, and do not overlap", async () => {
  const figure = heatmapGrid([panel("one", 3, 5), panel("two", 4, 6), panel("three", 3, 5)], {
    across: 2,
    range: [0, 1],
    text: "three panels",
  });
  assert.equal(figure.data.length, 3);
  const domains = ["", "2", "3"].map((name) => {
    const axis = (kind: string) =>
      (figure.layout[`${kind}axis${name}`] as { domain: [number, number] }).domain;
    return { x: axis("x"), y: axis("y") };
  });
  for (const [a, b] of [[0, 1], [0, 2], [1, 2]].map((pair) => pair.map((k) => domains[k]))) {
    const apart = (p: [number, number], q: [number, number]) => p[1] <= q[0] || q[1] <= p[0];
    assert.ok(apart(a.x, b.x) || apart(a.y, b.y));
  }
  for (const { x, y } of domains) {
    for (const end of [...x, ...y]) assert.ok(end >= -1e-9 && end <= 1 + 1e-9, `${end}`);
  }
  // half of the scale is half of its steps
  const { z } = figure.data[0] as unknown as { z: { bdata: string; shape: string } };
  assert.equal(z.shape, "3, 5");
  const bytes = Int8Array.from(atob(z.bdata), (c) => c.charCodeAt(0));
  assert.deepEqual([...bytes.subarray(0, 5)], [0, 24, 48, 72, 96]);
  const svg = await toSvg(figure);
  for (const title of ["one", "two", "three"]) assert.match(svg, new RegExp(`>${title}<`));
  assert.ok((await toPng(figure)).length > 1000);
});

Deno.test("columns that would share a pixel are averaged, others stay", () => {
  const values = [1, 3, 5, 7, 9, 4, 8, 0, 2, 6];
  const cells = (width: number) => {
    const { data } = heatmapGrid([{ title: "t", rows: 2, columns: 5, values }], {
      across: 1,
      range: [0, 120],
      width,
      text: "a panel",
    });
    const { bdata, shape } = data[0].z as { bdata: string; shape: string };
    return [shape, ...Int8Array.from(atob(bdata), (c) => c.charCodeAt(0))];
  };
  // the margins are 84 pixels wide
  assert.deepEqual(cells(84 + 5), ["2, 5", ...values]);
  for (const pixels of [4, 3]) {
    assert.deepEqual(cells(84 + pixels), ["2, 3", 2, 6, 9, 6, 1, 6]);
  }
  assert.deepEqual(cells(84 + 1), ["2, 1", 5, 4]);
});
