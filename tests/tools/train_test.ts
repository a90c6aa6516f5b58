import assert from "node:assert/strict";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { RUN_ROOTS, RunFolder } from "lib/experiments/run_folder.ts";
import { trainingConfig } from "../../tools/commands/train.ts";

Deno.test("train takes the usual recipe of some data, and refuses one that is on other data", () => {
  assert.deepEqual(trainingConfig(undefined, { data: "demo" }), recipeConfig("demo"));
  assert.deepEqual(
    trainingConfig(undefined, { data: "irmas-mels", seed: 3, set: ["epochs=2"] }),
    recipeConfig("irmas_scratch", { seed: 3, settings: ["epochs=2"] }),
  );
  assert.throws(
    () => trainingConfig("irmas_fluffy", { data: "demo" }),
    /irmas_fluffy is trained on irmas-mels, not on demo/,
  );
  assert.throws(() => trainingConfig(undefined, {}), /name a recipe \(demo, .*--data/);
  assert.throws(() => trainingConfig("dem", {}), /no recipe "dem"/);
});

Deno.test("train takes a run by its name, with its own settings and seed", () => {
  const [{ name }] = Deno.readDirSync(RUN_ROOTS.shared)
    .filter(({ name }) => /^irmas_fluffy-.*-seed2$/.test(name));
  const { config } = new RunFolder(name).readRecord();
  assert.equal(config.seed, 2);
  assert.deepEqual(trainingConfig(name, {}), config);
  assert.deepEqual(trainingConfig(name, { seed: 5 }), { ...config, seed: 5 });
});
