import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { rankCorrelation, ranks } from "lib/evaluation/rank_correlation.ts";

interface Case {
  x: number[];
  y: number[];
  ranks: number[];
  rho: number;
  p: number;
  low: number;
  high: number;
}
const { correlations } = readJson<{ correlations: Case[] }>(
  "tests/fixtures/statistics/relations.json",
);

Deno.test("ranks, rank correlations and their p-values are SciPy's, with ties too", () => {
  for (const { x, y, ranks: places, ...expected } of correlations) {
    assert.deepEqual([...ranks(x)], places);
    const own = rankCorrelation(x, y);
    for (const [key, value] of Object.entries(expected)) {
      // sums of 23 ranks, and a continued fraction that stops at 1e-15
      assert.ok(Math.abs(own[key as keyof typeof own] - value) < 1e-11, `${key} of ${x.length}`);
    }
  }
});

Deno.test("the order alone counts, and either way", () => {
  const x = [1, 5, 2, 8, 3], rising = x.map((value) => value ** 3), falling = x.map((v) => -v);
  // two of 120 orders
  assert.deepEqual(rankCorrelation(x, rising), { rho: 1, low: 1, high: 1, p: 2 / 120 });
  assert.deepEqual(rankCorrelation(x, falling), { rho: -1, low: -1, high: -1, p: 2 / 120 });
});

Deno.test("no variety is no order, and too little is no interval", () => {
  assert.ok(Number.isNaN(rankCorrelation([1, 1, 1, 1], [1, 2, 3, 4]).rho));
  assert.throws(() => rankCorrelation([1, 2, 3], [1, 2, 3]), /3 and 3 values: 4 at least/);
  assert.throws(() => rankCorrelation([1, 2, 3, 4, 5], [1, 2, 3, 4]), RangeError);
});
