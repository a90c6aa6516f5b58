import assert from "node:assert/strict";
import { join } from "node:path";
import { randomFrom } from "lib/core/random.ts";
import { readSafetensors } from "lib/nn/safetensors.ts";
import { ReadyBatches } from "lib/train/batches.ts";
import { type RunConfig, withSettings } from "lib/train/config.ts";
import { type Metric, train } from "lib/train/loop.ts";
import { buildNetwork, isHead } from "lib/train/model.ts";
import { type NamedValues, Parameters } from "lib/train/parameters.ts";
import { learningRate } from "lib/train/schedule.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { tinyConfig, tinyData } from "./tiny_run.ts";

// twelve steps an epoch, the head alone in the first
const plain = withSettings(tinyConfig(), ["epochs=2", "headEpochs=1"]), HEAD_STEPS = 12;

/** The parameters after so many updates. */
async function after(
  checkpoint: string,
  updates: number,
  config: RunConfig = plain,
): Promise<NamedValues> {
  const data = tinyData(), stop = new AbortController();
  await train({
    config,
    batches: new ReadyBatches(data.clips, { train: data.train, config }),
    checkpoint,
    signal: stop.signal,
    validate: data.validate,
    onMetric: ({ step }) => {
      if (step === updates) stop.abort();
    },
  });
  const { tensors, metadata } = readSafetensors(checkpoint);
  assert.equal(metadata.step, String(updates));
  return new Map([...tensors].filter(([name]) => !name.startsWith("optimizer.")));
}

const largestStep = (a: NamedValues, b: NamedValues, name: string) =>
  a.get(name)!.data.reduce((max, v, k) => Math.max(max, Math.abs(v - b.get(name)!.data[k])), 0);

Deno.test("at first the head alone is trained; the backbone's first update is as large as its learning rate", async () => {
  const folder = Deno.makeTempDirSync(), checkpoint = join(folder, "checkpoint.safetensors");
  const specs = buildNetwork(plain.model).parameters;
  const initial = new Parameters(specs, randomFrom(plain.seed, "parameters")).values();
  const head = await after(checkpoint, HEAD_STEPS);
  for (const { name } of specs) {
    assert.equal(largestStep(initial, head, name) > 0, isHead(name), name);
  }
  const all = await after(checkpoint, HEAD_STEPS + 1);
  const rate = learningRate(plain, HEAD_STEPS, { perEpoch: HEAD_STEPS });
  for (const { name, shape } of specs) {
    const step = largestStep(head, all, name);
    assert.ok(step > 0, name);
    // Adam's first update is the learning rate times the gradient's sign; matrices decay as well
    if (!isHead(name) && shape.length === 1) {
      assert.ok(Math.abs(step / rate - 1) < 0.01, `${name}: ${step / rate} of the rate`);
    }
  }
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("the learning rate of every update is a metric, beside the loss that it led to", async () => {
  using folder = new TemporaryFolder();
  const data = tinyData(), metrics: Metric[] = [];
  await train({
    config: plain,
    batches: new ReadyBatches(data.clips, { train: data.train, config: plain }),
    checkpoint: folder.file("checkpoint.safetensors"),
    validate: data.validate,
    onMetric: (metric) => metrics.push(metric),
  });
  const rates = metrics.filter(({ name }) => name === "train/learningRate");
  const losses = metrics.filter(({ name }) => name === "train/loss");
  assert.deepEqual(rates.map(({ step }) => step), losses.map(({ step }) => step));
  // of update k, which is reported as step k + 1
  const scheduled = (k: number) => learningRate(plain, k, { perEpoch: HEAD_STEPS });
  assert.deepEqual(rates.map(({ value }) => value), rates.map((_, k) => scheduled(k)));
});

Deno.test("one head of a Fluffy is trained, and nothing else moves", async () => {
  const folder = Deno.makeTempDirSync(), checkpoint = join(folder, "checkpoint.safetensors");
  const config: RunConfig = {
    ...plain,
    model: { ...plain.model, head: "fluffy-deep" },
    trained: ["head.sax."],
  };
  const specs = buildNetwork(config.model).parameters;
  const initial = new Parameters(specs, randomFrom(config.seed, "parameters")).values();
  // one update of the head's epoch, one of the next
  const trained = await after(checkpoint, HEAD_STEPS + 1, config);
  for (const { name } of specs) {
    assert.equal(largestStep(initial, trained, name) > 0, name.startsWith("head.sax."), name);
  }
  Deno.removeSync(checkpoint);
  await assert.rejects(
    after(checkpoint, 1, { ...config, trained: ["head.harp."] }),
    /begins with "head\.harp\.".*head\.cel/,
  );
  Deno.removeSync(folder, { recursive: true });
});
