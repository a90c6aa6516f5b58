import assert from "node:assert/strict";
import { searchLearningRate } from "lib/experiments/rate_search.ts";
import { binding } from "lib/nn/engine/mod.ts";
import { withSettings } from "lib/train/config.ts";
import { smooth, steepest } from "lib/train/rate_range.ts";
import { tinyConfig, tinyData } from "./tiny_run.ts";

const RATES = Array.from({ length: 61 }, (_, k) => 10 ** (k / 10 - 6));

Deno.test("the steepest place of a curve that is known: the middle of a logistic fall", () => {
  // in the logarithm of the rate the fall is steepest at 1e-3, and the rise after 1 does not count
  const curve = (rate: number) => 2 - 1 / (1 + Math.exp(-3 * Math.log10(rate / 1e-3)));
  const losses = RATES.map((rate, k) => k > 55 ? 100 : curve(rate));
  assert.ok(Math.abs(steepest(RATES, losses)! / 1e-3 - 1) < 1e-9);
  assert.equal(steepest(RATES, RATES), undefined);
  assert.equal(steepest([], []), undefined);
});

Deno.test("smoothing leaves a constant, and weighs what is older nine tenths as much", () => {
  for (const value of smooth(Array(30).fill(3))) assert.ok(Math.abs(value - 3) < 1e-12);
  const [first, second, third] = smooth([4, 7, 1]);
  assert.equal(first, 4);
  assert.ok(Math.abs(second - (0.9 * 4 + 7) / 1.9) < 1e-12);
  assert.ok(Math.abs(third - (0.81 * 4 + 0.9 * 7 + 1) / 2.71) < 1e-12);
});

Deno.test("a range test: rates grow evenly, the loss falls, then explodes; nothing is left behind", async () => {
  const config = withSettings(tinyConfig(), ["augment.mixProbability=0", "accumulate=2"]);
  const search = (options: Parameters<typeof searchLearningRate>[1] = {}) =>
    searchLearningRate(config, { load: () => Promise.resolve(tinyData()), ...options });
  await search({ updates: 2 });
  const before = binding!.getNumOfTensors();
  const { rates, losses, smoothed, suggestion } = await search({
    from: 1e-5,
    to: 1e4,
    updates: 50,
  });
  assert.ok(binding!.getNumOfTensors() - before < 10);
  // the first smoothed loss of four times the smallest before it is the last
  assert.ok(rates.length < 50 && losses.every(Number.isFinite));
  smoothed.forEach((loss, k) =>
    assert.equal(loss > 4 * Math.min(...smoothed.slice(0, k + 1)), k === rates.length - 1, `${k}`)
  );
  assert.deepEqual([losses.length, smoothed.length], [rates.length, rates.length]);
  rates.forEach((rate, k) =>
    assert.ok(Math.abs(Math.log(rate / 1e-5 / 10 ** (9 * k / 49))) < 1e-9)
  );
  assert.ok(rates[0] < suggestion! && suggestion! < rates[smoothed.indexOf(Math.min(...smoothed))]);
  await assert.rejects(search({ from: 1, to: 1 }), /cannot grow from 1 to 1 in 100 updates/);
});
