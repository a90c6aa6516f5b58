/** Training learns with every schedule, sampler and manner of updating: the loop's own contract. */
import assert from "node:assert/strict";
import { ReadyBatches } from "lib/train/batches.ts";
import { withSettings } from "lib/train/config.ts";
import { train } from "lib/train/loop.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { tinyConfig, tinyData } from "../train/tiny_run.ts";

const rates = { maxLearningRate: 2e-3, warmLearningRate: 2e-3 };
const cycle = { ...rates, warmFraction: 0.3, startDivisor: 25, endDivisor: 1e4 };
const set = (field: string, value: unknown) => `${field}=${JSON.stringify(value)}`;

const MANNERS: Readonly<Record<string, string[]>> = {
  "one cycle": [set("schedule", { name: "one-cycle", ...cycle })],
  "one cycle in three phases": [set("schedule", { name: "one-cycle-three-phase", ...cycle })],
  "cosine with restarts": [set("schedule", { name: "cosine-restarts", ...rates, cycleEpochs: 4 })],
  "plateau": [
    set("schedule", { name: "plateau", ...rates, measure: "validation/logit", patience: 2 }),
  ],
  "the weighted sampler by the median": ["sampler=weighted-median"],
  "the weighted sampler by the maximum": ["sampler=weighted-maximum"],
  "Adam, without decay": ["optimizer.weightDecay=0"],
  "two batches an update, clipped": ["accumulate=2", "clipNorm=1", "batchSize=4"],
};

for (const [manner, settings] of Object.entries(MANNERS)) {
  Deno.test(`training learns: ${manner}`, async () => {
    using folder = new TemporaryFolder();
    const data = tinyData(), losses: number[] = [];
    const config = withSettings(tinyConfig(), [
      "epochs=8",
      "augment.mixProbability=0",
      ...settings,
    ]);
    const { parameters, finished } = await train({
      config,
      batches: new ReadyBatches(data.clips, { train: data.train, config }),
      checkpoint: folder.file("checkpoint.safetensors"),
      validate: data.validate,
      onMetric: ({ name, value }) => name === "train/loss" && losses.push(value),
    });
    parameters.dispose();
    const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    assert.ok(finished && losses.length === 96);
    // the same bound for all: instruments are told apart once the loss is a third of what chance gives
    assert.ok(mean(losses.slice(-10)) < 0.3 * mean(losses.slice(0, 10)), losses.slice(-10).join());
  });
}
