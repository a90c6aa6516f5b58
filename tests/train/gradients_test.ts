import assert from "node:assert/strict";
import { join } from "node:path";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { compile, tf } from "lib/nn/engine/mod.ts";
import { dense } from "lib/nn/layers/dense.ts";
import { ReadyBatches } from "lib/train/batches.ts";
import { type RunConfig, withSettings } from "lib/train/config.ts";
import { type Clip, clipGradients, GradientSums } from "lib/train/gradients.ts";
import { train } from "lib/train/loop.ts";
import { Parameters } from "lib/train/parameters.ts";
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

Deno.test("gathered gradients are the mean of their batches', and the next update begins anew", () => {
  const gradients = (k: number) => tf.tensor(wave(`gradient${k}`, 6, 1), [2, 3]);
  for (const compiled of [false, true]) {
    const sums = new GradientSums(3), specs = dense("last", { inputs: 2, outputs: 3 }).parameters;
    const { trainable } = new Parameters(specs, randomFrom("sums"));
    sums.prepare(new Map([...trainable].filter(([, { shape }]) => shape.length > 1)));
    const [name] = [...trainable].find(([, { shape }]) => shape.length > 1)!;
    const add = (g: tf.Tensor) => {
      sums.add(new Map([[name, g]]));
      return [g.add(0)];
    };
    const take = (g: tf.Tensor) => [...sums.takeMean(new Map([[name, g]])).values()];
    const [adding, taking] = compiled ? [compile(add), compile(take)] : [add, take];
    for (const first of [0, 3]) {
      adding(gradients(first));
      adding(gradients(first + 1));
      const [mean] = taking(gradients(first + 2));
      const values = [0, 1, 2].map((k) => wave(`gradient${first + k}`, 6, 1));
      const expected = values[0].map((v, k) => (v + values[1][k] + values[2][k]) / 3);
      assert.ok(relativeError(mean.dataSync(), expected) < 1e-6); // float32
    }
  }
});

/** Losses of a run on clips as they are, without dropout. */
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
  await train({
    config,
    batches: new ReadyBatches(data.clips, { train: data.train, config }),
    checkpoint: join(folder, "checkpoint.safetensors"),
    validate: data.validate,
    onMetric: ({ name, value }) => {
      if (name === "train/loss") losses.push(value);
    },
  });
  Deno.removeSync(folder, { recursive: true });
  return losses;
}

Deno.test("batches that are gathered make the updates of one batch as large as all of them", async () => {
  // 96 clips: three updates of 32 an epoch, the head alone in the first; one of 36 clips twice, 24 left over
  for (const [large, small, count] of [[32, 8, 3], [36, 12, 2]]) {
    const one = await run([`batchSize=${large}`]);
    const gathered = await run([`batchSize=${small}`, `accumulate=${large / small}`]);
    assert.equal(one.length, 3 * count);
    // sums in another order, which later updates amplify: Adam divides small gradients by their own size
    gathered.forEach((loss, k) =>
      assert.ok(Math.abs(loss - one[k]) < 1e-4 * one[k], `update ${k}: ${loss}`)
    );
  }
});

Deno.test("an update that no epoch fills is refused", () => {
  const config = withSettings(tinyConfig(), ["batchSize=8", "accumulate=13"]);
  assert.throws(() => countSteps(config, 96), /96 clips do not fill the 13 batches of 8/);
});
