import assert from "node:assert/strict";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { compareFamily } from "lib/experiments/comparison.ts";
import { type IrmasResult, readRuns } from "lib/experiments/evidence.ts";
import type { Family } from "lib/experiments/family.ts";
import { comparedVariant, gatherEvidence } from "lib/experiments/family_evidence.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const resolve = (recipe: string, seed: number) => recipeConfig(recipe, { seed });

/** Of runs that are committed, and one that nobody makes. */
const FAMILY: Family = {
  title: "Made",
  question: "Is it?",
  presets: {
    real: [{
      base: "irmas_scratch",
      variants: ["recipe:irmas_fluffy", "batch-8+canvas"],
      seeds: 1,
    }],
    demo: [{ base: "demo_live", variants: ["recipe:demo_wav2vec2"] }],
  },
};

Deno.test("a family's evidence is the comparison of all its finished runs, and names what is missing", async () => {
  const evidence = (await gatherEvidence({ E0: FAMILY }, { resolve })).get("E0")!;
  const [{ preset, base, comparison, missing }] = evidence;
  assert.deepEqual([preset, base, missing], ["real", "irmas_scratch", ["batch-8+canvas"]]);
  const runsOf = (recipe: string) => readRuns<IrmasResult>(recipeConfig(recipe));
  // all seeds, though the plan asks for one
  const expected = compareFamily({
    base: await runsOf("irmas_scratch"),
    variants: [{ name: "irmas_fluffy", runs: await runsOf("irmas_fluffy") }],
  });
  assert.deepEqual(comparison, expected);
  const accuracy = comparedVariant(evidence, "irmas_fluffy", "heldOut")!;
  const { variants } = expected.measures.find(({ measure }) => measure === "heldOut.accuracy")!;
  assert.deepEqual(accuracy, variants[0]);
  assert.deepEqual(comparedVariant(evidence, "irmas_fluffy", "heldOut.accuracy"), variants[0]);
  assert.equal(comparedVariant(evidence, "batch-8+canvas", "heldOut"), undefined);
  assert.equal(comparedVariant(evidence, "irmas_fluffy", "nothing"), undefined);
});

Deno.test("where no run is there, there is no evidence", async () => {
  using folder = new TemporaryFolder();
  const roots = { shared: folder.file("shared"), local: folder.file("local") };
  const evidence = await gatherEvidence({ E0: FAMILY }, { resolve, roots });
  assert.deepEqual(evidence.get("E0"), []);
});
