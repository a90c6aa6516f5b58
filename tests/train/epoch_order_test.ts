import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { targetsOf } from "lib/datasets/clip.ts";
import { type Instrument, instrumentIndex } from "lib/datasets/labels.ts";
import { EpochOrder } from "lib/train/batches.ts";
import { parseConfig, withSettings } from "lib/train/config.ts";
import { recipeConfig } from "experiments/recipes/mod.ts";

const multiHot = (tracks: Instrument[][]) => targetsOf(tracks.map((labels) => ({ labels })));

// ten cellos for each trumpet; examples have numbers of their own
const labels = Array.from({ length: 1100 }, (_, k): Instrument[] => [k % 11 ? "cel" : "tru"]);
const examples = labels.map((_, k) => 3 * k);
const targets = multiHot(labels);

/** The first two epochs of batches of 50. */
function twoEpochs(sampler?: "weighted-median" | "weighted-maximum", seed = 7): number[] {
  const order = new EpochOrder(examples, { config: { seed, batchSize: 50, sampler }, targets });
  return Array.from({ length: 44 }, (_, step) => order.at(step)).flat();
}

const trumpets = (drawn: readonly number[]) =>
  drawn.filter((example) => targets[example / 3 * 11 + instrumentIndex("tru")]).length;

Deno.test("without a sampler an epoch is a shuffle: every example once", () => {
  const drawn = twoEpochs();
  for (const epoch of [0, 1]) {
    const own = drawn.slice(1100 * epoch, 1100 * (epoch + 1));
    assert.deepEqual(own, randomFrom(7, "epoch", epoch).shuffle(examples));
    assert.equal(trumpets(own), 100);
  }
});

Deno.test("a sampler draws as many examples, every instrument as often as the other", () => {
  for (const sampler of ["weighted-median", "weighted-maximum"] as const) {
    const drawn = twoEpochs(sampler);
    assert.equal(drawn.length, 2200);
    // half of 2,200 draws; five deviations of a binomial count are 117
    assert.ok(Math.abs(trumpets(drawn) - 1100) < 117, `${trumpets(drawn)}`);
    assert.notDeepEqual(drawn.slice(0, 1100), drawn.slice(1100));
    assert.deepEqual(twoEpochs(sampler), drawn);
    assert.notDeepEqual(twoEpochs(sampler, 8), drawn);
  }
});

Deno.test("a run can go on in the middle of an epoch that is drawn", () => {
  const config = { seed: 7, batchSize: 50, sampler: "weighted-median" } as const;
  const later = new EpochOrder(examples, { config, targets }).at(30);
  assert.deepEqual(later, twoEpochs("weighted-median").slice(1500, 1550));
});

Deno.test("median and maximum differ where a clip has several instruments", () => {
  const several = multiHot([["cel"], ["cel"], ["cel"], ["cel", "tru"]]);
  const share = (sampler: "weighted-median" | "weighted-maximum") => {
    const order = new EpochOrder([0, 1, 2, 3], {
      config: { seed: 1, batchSize: 4, sampler },
      targets: several,
    });
    const drawn = Array.from({ length: 5000 }, (_, step) => order.at(step)).flat();
    return drawn.filter((k) => k === 3).length / drawn.length;
  };
  // weights 1 1 1 and (1 + 4) / 2 or 4; five deviations of a share of 20,000 draws are at most 0.018
  assert.ok(Math.abs(share("weighted-median") - 2.5 / 5.5) < 0.018);
  assert.ok(Math.abs(share("weighted-maximum") - 4 / 7) < 0.018);
});

Deno.test("a configuration may name a sampler, and only a known one", () => {
  const config = recipeConfig("demo");
  assert.equal(config.sampler, undefined);
  assert.equal(withSettings(config, ["sampler=weighted-maximum"]).sampler, "weighted-maximum");
  assert.throws(
    () => parseConfig({ ...config, sampler: "balanced" }),
    /sampler: .*"weighted-median"\|"weighted-maximum"/,
  );
});
