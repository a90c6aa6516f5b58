import assert from "node:assert/strict";
import { recipeConfig, recipesOf } from "experiments/recipes/mod.ts";
import { readJson } from "lib/core/files.ts";
import { chunkFrames } from "lib/features/chunks.ts";
import { estimateRun } from "lib/train/estimate.ts";
import { learningRate } from "lib/train/schedule.ts";

const paper = recipesOf("paper").map((name) => recipeConfig(name));

Deno.test("the document's networks see squares, and its learning rates", () => {
  const onPhotographs = paper.filter(({ model }) => model.height !== undefined);
  assert.equal(onPhotographs.length, 6);
  for (const config of onPhotographs) {
    const { recipe, model, frontEnd, epochs, headEpochs } = config, perEpoch = 100;
    assert.equal(chunkFrames(frontEnd), model.height, recipe);
    assert.deepEqual([epochs, headEpochs], [10, 3]);
    const rates = Array.from(
      { length: epochs * perEpoch },
      (_, k) => learningRate(config, k, { perEpoch }),
    );
    const near = (rate: number, expected: number) =>
      assert.ok(Math.abs(rate / expected - 1) < 0.02, `${recipe}: ${rate}, not ${expected}`);
    // the head's rate falls from 3e-4 to 1e-4, from where it goes up to 5e-4, and ends near nothing
    near(rates[0], 3e-4);
    near(rates[headEpochs * perEpoch], 1e-4);
    near(Math.max(...rates.slice(headEpochs * perEpoch)), 5e-4);
    assert.ok(rates.at(-1)! < 1e-7);
  }
});

Deno.test("the networks that it began with: 130 steps of the LSTM; a rate from 5e-5 to 5e-4", () => {
  const { frontEnd, batchSize, epochs } = recipeConfig("paper_lstm");
  assert.deepEqual([chunkFrames(frontEnd), batchSize, epochs], [130, 4, 40]);
  for (const recipe of ["paper_lstm", "paper_conv_lstm", "paper_good_boy"]) {
    const config = recipeConfig(recipe), perEpoch = 100;
    assert.ok(Math.abs(learningRate(config, 0, { perEpoch }) / 5e-5 - 1) < 1e-6);
    const { multiplyAccumulates } = estimateRun(config, {
      count: 64,
      bands: config.frontEnd.nMels,
      frames: chunkFrames(config.frontEnd),
    });
    assert.ok(multiplyAccumulates > 1e7, recipe);
  }
});

Deno.test("the transformer hears ten seconds, and is the published one's size", () => {
  const { frontEnd, batchSize, epochs } = recipeConfig("paper_ast");
  assert.deepEqual([chunkFrames(frontEnd), batchSize, epochs], [1000, 1, 4]);
  const { parameters } = estimateRun(recipeConfig("paper_ast"), {
    count: 64,
    bands: 128,
    frames: 1024,
  });
  // 87 million with the classifier of 527 classes (Gong et al., 2021), which is left out here
  assert.ok(Math.abs(parameters.backbone / 86e6 - 1) < 0.01, `${parameters.backbone}`);
});

Deno.test("wav2vec's convolutions hear the sound itself, and rare instruments weigh more", () => {
  const config = recipeConfig("paper_wav2vec2");
  const { frontEnd, loss, batchSize, epochs } = config;
  assert.deepEqual([frontEnd.scale, batchSize, epochs], ["waveform", 2, 40]);
  assert.ok("positiveWeights" in loss && loss.positiveWeights === "balanced");
  const { parameters } = estimateRun(config, { count: 64, bands: 1, frames: 48_000 });
  assert.ok(parameters.backbone === 4_200_448, `${parameters.backbone}`); // transformers' feature extractor
});

Deno.test("their arithmetic is what PyTorch counts at their size, but for the stem's two further channels", () => {
  const counted = readJson<Record<string, { size: number; backboneMacs: number }>>(
    "tests/fixtures/nn/cost/cost.json",
  );
  // a filter of so many values for every place of the stem's picture, for each of its outputs
  const networks = {
    paper_convnext: { as: "convnext_small", stem: 4 * 4 * 56 ** 2 * 96 },
    paper_resnext: { as: "resnext50_32x4d", stem: 7 * 7 * 112 ** 2 * 64 },
    paper_efficientnet: { as: "tf_efficientnetv2_s", stem: 3 * 3 * 192 ** 2 * 24 },
    paper_mobilenet: { as: "mobilenetv3_large_100", stem: 3 * 3 * 112 ** 2 * 16 },
  };
  for (const [recipe, { as, stem }] of Object.entries(networks)) {
    const config = recipeConfig(recipe), { size, backboneMacs } = counted[as];
    assert.equal(config.model.height, size);
    const { multiplyAccumulates, parameters } = estimateRun(config, {
      count: 64,
      bands: config.frontEnd.nMels,
      frames: chunkFrames(config.frontEnd),
    });
    // the head's layer for eleven instruments is all that comes on top
    const head = parameters.head - 2 * (parameters.head - 11) / 13 - 11;
    assert.equal(multiplyAccumulates, backboneMacs - 2 * stem + head, recipe);
  }
});
