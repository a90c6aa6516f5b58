import assert from "node:assert/strict";
import { join } from "node:path";
import { RunFolder, runName } from "lib/experiments/run_folder.ts";
import { type RunOptions, runTraining } from "lib/experiments/run_training.ts";
import type { TrainingData } from "lib/experiments/training_data.ts";
import { loadRecognizer } from "lib/inference/recognizer.ts";
import { readSafetensors } from "lib/nn/safetensors.ts";
import { parseConfig, type RunConfig, withSettings } from "lib/train/config.ts";
import { isHead } from "lib/train/model.ts";
import { pretrainingConfig } from "lib/train/pretraining.ts";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { assertResumes } from "./resuming.ts";
import { lossesOf } from "./tiny_process.ts";
import { tinyConfig, tinyData } from "./tiny_run.ts";

const UNLABELLED = [
  { name: "patches", shuffle: 0.3, replace: 0.3, black: 0.1 },
  { name: "masked", share: 0.6, patch: 8 },
] as const;
const OBJECTIVES = [
  ...UNLABELLED,
  { name: "metric", dimensions: 16, temperature: 0.1, family: { factor: 0.3 } },
] as const;

/** The tiny run after two epochs of pretraining. */
function afterPretraining(objective: RunConfig["objective"]): RunConfig {
  const { schedule, ...config } = tinyConfig();
  return parseConfig({
    ...config,
    schedule,
    pretraining: {
      recipe: "tiny_pretraining",
      objective,
      schedule,
      epochs: 2,
      batchSize: 8,
      augment: { timeShift: true, mixProbability: 0 },
    },
  });
}

/** Two thirds of the tiny clips to train on, the rest held out. */
function splitData(): TrainingData {
  const data = tinyData(), train = data.train.filter((k) => k % 3 > 0);
  return { ...data, train, held: data.held.filter((k) => k % 3 === 0) };
}

for (const objective of OBJECTIVES) {
  Deno.test(`${objective.name}: a run trains its pretraining first and begins with its backbone`, async () => {
    const root = Deno.makeTempDirSync(), roots = { shared: root, local: join(root, "local") };
    const config = afterPretraining(objective), stop = new AbortController();
    const options: RunOptions = { roots, signal: stop.signal };
    const load = (given: RunConfig) => {
      const data = splitData();
      // ends the run after the epoch in which its head alone is trained
      if (!given.objective) data.validate = () => Promise.resolve(stop.abort()).then(() => ({}));
      return Promise.resolve(data);
    };
    const { folder, outcome } = await runTraining(config, { ...options, load });
    assert.equal(outcome, "stopped");
    const before = new RunFolder(await runName(pretrainingConfig(config)!), root);
    assert.ok(before.isFinished);
    const { tensors: pretrained } = readSafetensors(before.weights);
    const { tensors: now } = readSafetensors(folder.checkpoint);
    const backbone = [...pretrained.keys()].filter((name) => !isHead(name));
    assert.ok(backbone.length > 100);
    for (const name of backbone) {
      assert.deepEqual(now.get(name)!.data, pretrained.get(name)!.data, name);
    }
    const { heldOut } = before.readResult<{ heldOut: Record<string, number> }>();
    assert.equal(heldOut.clips, 32);

    const recognize = () => loadRecognizer(before.name, root);
    assert.throws(recognize, /is a pretraining .* knows no instruments/);
    assert.throws(() => loadRecognizer(undefined, root), /no trained network is here/);
    Deno.removeSync(root, { recursive: true });
  });

  // a batch's task and a batch as it is are made in the same way for all: one stands for the others
  const name = `${objective.name}: killed and resumed it is the unbroken run bit for bit`;
  const ignore = objective.name !== "patches" && !Deno.env.has("LUMEN_FULL_TESTS");
  Deno.test({ name, ignore }, async () => {
    const root = Deno.makeTempDirSync();
    const settings = ["epochs=2", "headEpochs=0", `objective=${JSON.stringify(objective)}`];
    await assertResumes(root, settings, { kills: [8], steps: 24 });
    Deno.removeSync(root, { recursive: true });
  });
}

for (const objective of UNLABELLED) {
  Deno.test(`${objective.name}: neither labels nor held-out clips are learnt from`, async () => {
    const root = Deno.makeTempDirSync(), config = pretrainingConfig(afterPretraining(objective))!;
    const losses = async (name: string, change: (data: TrainingData) => void) => {
      const roots = { shared: join(root, name), local: join(root, name) }, data = splitData();
      change(data);
      return lossesOf(
        (await runTraining(config, { roots, load: () => Promise.resolve(data) })).folder,
      );
    };
    const plain = await losses("plain", () => {});
    const changed = await losses("changed", ({ clips, held }) => {
      clips.targets.fill(1);
      const size = clips.bands * clips.frames;
      for (const k of held) clips.bytes.fill(3, k * size, (k + 1) * size);
    });
    assert.equal(plain.length, 16);
    // sums in any order
    changed.forEach((loss, k) => assert.ok(Math.abs(loss / plain[k] - 1) < 1e-3, `step ${k}`));
    const other = await losses("other", ({ clips, train }) => {
      const size = clips.bands * clips.frames;
      for (const k of train) clips.bytes.fill(3, k * size, (k + 1) * size);
    });
    assert.ok(Math.abs(other[0] / plain[0] - 1) > 1e-2, "training clips are");
    Deno.removeSync(root, { recursive: true });
  });
}

Deno.test("a pretraining is its recipe's run, on the data and backbone of the run that asks for it", async () => {
  for (
    const [recipe, pretraining] of [["irmas_after_patches", "irmas_patches"], [
      "demo_after_masked",
      "demo_masked",
    ]]
  ) {
    const config = recipeConfig(recipe, { seed: 2, settings: ["model.size=femto"] });
    const own = recipeConfig(pretraining, { seed: 2, settings: ["model.size=femto"] });
    assert.deepEqual(pretrainingConfig(config), own);
    assert.equal(await runName(pretrainingConfig(config)!), await runName(own));
  }
  const other = recipeConfig("irmas_after_masked", {
    settings: ["data.fold=3", "model.head=deep"],
  });
  const { data, model } = pretrainingConfig(other)!;
  assert.deepEqual(data, other.data);
  assert.equal(model.head, "pooled", "runs with other heads share it");
  assert.equal(pretrainingConfig(recipeConfig("irmas_scratch")), undefined);
});

Deno.test("what cannot be pretrained is refused", () => {
  const [patches, masked] = UNLABELLED.map((objective) => `objective=${JSON.stringify(objective)}`);
  const yamnet = recipeConfig("demo_yamnet");
  assert.throws(
    () => withSettings(yamnet, [masked]),
    /"masked" looks between ConvNeXt's layers.*"yamnet"/,
  );
  assert.equal(withSettings(yamnet, [patches]).objective!.name, "patches");
  const after = recipeConfig("irmas_after_patches");
  assert.throws(() => withSettings(after, [patches]), /has no pretraining of its own/);
  assert.throws(
    () => withSettings(after, ["pretraining.objective.black=0.9"]),
    /pretraining\.objective: shuffle, replace and black are more than 1 together/,
  );
});
