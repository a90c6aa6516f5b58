import assert from "node:assert/strict";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { type DryRun, dryRun, formatDryRun } from "lib/experiments/dry_run.ts";
import { binding, tf } from "lib/nn/engine/mod.ts";
import { readJson } from "lib/core/files.ts";
import { withSettings } from "lib/train/config.ts";
import { estimateRun, featureMapOf, hasIdleAttention, measureUpdates } from "lib/train/estimate.ts";
import { tinyConfig } from "./tiny_run.ts";

/** ConvNeXt-atto as timm counts it; a picture with one channel has a stem with two thirds fewer of its weights. */
const { convnext_atto: { backboneParameters } } = readJson<
  Record<string, { backboneParameters: number }>
>("tests/fixtures/nn/cost/cost.json");
const BACKBONE = backboneParameters - 4 * 4 * 40 * 2, FEATURES = 320, OUTPUTS = 11;

const examples = { count: 96, bands: 32, frames: 40 };

Deno.test("an estimate counts what is trained, when, and the updates that there are", () => {
  const { parameters, updates, memory } = estimateRun(tinyConfig(), examples);
  const head = FEATURES * OUTPUTS + OUTPUTS + 2 * FEATURES; // linear, behind a layer norm
  const trained = BACKBONE + head;
  assert.deepEqual(parameters, { backbone: BACKBONE, head, trained, trainedAtFirst: head });
  assert.deepEqual(updates, { headOnly: 12, all: 24 });
  assert.deepEqual([memory.weights, memory.optimizer], [4 * trained, 4 * 3 * trained]);

  const settings = ["model.head=fluffy-deep", 'trained=["head.sax."]', "averageDecay=0.9"];
  const one = estimateRun(withSettings(tinyConfig(), [...settings, "accumulate=2"]), examples);
  const sax = 2 * FEATURES + FEATURES + 1;
  assert.deepEqual(one.parameters, {
    backbone: BACKBONE,
    head: OUTPUTS * sax,
    trained: sax,
    trainedAtFirst: sax,
  });
  assert.deepEqual(one.updates, { headOnly: 6, all: 12 });
  // an average of all, and sums of the gradients of what is trained
  assert.equal(one.memory.weights, 2 * 4 * (BACKBONE + OUTPUTS * sax));
  assert.equal(one.memory.optimizer, 4 * 4 * sax);
});

Deno.test("so does one of an objective, whose task may have further frames", async () => {
  const patches = withSettings(tinyConfig(), [
    'objective={"name":"patches","shuffle":0.3,"replace":0.3,"black":0.1}',
  ]);
  const heads = 2 * FEATURES + 16 * (FEATURES * 3 + 3); // a layer norm, and three answers a tile
  const estimate = estimateRun(patches, examples);
  assert.deepEqual([estimate.parameters.backbone, estimate.parameters.head], [BACKBONE, heads]);
  const masked = withSettings(tinyConfig(), ['objective={"name":"masked","share":0.6,"patch":8}']);
  // the encoder alone sees 64 frames where there are 40
  const wide = estimateRun(tinyConfig(), { ...examples, frames: 64 });
  assert.ok(estimateRun(masked, examples).multiplyAccumulates > wide.multiplyAccumulates);
  for (const config of [patches, masked]) {
    const time = await measureUpdates(config, { examples, estimate });
    assert.ok(time.all > 0);
  }
});

Deno.test("an estimate says how many steps of time a head has, and whether attention has any to choose among", () => {
  // ConvNeXt takes every fourth column, then every second three times, each time what is left of whole ones
  const steps = (columns: number) =>
    [2, 2, 2].reduce((left, stride) => Math.floor(left / stride), Math.floor(columns / 4));
  const size = { bands: 128, frames: 94 };
  for (
    const [recipe, rows, columns] of [
      ["irmas_fluffy", 128, 94],
      ["screen+deep", 64, 47],
      ["screen+wide+deep+attention", 64, 188],
      // completed, so that all columns are seen
      ["screen+complete", 64, 64],
      ["irmas_scratch+complete-32", 128, 96],
    ] as const
  ) {
    const config = recipeConfig(recipe), dropped = columns - 32 * steps(columns);
    const map = { rows: steps(rows), steps: steps(columns), columns, dropped };
    assert.deepEqual(featureMapOf(config, size), map);
    assert.equal(hasIdleAttention(config, map), false);
  }
  // who pads sees all
  assert.equal(featureMapOf(recipeConfig("screen+resnext50"), size).dropped, 0);
  const idle = recipeConfig("screen", { settings: ["model.head=fluffy-attention"] });
  assert.equal(steps(47), 1);
  assert.ok(hasIdleAttention(idle, featureMapOf(idle, size)));
  assert.deepEqual(estimateRun(tinyConfig(), examples).featureMap, {
    rows: 1,
    steps: 1,
    columns: 40,
    dropped: 8,
  });
});

Deno.test("updates are measured in smaller batches where they are large, and leave nothing behind", async () => {
  const config = tinyConfig(), estimate = estimateRun(config, examples);
  await measureUpdates(config, { examples, estimate }); // what is made once for all
  const before = [tf.memory().numTensors, binding!.getNumOfTensors()];
  const time = await measureUpdates(config, { examples, estimate });
  assert.equal(time.measuredBatch, 8);
  // training all costs more than training the head alone, whose backward pass ends at once
  assert.ok(time.all > time.headOnly && time.headOnly > 0);
  assert.ok(Math.abs(time.total - 12 * time.headOnly - 24 * time.all) < 1e-9);
  assert.deepEqual([tf.memory().numTensors, binding!.getNumOfTensors()], before);
  const large = { ...estimate, multiplyAccumulates: 5e9 };
  // of two and of four
  assert.equal((await measureUpdates(config, { examples, estimate: large })).measuredBatch, 4);
});

Deno.test("a dry run says what it estimated, each number with its unit", () => {
  const dry: DryRun = {
    parameters: { backbone: 27.8e6, head: 8459, trained: 27.8e6, trainedAtFirst: 8459 },
    multiplyAccumulates: 4.456e9,
    featureMap: { rows: 4, steps: 2, columns: 94, dropped: 30 },
    memory: { weights: 111e6, optimizer: 339e6, activations: 2.5e9 },
    updates: { headOnly: 100, all: 2000 },
    examples: { count: 5364, bands: 128, frames: 94 },
    time: { measuredBatch: 8, headOnly: 0.5, all: 4.25, total: 8550 },
  };
  const config = recipeConfig("irmas_scratch", { settings: ["headEpochs=1", "model.size=tiny"] });
  const lines = formatDryRun(config, dry).split("\n").map((line) => line.replace(/ {2,}/, "|"));
  assert.deepEqual(lines, [
    "network|convnext tiny, pooled head",
    "input|128 bands x 94 frames, 32 at a time",
    "features|4 x 2, bands x steps of time; of 94 columns the last 30 are dropped (see model.complete)",
    "parameters|27.8 M: backbone 27.8 M, head 8.46 k; trained 27.8 M, at first 8.46 k",
    "forward pass|4.46 G multiply-accumulates an example",
    "memory|about 2.95 GB: weights 111 MB, gradients and moments 339 MB, between the layers 2.5 GB",
    "examples|about 5364 an epoch, 8 epochs",
    "updates of the head|100, 0.5 s each, from batches of up to 8",
    "updates of all|2000, 4.3 s each, from batches of up to 8",
    "time|about 2.4 h of updates on this machine",
  ]);
  const attentive = withSettings(config, ["model.head=attention"]);
  const told = (steps: number) =>
    formatDryRun(attentive, { ...dry, featureMap: { rows: 2, steps, columns: 64, dropped: 0 } });
  assert.match(told(1), /2 x 1, bands x steps of time: attention over time has one step/);
  assert.doesNotMatch(told(2), /attention over time/);
});

Deno.test("a dry run needs no data, and no file of weights", async () => {
  const config = recipeConfig("irmas_scratch", {
    settings: [
      "batchSize=2",
      `model={"backbone":"mobilenet-v3","size":"small-050","weights":"/nowhere","head":"deep","hidden":[],"dropRate":0}`,
    ],
  });
  const { examples, time } = await dryRun(config);
  // four fifths of IRMAS's 6,705 clips, of 3 s every 32 ms
  assert.deepEqual(examples, { count: 5364, bands: 128, frames: 94 });
  assert.ok(time.total > 0);
});

Deno.test("a dry run of several inputs has their pictures one below the other, as the data have", async () => {
  const config = recipeConfig("demo+unmixed+stems", {
    settings: ["data.size=small", "batchSize=2"],
  });
  const { examples, time } = await dryRun(config, { quiet: true });
  assert.equal(examples.bands, 3 * config.frontEnd.nMels);
  assert.ok(time.total > 0);
});
