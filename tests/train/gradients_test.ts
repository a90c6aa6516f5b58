import assert from "node:assert/strict";
import { join } from "node:path";
import { readJson } from "lib/core/files.ts";
import { compile, tf } from "lib/nn/engine/mod.ts";
import { ReadyBatches } from "lib/train/batches.ts";
import { type RunConfig, withSettings } from "lib/train/config.ts";
import { type Clip, clipGradients } from "lib/train/gradients.ts";
import { train } from "lib/train/loop.ts";
import { countSteps } from "lib/train/updates.ts";
import { relativeError, wave } from "../nn/wave.ts";
import { tinyConfig, tinyData } from "./tiny_run.ts";

const { clipped } = readJson<{ clipped: Record<string, Record<string, number[]>> }>(
  "tests/fixtures/training/training.json",
);
const CLIPS: Record<string, Clip> = {
  norm: { clipNorm: 1.5 },
  wideNorm: { clipNorm: 100 },
  value: { clipValue: 0.7 },
  both: { clipValue: 0.7, clipNorm: 1.5 },
};

Deno.test("gradients are clipped by norm and by value as PyTorch clips them, eager and compiled", () => {
  const names = ["a", "b", "c"];
  const gradients = [
    tf.tensor(wave("a", 12, 0.5), [3, 4]),
    tf.tensor(wave("b", 5, 1e-3)),
    tf.tensor(wave("c", 8, 2), [2, 2, 2]),
  ];
  for (const [kind, clip] of Object.entries(CLIPS)) {
    const run = (...values: tf.Tensor[]) => [
      ...clipGradients(new Map(values.map((value, k) => [names[k], value])), clip).values(),
    ];
    for (const results of [run(...gradients), compile(run)(...gradients)]) {
      results.forEach((result, k) => {
        // float32 against float64
        const error = relativeError(result.dataSync(), clipped[kind][names[k]]);
        assert.ok(error < 1e-6, `${kind}, ${names[k]}: ${error}`);
      });
    }
  }
});

/** Losses and final weights of a run on clips as they are, without dropout. */
async function run(settings: string[]) {
  const folder = Deno.makeTempDirSync();
  const config: RunConfig = withSettings(tinyConfig(), [
    "augment.mixProbability=0",
    "augment.timeShift=false",
    "model.stochasticDepthRate=0",
    "model.dropRate=0",
    ...settings,
  ]);
  const data = tinyData(), losses: number[] = [];
  const { parameters } = await train({
    config,
    batches: new ReadyBatches(data.clips, { train: data.train, config }),
    checkpoint: join(folder, "checkpoint.safetensors"),
    validate: data.validate,
    onMetric: ({ name, value }) => {
      if (name === "train/loss") losses.push(value);
    },
  });
  Deno.removeSync(folder, { recursive: true });
  return { losses, weights: parameters.values() };
}

Deno.test("batches that are gathered make the updates of one batch as large as all of them", async () => {
  // 96 clips: three updates of 32 an epoch, the head alone in the first; one of 36 clips twice, 24 left over
  for (const [large, small, count] of [[32, 8, 3], [36, 12, 2]]) {
    const one = await run([`batchSize=${large}`]);
    const gathered = await run([`batchSize=${small}`, `accumulate=${large / small}`]);
    assert.equal(one.losses.length, 3 * count);
    // sums in another order, which later updates amplify: Adam divides small gradients by their own size
    gathered.losses.forEach((loss, k) =>
      assert.ok(Math.abs(loss - one.losses[k]) < 1e-4 * one.losses[k], `update ${k}: ${loss}`)
    );
  }
});

Deno.test("an update that no epoch fills is refused", () => {
  const config = withSettings(tinyConfig(), ["batchSize=8", "accumulate=13"]);
  assert.throws(() => countSteps(config, 96), /96 clips do not fill the 13 batches of 8/);
});
