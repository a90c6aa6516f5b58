import assert from "node:assert/strict";
import { join } from "node:path";
import { FAMILIES } from "experiments/recipes/families/mod.ts";
import { resolveRecipe } from "experiments/recipes/mod.ts";
import { readJson, writeJson } from "lib/core/files.ts";
import { tryLockFolder } from "lib/core/lock.ts";
import { projectPath } from "lib/core/paths.ts";
import type { Family } from "lib/experiments/family.ts";
import type { RunConfig } from "lib/train/config.ts";
import { formatPlan, missingRuns, planFamily, type PlannedRun } from "lib/experiments/plan.ts";
import { TRAINING_VERSION } from "lib/experiments/run_folder.ts";
import { runPlan } from "lib/experiments/run_plan.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { MEL_BANDS, MEL_FRAMES } from "lib/datasets/irmas_mels.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { INFERENCE } from "lib/nn/layer.ts";
import { buildNetwork } from "lib/train/model.ts";
import { weightsOf } from "lib/train/parameters.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const FAMILY: Family = {
  title: "A family",
  question: "Does it?",
  presets: {
    real: [
      { base: "screen", variants: ["positive-weights", "family-0.3"], seeds: 2 },
      { base: "screen", variants: ["recipe:irmas_lstm"], seeds: 1 },
    ],
  },
};

/** Runs in a folder of their own, and what makes them look finished. */
function place(folder: string) {
  const roots = { shared: join(folder, "shared"), local: join(folder, "local") };
  const begin = ({ name, config }: PlannedRun, trainingVersion?: number) =>
    writeJson(join(roots.shared, name, "config.json"), { config, provenance: { trainingVersion } });
  const finish = (run: PlannedRun, trainingVersion?: number) => {
    begin(run, trainingVersion);
    writeJson(join(roots.shared, run.name, "result.json"), {});
  };
  return { roots, begin, finish };
}

Deno.test("every family's variants exist, in every preset, each with the changes of its name alone", async () => {
  for (const [id, family] of Object.entries(FAMILIES)) {
    assert.ok(Object.keys(family.presets).length > 0 || family.study, id);
    for (const preset of Object.keys(family.presets) as (keyof typeof family.presets)[]) {
      const plan = await planFamily(id, family, { preset, resolve: resolveRecipe });
      for (const { base, variants } of plan) {
        const names = [base, ...variants].map(({ runs: [first] }) => first.name);
        assert.equal(new Set(names).size, names.length, `${id}: two variants are the same`);
        for (const { recipe, runs: [{ config }] } of variants) assert.equal(config.recipe, recipe);
      }
    }
    const known = Object.values(family.presets).flatMap((comparisons) =>
      comparisons.flatMap(({ variants }) => variants.map((name) => name.replace("recipe:", "")))
    );
    for (const name of Object.keys(family.document?.values ?? {})) {
      assert.ok(name === "base" || known.includes(name), `${id}: ${name}`);
    }
  }
});

Deno.test("a variant's number is the one that it changes", () => {
  const changed: Record<string, (config: RunConfig) => unknown> = {
    "batch-(\\d+)": ({ batchSize }) => batchSize,
    "sum-(\\d)": ({ augment: { spectrogram: [step] = [] } }) => "clips" in step && step.clips,
    "concat-(\\d)": ({ augment: { spectrogram: [step] = [] } }) => "clips" in step && step.clips,
    "rate-([\\d.]+)": ({ schedule }) => schedule.maxLearningRate,
    "family-([\\d.]+)": ({ loss }) => loss.family?.factor,
    "focal-(?:paper|document)-([\\d.]+)": ({ loss }) => loss.name === "focal" && loss.gamma,
    "augmentations-(\\d)": ({ augment }) => augment.spectrogram?.length,
    "fold-(\\d)": ({ data }) => data.source === "irmas-mels" && data.fold,
  };
  const names = Object.values(FAMILIES).flatMap(({ variants }) => Object.keys(variants ?? {}));
  for (const [pattern, of] of Object.entries(changed)) {
    const own = names.flatMap((name) => {
      const [, number] = name.match(`^${pattern}$`) ?? [];
      return number === undefined ? [] : [{ name, number }];
    });
    assert.ok(own.length > 0, pattern);
    for (const { name, number } of own) {
      assert.equal(of(resolveRecipe(`screen+${name}`, 0)), Number(number), name);
    }
  }
});

Deno.test("every variant's network takes the spectrograms that there are", async () => {
  const models = new Map<string, { name: string; model: RunConfig["model"] }>();
  for (const [id, family] of Object.entries(FAMILIES)) {
    if (!family.presets.real) continue;
    const plan = await planFamily(id, family, { preset: "real", resolve: resolveRecipe });
    for (
      const { runs: [{ name, config }] } of plan.flatMap((
        { base, variants },
      ) => [base, ...variants])
    ) {
      if (!config.objective) {
        models.set(JSON.stringify(config.model), { name, model: config.model });
      }
    }
  }
  assert.ok(models.size > 20);
  for (const { name, model } of models.values()) {
    const network = buildNetwork(model);
    const shape = tf.tidy(() => {
      const weights = new Map(
        network.parameters.map((own) => [own.name, tf.zeros(own.shape)]),
      );
      const picture = tf.randomNormal([1, MEL_BANDS, MEL_FRAMES, 1], 0, 1, "float32", 0);
      return network.apply(weightsOf(weights), picture, INFERENCE).shape;
    });
    assert.deepEqual(shape, [1, INSTRUMENTS.length], name);
  }
});

Deno.test("every family has its place in notebook 03 or 04: its comparisons, and its study under a heading", () => {
  const cells = ["03_training", "04_results"].flatMap((name) =>
    readJson<{ cells: { source: string[] }[] }>(projectPath("notebooks", `${name}.ipynb`)).cells
  ).map(({ source }) => source.join(""));
  const heading = (id: string) => new RegExp(`^###? .*\\b${id}\\b`, "m");
  for (const [id, family] of Object.entries(FAMILIES)) {
    const compared = Object.keys(family.presets).length > 0;
    const shown = compared
      ? cells.some((cell) => cell.includes(`showFamily("${id}")`))
      : cells.some((cell) => heading(id).test(cell));
    assert.ok(shown, id);
  }
});

Deno.test("a plan knows what is there: finished, begun, missing, made by other code; a shared base counts once", async () => {
  using folder = new TemporaryFolder();
  const { roots, begin, finish } = place(folder.path);
  const plan = () => planFamily("E0", FAMILY, { preset: "real", resolve: resolveRecipe, roots });
  const [{ base, variants: [weighted, family] }] = await plan();
  finish(base.runs[0], TRAINING_VERSION);
  finish(base.runs[1]); // as the first runs were, before they said a version
  begin(weighted.runs[0]);
  finish(family.runs[0], TRAINING_VERSION + 1);
  const [again, whole] = await plan();
  const states = [again.base, ...again.variants].map(({ runs }) => runs.map(({ state }) => state));
  assert.deepEqual(states, [
    ["finished", "finished"],
    ["begun", "missing"],
    ["outdated", "missing"],
  ]);
  const missing = missingRuns([again, whole]);
  assert.deepEqual(missing.map(({ recipe, seed }) => `${recipe} ${seed}`), [
    "screen+positive-weights 0",
    "screen+family-0.3 0",
    "irmas_lstm 0",
    "screen+positive-weights 1",
    "screen+family-0.3 1",
  ]);
  const text = formatPlan([again, whole], new Map(missing.map(({ name }) => [name, 60])));
  assert.match(text, /5 runs to make, about 5 min/);
  assert.match(text, /screen\+family-0\.3 +1 outdated, 1 missing, about 2 min/);
});

Deno.test("what a family does not have is refused with what it has", async () => {
  const plan = (options: object) =>
    planFamily("E0", FAMILY, { preset: "real", resolve: resolveRecipe, ...options });
  await assert.rejects(plan({ preset: "paper" }), /E0 has no preset "paper"; known: real/);
  await assert.rejects(plan({ only: ["family-9"] }), /no variant "family-9"; known: .*family-0\.3/);
  const [only, none] = await plan({ only: ["family-0.3"], seeds: 4 });
  assert.deepEqual(only.variants.map(({ name, runs }) => [name, runs.length]), [["family-0.3", 4]]);
  assert.equal(none, undefined);
});

Deno.test("a plan is made once: what fails does not stop the rest, what others make is waited for", async () => {
  using folder = new TemporaryFolder();
  const { roots, finish } = place(folder.path);
  const runs = missingRuns(
    await planFamily("E0", FAMILY, { preset: "real", resolve: resolveRecipe, roots }),
  );
  const [taken, failing] = runs;
  // nothing is in it yet: its data are being loaded
  const lock = tryLockFolder(join(roots.shared, taken.name))!;
  const order: string[] = [];
  let waits = 0;
  const outcome = await runPlan(runs, {
    roots,
    make(run) {
      order.push(run.name);
      if (run === failing) return Promise.resolve(false);
      finish(run, TRAINING_VERSION);
      return Promise.resolve(true);
    },
    onWait(others) {
      waits++;
      assert.deepEqual(others, [taken]);
      finish(taken, TRAINING_VERSION); // the other process
      lock[Symbol.dispose]();
    },
  });
  assert.equal(waits, 1);
  assert.deepEqual(order, runs.slice(1).map(({ name }) => name));
  assert.deepEqual(outcome.failed, [failing]);
  assert.equal(outcome.made.length, runs.length - 2);
  const again = await runPlan(runs, { roots, make: () => Promise.resolve(true) });
  assert.deepEqual(again.made, [failing]);
});

Deno.test("a plan that is stopped makes no further run", async () => {
  using folder = new TemporaryFolder();
  const { roots } = place(folder.path);
  const runs = missingRuns(
    await planFamily("E0", FAMILY, { preset: "real", resolve: resolveRecipe, roots }),
  );
  const stop = new AbortController();
  let made = 0;
  const outcome = await runPlan(runs, {
    roots,
    signal: stop.signal,
    make() {
      made++;
      stop.abort();
      return Promise.resolve(false);
    },
  });
  assert.equal(made, 1);
  assert.deepEqual([outcome.stopped, outcome.failed.length], [true, 0]);
});
