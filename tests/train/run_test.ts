import assert from "node:assert/strict";
import { join } from "node:path";
import { projectPath } from "lib/core/paths.ts";
import { binding } from "lib/nn/engine/mod.ts";
import { RunFolder, runName } from "lib/experiments/run_folder.ts";
import { runTraining } from "lib/experiments/run_training.ts";
import { readSafetensors } from "lib/nn/safetensors.ts";
import { withSettings } from "lib/train/config.ts";
import { tinyConfig, tinyData } from "./tiny_run.ts";

const NAME = await runName(tinyConfig());
const load = () => Promise.resolve(tinyData());

/** A tiny run in a process of its own, with sums in a fixed order. */
function start(root: string, ...flags: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", projectPath("tests", "train", "tiny_run.ts"), root, ...flags],
    cwd: projectPath(),
    env: { LUMEN_DETERMINISTIC: "1" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

const said = async (child: Deno.ChildProcess) =>
  new TextDecoder().decode((await child.output()).stdout).trim();

/** Waits until a run has taken so many steps. */
async function untilStep(folder: RunFolder, step: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  while ((folder.readMetrics().at(-1)?.step ?? 0) < step) {
    if (performance.now() > deadline) throw new Error(`no step ${step} after a minute`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const lossesOf = (folder: RunFolder) =>
  folder.readMetrics().filter(({ name }) => name === "train/loss").map(({ value }) => value);

Deno.test("a run that is killed and resumed, twice, is the unbroken run bit for bit", async () => {
  const root = Deno.makeTempDirSync();
  const whole = new RunFolder(NAME, join(root, "whole"));
  const broken = new RunFolder(NAME, join(root, "broken"));
  assert.equal(await said(start(join(root, "whole"))), "finished");
  for (const [step, flags] of [[7, []], [20, ["--resume"]]] as const) {
    const child = start(join(root, "broken"), ...flags);
    await untilStep(broken, step);
    child.kill("SIGKILL");
    await child.output();
    assert.equal(broken.isFinished, false);
  }
  assert.equal(await said(start(join(root, "broken"), "--resume")), "finished");
  assert.equal(lossesOf(whole).length, 36);
  assert.deepEqual(lossesOf(broken), lossesOf(whole));
  assert.deepEqual(broken.readMetrics(), whole.readMetrics());
  assert.deepEqual(broken.readResult(), whole.readResult());
  const weights = (folder: RunFolder) => readSafetensors(folder.weights).tensors;
  assert.deepEqual(weights(broken), weights(whole));
  Deno.removeSync(root, { recursive: true });
});

Deno.test("Ctrl-C stops after the step, with a checkpoint", async () => {
  const root = Deno.makeTempDirSync();
  const folder = new RunFolder(NAME, root);
  const child = start(root);
  await untilStep(folder, 5);
  child.kill("SIGINT");
  assert.equal(await said(child), "stopped");
  const { step } = readSafetensors(folder.checkpoint).metadata;
  assert.equal(Number(step), lossesOf(folder).length);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("an unfinished run is not begun anew by accident, nor a finished one repeated", async () => {
  const root = Deno.makeTempDirSync(), config = withSettings(tinyConfig(), ["epochs=2"]);
  const stop = new AbortController();
  stop.abort();
  const first = await runTraining(config, { root, load, signal: stop.signal });
  assert.equal(first.outcome, "stopped");
  await assert.rejects(runTraining(config, { root, load }), /--resume.*--restart/);
  const other = () => Promise.resolve({ ...tinyData(), fingerprint: "other data" });
  await assert.rejects(
    runTraining(config, { root, load: other, resume: true }),
    /begun on other data.*--restart/,
  );
  assert.equal((await runTraining(config, { root, load, resume: true })).outcome, "finished");
  const again = await runTraining(config, { root, load });
  assert.equal(again.outcome, "was finished");
  // as in a clone: the result is there, the weights are not
  Deno.removeSync(again.folder.weights);
  assert.equal((await runTraining(config, { root, load })).outcome, "was finished");
  assert.equal((await runTraining(config, { root, load, needWeights: true })).outcome, "finished");
  assert.equal(readSafetensors(again.folder.weights).tensors.size > 0, true);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("training learns: the loss of the last steps is a fraction of the first ones'", async () => {
  const root = Deno.makeTempDirSync();
  const config = withSettings(tinyConfig(), ["epochs=8", "augment.mixProbability=0"]);
  const { folder } = await runTraining(config, { root, load });
  const losses = lossesOf(folder);
  const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  assert.ok(mean(losses.slice(-10)) < 0.3 * mean(losses.slice(0, 10)));
  Deno.removeSync(root, { recursive: true });
});

Deno.test("settings: unknown fields and wrong values are named", () => {
  const config = tinyConfig();
  assert.equal(withSettings(config, ["model.head=attention"]).model.head, "attention");
  assert.deepEqual(withSettings(config, ["model.hidden=[64]"]).model.hidden, [64]);
  assert.throws(() => withSettings(config, ["epoch=2"]), /no field "epoch".*epochs/);
  assert.throws(() => withSettings(config, ["model.depth=2"]), /model has no field "depth".*size/);
  assert.throws(() => withSettings(config, ["epochs=many"]), /epochs/);
  assert.throws(() => withSettings(config, ["epochs"]), /key=value/);
  assert.throws(() => withSettings(config, ["headEpochs=3"]), /less than epochs/);
});

Deno.test("a thousand steps leave memory as it was", async () => {
  const root = Deno.makeTempDirSync();
  const config = withSettings(tinyConfig(), ["epochs=108", "headEpochs=0"]); // of twelve steps
  const memory: number[] = [], tensors: number[] = [];
  const watched = () => {
    const data = tinyData();
    data.validate = () => {
      memory.push(Deno.memoryUsage().rss / 1e6);
      tensors.push(binding!.getNumOfTensors());
      return Promise.resolve({});
    };
    return Promise.resolve(data);
  };
  await runTraining(config, { root, load: watched });
  // the least of ten epochs: at some of them the last checkpoint (40 MB, twice) waits for the garbage collector; the
  // first 24 do not count: allocators grow to what a step and a checkpoint need
  const least = (from: number) => Math.min(...memory.slice(from).slice(0, 10));
  const grown = least(-10) - least(24);
  assert.ok(grown < 50, `grew by ${grown.toFixed(0)} MB: ${memory.map(Math.round).join(" ")}`);
  assert.ok(tensors.at(-1)! - tensors[24] < 10);
  Deno.removeSync(root, { recursive: true });
});
