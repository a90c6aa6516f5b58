import assert from "node:assert/strict";
import { evaluateAgain, hearSongs } from "lib/experiments/evaluate_again.ts";
import { runTraining } from "lib/experiments/run_training.ts";
import type { TrainingData } from "lib/experiments/training_data.ts";
import { readSafetensors, writeSafetensors } from "lib/nn/safetensors.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { tinyConfig, tinyData } from "../train/tiny_run.ts";

/** The tiny data, with scores of one clip and, where it is asked for, more in the result. */
const load = (more: Record<string, unknown> = {}) => (): Promise<TrainingData> => {
  const data = tinyData();
  return Promise.resolve({
    ...data,
    async evaluate(predict) {
      const { threshold, logits } = await data.evaluate(predict);
      return { threshold, scores: { heldOut: { clip: logits } }, ...more };
    },
  });
};

Deno.test("a run evaluated again says what it said, and what is new; other weights are refused", async () => {
  using place = new TemporaryFolder();
  const roots = { shared: place.path, local: place.file("local") };
  const config = { ...tinyConfig(), epochs: 2 };
  const { folder } = await runTraining(config, { roots, load: load() });
  const { difference, added } = await evaluateAgain(folder, { load: load({ noise: 1 }) });
  assert.ok(difference < 1e-5); // the trained weights themselves, and those that were read back
  assert.deepEqual(added, ["noise"]);
  const result = folder.readResult<object>();
  assert.deepEqual(Object.keys(result), ["threshold", "scores", "noise"]);

  const { tensors } = readSafetensors(folder.weights);
  const [[name, first]] = [...tensors].filter(([name]) => name === "head.fc.bias");
  tensors.set(name, { ...first, data: first.data.map((v) => v + 1) });
  writeSafetensors(folder.weights, { tensors, metadata: {} });
  await assert.rejects(
    evaluateAgain(folder, { load: load() }),
    /do not give its result: scores differ by 1/,
  );
  assert.deepEqual(folder.readResult(), result);

  const others = async () => ({ ...await load()(), fingerprint: "others" });
  await assert.rejects(evaluateAgain(folder, { load: others }), /trained on other data/);
  Deno.removeSync(folder.weights);
  await assert.rejects(evaluateAgain(folder), /weights of run "tiny-.*" are not here/);
  await assert.rejects(
    hearSongs(folder, { size: "small" }),
    /weights of run "tiny-.*" are not here/,
  );
  assert.equal(folder.readSongs(), undefined);
});
