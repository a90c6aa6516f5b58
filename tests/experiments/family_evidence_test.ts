import assert from "node:assert/strict";
import { recipeConfig, resolveRecipe } from "experiments/recipes/mod.ts";
import { compareFamily } from "lib/experiments/comparison.ts";
import { compareSpeed } from "lib/experiments/convergence.ts";
import { type IrmasResult, readRuns } from "lib/experiments/evidence.ts";
import { mean } from "lib/core/statistics.ts";
import type { Family } from "lib/experiments/family.ts";
import { comparedVariant, differencesOf, gatherEvidence } from "lib/experiments/family_evidence.ts";
import { RunFolder, runName, TRAINING_VERSION } from "lib/experiments/run_folder.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

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
  const evidence = (await gatherEvidence({ E0: FAMILY }, { resolve: resolveRecipe })).get("E0")!;
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

Deno.test("claims ask for a variant against its base, for two variants, and for how fast one is", async () => {
  const family: Family = {
    ...FAMILY,
    measure: "relabelled.macroF1",
    presets: {
      real: [{ base: "irmas_scratch", variants: ["recipe:irmas_lstm", "recipe:irmas_conv_lstm"] }],
    },
  };
  const evidence = await gatherEvidence({ E0: family }, { resolve: resolveRecipe });
  const [{ comparison, runs, speeds }] = evidence.get("E0")!;
  assert.equal(comparison.measures[0].measure, "relabelled.macroF1");
  const { difference, between } = differencesOf(evidence);
  const pair = (first: string, second: string) =>
    between({ first: `E0:${first}`, second: `E0:${second}`, measure: "heldOut" });
  const compared = comparison.measures.find(({ measure }) => measure === "heldOut.accuracy")!;
  assert.deepEqual(pair("irmas_lstm", "base"), {
    ...compared.variants[0].difference,
    aboutModels: false,
  });
  const forth = pair("irmas_lstm", "irmas_conv_lstm")!;
  const back = pair("irmas_conv_lstm", "irmas_lstm")!;
  assert.ok(forth.value > 0 && Math.abs(forth.value + back.value) < 1e-9);
  assert.ok(Math.abs(forth.low + back.high) < 1e-9 && Math.abs(forth.p - back.p) < 1e-9);
  assert.equal(pair("irmas_lstm", "irmas_mobnet"), undefined);
  const metricsOf = async (recipe: string) =>
    (await readRuns(recipeConfig(recipe))).map(({ metrics }) => metrics);
  const [slow] = compareSpeed({
    base: await metricsOf("irmas_scratch"),
    variants: [{ name: "irmas_conv_lstm", runs: await metricsOf("irmas_conv_lstm") }],
  });
  const found = difference("E0", "irmas_conv_lstm", "convergence")!;
  assert.ok(Math.abs(found.value - slow.value) < 1e-9 && Math.abs(found.low - slow.low) < 1e-9);
  assert.equal(difference("E0", "irmas_mobnet", "convergence"), undefined);
  assert.deepEqual([...runs.keys()], ["irmas_lstm", "irmas_conv_lstm", "base"]);
  assert.equal(speeds(), speeds());
});

Deno.test("two variants are held against each other on one base, which may not be the first that has one of them", async () => {
  const comparison = (base: string, ...variants: string[]) => ({
    base,
    variants: variants.map((name) => `recipe:${name}`),
  });
  const family: Family = {
    ...FAMILY,
    presets: {
      real: [
        comparison("irmas_scratch", "irmas_lstm"),
        comparison("screen", "irmas_lstm", "irmas_conv_lstm"),
      ],
    },
  };
  const evidence = await gatherEvidence({ E0: family }, { resolve: resolveRecipe });
  const { between } = differencesOf(evidence);
  const pair = (first: string, second: string) =>
    between({ first: `E0:${first}`, second: `E0:${second}`, measure: "heldOut" })?.value;
  const accuracy = async (recipe: string) => {
    const runs = await readRuns<IrmasResult>(recipeConfig(recipe));
    return mean(runs.map(({ result }) => result.heldOut.accuracy.value));
  };
  const lstm = await accuracy("irmas_lstm"), convLstm = await accuracy("irmas_conv_lstm");
  // scores are kept with four digits, of which two may be equal that were not: one clip of 1,342 or two
  const near = (value: number | undefined, expected: number) =>
    assert.ok(Math.abs(value! - expected) < 2 / 1342, `${value} is not ${expected}`);
  near(pair("irmas_lstm", "irmas_conv_lstm"), lstm - convLstm);
  near(pair("irmas_conv_lstm", "base"), convLstm - await accuracy("screen"));
  near(pair("irmas_lstm", "base"), lstm - await accuracy("irmas_scratch"));
});

Deno.test("where no run is there, there is no evidence", async () => {
  using folder = new TemporaryFolder();
  const roots = { shared: folder.file("shared"), local: folder.file("local") };
  const evidence = await gatherEvidence({ E0: FAMILY }, { resolve: resolveRecipe, roots });
  assert.deepEqual(evidence.get("E0"), []);
});

/** A committed run's folder in another place, changed by `edit`. */
async function copyRun(
  recipe: string,
  seed: number,
  edit: { root: string; result?: object; version?: number },
) {
  const name = await runName(recipeConfig(recipe, { seed }));
  const from = new RunFolder(name), to = new RunFolder(name, edit.root);
  const { config, provenance } = from.readRecord();
  to.writeRecord({
    config,
    provenance: { ...provenance, trainingVersion: edit.version ?? TRAINING_VERSION },
  });
  to.writeResult(edit.result ?? from.readResult());
}

Deno.test("runs of another version do not count, and a broken one keeps no other comparison from being made", async () => {
  using folder = new TemporaryFolder();
  const roots = { shared: folder.file("shared"), local: folder.file("local") }, root = roots.shared;
  for (const seed of [0, 1]) await copyRun("irmas_scratch", seed, { root });
  await copyRun("irmas_lstm", 0, { root });
  await copyRun("irmas_lstm", 1, { root, version: TRAINING_VERSION + 1 });
  await copyRun("irmas_fluffy", 0, { root, result: { scores: { heldOut: {} } } });
  const real = (variant: string) => [{ base: "irmas_scratch", variants: [variant] }];
  const families = {
    E1: { ...FAMILY, presets: { real: real("recipe:irmas_fluffy") } },
    E2: { ...FAMILY, presets: { real: real("recipe:irmas_lstm") } },
  };
  const evidence = await gatherEvidence(families, { resolve: resolveRecipe, roots });
  assert.deepEqual(evidence.get("E1"), []);
  const [{ comparison }] = evidence.get("E2")!;
  assert.deepEqual(comparison.base.runs.map(({ seed }) => seed), [0, 1]);
  assert.deepEqual(comparison.variants[0].runs.map(({ seed }) => seed), [0]);
});
