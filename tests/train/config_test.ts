import { strictEqual, throws } from "node:assert/strict";
import { parseConfig, withSettings } from "lib/train/config.ts";
import { recipeConfig } from "experiments/recipes/mod.ts";

Deno.test("a fold that there is not is refused before data are loaded", () => {
  const set = (...settings: string[]) => recipeConfig("irmas_scratch", { settings }).data;
  throws(() => set("data.fold=9"), /data\.fold \(9\) must be less than data\.folds \(5\)/);
  throws(() => set("data.fold=5"), /data\.fold \(5\) must be less/);
  const data = set("data.fold=9", "data.folds=10");
  strictEqual(data.source === "irmas-mels" && data.fold, 9);
});

Deno.test("a setting does not rename a run", () => {
  const config = recipeConfig("demo");
  throws(
    () => withSettings(config, ["recipe=mine"]),
    /"recipe=mine" would give .* another recipe's name/,
  );
});

Deno.test("every wrong field is named, in one sentence", () => {
  const wrong = { ...recipeConfig("demo"), seed: NaN, epochs: "many", colour: "red" };
  throws(
    () => parseConfig(wrong, "this"),
    /^Error: this is wrong: (?=.*\bseed: .*NaN)(?=.*\bepochs: .*string)(?=.*"colour").*$/,
  );
});
