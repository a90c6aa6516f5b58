import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { f1Spread } from "lib/evaluation/f1_spread.ts";
import { rowF1s } from "lib/evaluation/metrics.ts";

Deno.test("rows by F1 and number of labels, counted by hand", () => {
  // of one label: right, right with one false alarm, nothing, wrong; of two: one of them, both
  const targets = [[1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 0]].flat();
  const decisions = [[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 0]].flat();
  assert.deepEqual(f1Spread(decisions, targets, { labels: 3 }), {
    rows: 6,
    values: [0, 2 / 3, 1],
    counts: [2, 2, 2],
    byLabels: [{ labels: 1, counts: [2, 1, 1] }, { labels: 2, counts: [0, 1, 1] }],
    heaps: 0,
  });
});

Deno.test("a heap is higher than what lies on either side of it", () => {
  // F1 of one true label: 0, 1/2 with two false alarms, 2/3 with one, 1
  const rows = (n: number, decided: number[]) => Array.from({ length: n }, () => decided);
  const spread = (counts: [number, number, number, number]) => {
    const decisions = [[0, 0, 0], [1, 1, 1], [1, 1, 0], [1, 0, 0]]
      .flatMap((decided, k) => rows(counts[k], decided)).flat();
    const targets = Array.from({ length: decisions.length }, (_, k) => k % 3 === 0 ? 1 : 0);
    return f1Spread(decisions, targets, { labels: 3 }).heaps;
  };
  assert.equal(spread([3, 1, 2, 4]), 2);
  assert.equal(spread([3, 1, 5, 4]), 2);
  assert.equal(spread([1, 2, 3, 4]), 1);
  assert.equal(spread([3, 2, 3, 2]), 2);
});

Deno.test("whoever decides by chance has few values too: all rows are counted, once", () => {
  const random = randomFrom("spread");
  const targets = Uint8Array.from({ length: 11 * 300 }, () => random.chance(0.15) ? 1 : 0);
  const decisions = targets.map(() => random.chance(0.2) ? 1 : 0);
  const { rows, values, counts, byLabels } = f1Spread(decisions, targets);
  assert.equal(rows, 300);
  assert.equal(counts.reduce((a, b) => a + b), 300);
  assert.deepEqual(
    counts,
    values.map((_, k) => byLabels.reduce((sum, { counts }) => sum + counts[k], 0)),
  );
  const mean = values.reduce((sum, value, k) => sum + value * counts[k], 0) / 300;
  const expected = rowF1s(decisions, targets).reduce((a, b) => a + b) / 300;
  assert.ok(Math.abs(mean - expected) < 1e-12);
});
