import assert from "node:assert/strict";
import { precisionRecall, rankedQuality } from "lib/plots/mod.ts";

Deno.test("qualities are drawn from the lowest on, each cut with the number below it", () => {
  const quality = Float64Array.from({ length: 5000 }, (_, k) => (k * 7 % 5000) / 5000);
  const { data: [curve, cut] } = rankedQuality(quality, { cuts: [0.11], text: "Qualities." });
  const [x, y] = [curve.x, curve.y] as number[][];
  assert.ok(x.length <= 1001);
  assert.deepEqual([x[0], y[0], x.at(-1), y.at(-1)], [0, 0, 4999, 0.9998]);
  assert.ok(y.every((q, k) => k === 0 || q >= y[k - 1]));
  assert.equal(cut.name, "550 below 0.11");
  assert.deepEqual(cut.y, [0.11, 0.11]);
});

Deno.test("precision over recall, and what chance reaches", () => {
  const curve = { name: "28 features", precision: [1, 0.5], recall: [0.5, 1] };
  const { data } = precisionRecall([curve], { share: 0.06, text: "Precision and recall." });
  assert.deepEqual(data.map(({ name, x, y }) => [name, x, y]), [
    ["28 features", [0.5, 1], [1, 0.5]],
    ["chance", [0, 1], [0.06, 0.06]],
  ]);
});
