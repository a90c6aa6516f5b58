import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { targetsOf } from "lib/datasets/clip.ts";
import type { Instrument } from "lib/datasets/labels.ts";
import { instrumentWeights, trackWeights, WeightedSampler } from "lib/datasets/sampler.ts";

const multiHot = (tracks: Instrument[][]) => targetsOf(tracks.map((labels) => ({ labels })));

// the document's example: 20 tracks with a piano, 10 with piano and violin, 50 with a saxophone
const tracks = [
  ...Array(20).fill(["pia"]),
  ...Array(10).fill(["pia", "vio"]),
  ...Array(50).fill(["sax"]),
];
const targets = multiHot(tracks);

Deno.test("instruments weigh as in the document: piano 80/30, violin 80/10, saxophone 80/50", () => {
  const weights = instrumentWeights(targets);
  assert.deepEqual([weights[6], weights[9], weights[7]], [80 / 30, 80 / 10, 80 / 50]);
  assert.equal(weights[0], Infinity);
});

Deno.test("a track weighs the median or the maximum of its instruments", () => {
  const median = trackWeights(targets), maximum = trackWeights(targets, { statistic: "maximum" });
  assert.deepEqual([median[0], median[20], median[79]], [
    80 / 30,
    (80 / 30 + 80 / 10) / 2,
    80 / 50,
  ]);
  assert.deepEqual([maximum[0], maximum[20], maximum[79]], [80 / 30, 80 / 10, 80 / 50]);
  // of three instruments the middle one: 4 tracks; cel in 1, cla in 2, flu in 4
  const three = multiHot([["cel", "cla", "flu"], ["cla", "flu"], ["flu"], ["flu"]]);
  assert.equal(trackWeights(three)[0], 4 / 2);
});

Deno.test("a track without instruments, and targets that are no rows, are refused", () => {
  assert.throws(() => trackWeights(multiHot([["cel"], []])), {
    message: "cannot weigh track 1: it has no instrument",
  });
  assert.throws(() => trackWeights(new Uint8Array(12)), /12 targets are no rows of 11 labels/);
});

Deno.test("what is drawn has the weights' frequencies", () => {
  const weights = [5, 0, 1, 3, 1, 0], draws = 100_000;
  const counts = new Float64Array(weights.length);
  new WeightedSampler(weights).draw(draws, randomFrom("draw")).forEach((k) => counts[k]++);
  assert.deepEqual([counts[1], counts[5]], [0, 0]);
  let chiSquare = 0;
  weights.forEach((weight, k) => {
    const expected = draws * weight / 10;
    if (expected > 0) chiSquare += (counts[k] - expected) ** 2 / expected;
  });
  // chi-square of 3 degrees of freedom lies above 16.3 once in a thousand (the seed is fixed)
  assert.ok(chiSquare < 16.3, `chi-square ${chiSquare}`);
});

Deno.test("weighted by the maximum, the example's instruments are drawn as often as each other", () => {
  const random = randomFrom("example");
  const counts = (statistic: "median" | "maximum") => {
    const drawn = new WeightedSampler(trackWeights(targets, { statistic })).draw(80_000, random);
    const heard = (instrument: number) =>
      drawn.filter((track) => targets[track * 11 + instrument]).length;
    return { violin: heard(9), saxophone: heard(7) };
  };
  // weight of the violin's tracks 10 x 8 and of the saxophone's 50 x 1.6: 80 each, of 160 + 160/3;
  // three deviations of a binomial count of 80,000 draws are under 420
  const expected = 80_000 * 80 / (160 + 160 / 3);
  const { violin, saxophone } = counts("maximum");
  assert.ok(Math.abs(violin - expected) < 420 && Math.abs(saxophone - expected) < 420);
  // by the median the violin's tracks weigh 10 x 16/3
  const median = counts("median").violin;
  assert.ok(Math.abs(median - 80_000 * (160 / 3) / (80 + 2 * 160 / 3)) < 420, `${median}`);
});

Deno.test("draws depend on the generator alone, and a lone weight is always drawn", () => {
  const sampler = new WeightedSampler([1, 2, 3]);
  assert.deepEqual(sampler.draw(50, randomFrom(1)), sampler.draw(50, randomFrom(1)));
  assert.notDeepEqual(sampler.draw(50, randomFrom(1)), sampler.draw(50, randomFrom(2)));
  assert.deepEqual([...new WeightedSampler([0, 1, 0]).draw(3, randomFrom(1))], [1, 1, 1]);
});

Deno.test("weights that cannot be drawn by are refused", () => {
  assert.throws(() => new WeightedSampler([1, -1]), /a weight of -1 \(number 1\)/);
  assert.throws(() => new WeightedSampler([NaN]), /a weight of NaN/);
  assert.throws(() => new WeightedSampler([0, 0]), /weights whose sum is 0/);
  assert.throws(() => new WeightedSampler([1, Infinity]), /weights whose sum is Infinity/);
  assert.throws(() => new WeightedSampler([]), /weights whose sum is 0/);
});
