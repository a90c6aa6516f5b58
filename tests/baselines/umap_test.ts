import assert from "node:assert/strict";
import { fitNearestNeighbours } from "lib/baselines/nearest_neighbours.ts";
import { umap } from "lib/baselines/umap.ts";
import { randomFrom } from "lib/core/random.ts";

const each = 30, columns = 20, groups = 3;
const labels = Array.from({ length: groups * each }, (_, row) => Math.floor(row / each));
const random = randomFrom("umap rows");
// three clouds whose centres lie ten deviations apart
const values = Float64Array.from(
  { length: labels.length * columns },
  (_, k) => random.normal() + (k % columns === labels[Math.floor(k / columns)] ? 10 : 0),
);

Deno.test("clouds that lie apart in twenty columns lie apart in two", () => {
  const placed = umap({ values, columns }, { random: randomFrom("umap") });
  assert.deepEqual([placed.columns, placed.values.length], [2, 2 * labels.length]);
  const near = fitNearestNeighbours(placed, labels, { classes: groups, k: 5 }).scores(placed);
  labels.forEach((label, row) => assert.ok(Math.abs(near[row * groups + label] - 1) < 1e-9));
});

Deno.test("the same generator gives the same picture, another one another", () => {
  const of = (seed: number) => umap({ values, columns }, { random: randomFrom("umap", seed) });
  assert.deepEqual(of(0), of(0));
  assert.notDeepEqual(of(0), of(1));
});

Deno.test("as few rows as neighbours are refused", () => {
  const few = { values: values.slice(0, 15 * columns), columns };
  assert.throws(() => umap(few, { random: randomFrom("umap") }), /15 neighbours of each of 15/);
});
