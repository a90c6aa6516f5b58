import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { exists } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { dense } from "lib/nn/layers/dense.ts";
import { readSafetensors } from "lib/nn/safetensors.ts";
import { AdamW } from "lib/train/adamw.ts";
import { ReadyBatches } from "lib/train/batches.ts";
import { saveCheckpoint } from "lib/train/checkpoint.ts";
import { withSettings } from "lib/train/config.ts";
import { train } from "lib/train/loop.ts";
import { Parameters } from "lib/train/parameters.ts";
import { SmallDisk } from "../small_disk.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { lossesOf, said, startTiny, tinyFolder } from "./tiny_process.ts";
import { DEADLY_MOMENTS, tinyConfig, tinyData } from "./tiny_run.ts";

/** Kilobytes: one checkpoint of the tiny run finds room there, a second one beside it does not. */
const ROOM = 60_000;
const probe = SmallDisk.make(64);
probe?.[Symbol.dispose]();

/** The updates that a checkpoint has seen. @throws Error where it is not whole */
const stepOf = (checkpoint: string) => Number(readSafetensors(checkpoint).metadata.step);

Deno.test("a loss that is no number ends the run, says where, and leaves the checkpoint before it", async () => {
  using folder = new TemporaryFolder();
  const checkpoint = folder.file("checkpoint.safetensors");
  const config = withSettings(tinyConfig(), ["epochs=2"]), data = tinyData();
  const ready = new ReadyBatches(data.clips, { train: data.train, config });
  const batches = {
    examples: ready.examples,
    targets: ready.targets,
    bands: ready.bands,
    frames: ready.frames,
    async at(step: number) {
      const batch = await ready.at(step);
      if (step === 16) batch.input[100] = NaN;
      return batch;
    },
    [Symbol.dispose]() {},
  };
  const task = { config, batches, checkpoint, validate: data.validate, onMetric: () => {} };
  for (const checkpointSeconds of [0, 60]) { // also where it goes on from a checkpoint
    await assert.rejects(
      train({ ...task, checkpointSeconds }),
      /the loss is NaN at step 17 \(epoch 2, learning rate [\d.e-]+\); the last checkpoint.*clipNorm=1/,
    );
    assert.equal(stepOf(checkpoint), 16);
  }
  assert.deepEqual(folder.names, ["checkpoint.safetensors"]);
});

Deno.test("weights that are no numbers are not written over those that are", () => {
  using folder = new TemporaryFolder();
  const path = folder.file("checkpoint.safetensors");
  const specs = dense("last", { inputs: 2, outputs: 3 }).parameters;
  const parameters = new Parameters(specs, randomFrom("failure")), optimizer = new AdamW();
  saveCheckpoint(path, { parameters, optimizer, step: 4 });
  const before = Deno.readFileSync(path);
  for (const value of [NaN, Infinity]) {
    parameters.variables.get("last.bias")!.assign(tf.tensor([0, value, 0]));
    assert.throws(
      () => saveCheckpoint(path, { parameters, optimizer, step: 5 }),
      /last\.bias is not finite after step 5/,
    );
  }
  assert.deepEqual(Deno.readFileSync(path), before);
  assert.deepEqual(folder.names, ["checkpoint.safetensors"]);
});

Deno.test("a run that is killed at any moment, again and again, ends as the unbroken one", async () => {
  using folder = new TemporaryFolder();
  const whole = await tinyFolder(folder.file("whole"));
  const broken = await tinyFolder(folder.file("broken"));
  assert.equal((await said(startTiny(folder.file("whole")))).out, "finished");
  let step = 0;
  for (const moment of DEADLY_MOMENTS) {
    const child = startTiny(folder.file("broken"), ["--resume", `--die=${moment}`]);
    const { errors } = await said(child);
    assert.equal((await child.status).signal, "SIGKILL", `${moment}: ${errors}`);
    const saved = exists(broken.checkpoint) ? stepOf(broken.checkpoint) : 0;
    assert.ok(saved >= step && !broken.isFinished, `${saved} after ${step}: ${moment}`);
    step = saved;
  }
  assert.equal((await said(startTiny(folder.file("broken"), ["--resume"]))).out, "finished");
  assert.deepEqual(broken.readMetrics(), whole.readMetrics());
  assert.deepEqual(broken.readResult(), whole.readResult());
  const [theirs, ours] = [whole, broken].map(({ weights }) => Deno.readFileSync(weights));
  assert.equal(Buffer.compare(ours, theirs), 0, "the weights differ");
  // what was half written is gone with the next process, or replaced by it
  const left = [...Deno.readDirSync(broken.path)].map(({ name }) => name);
  assert.deepEqual(left.filter((name) => name.endsWith(".tmp")), []);
});

Deno.test({
  name: "a disk that is full ends the run, says which file, and leaves the last checkpoint",
  ignore: !probe,
  async fn() {
    using disk = SmallDisk.make(ROOM)!;
    const run = await tinyFolder(disk.path);
    const { errors } = await said(startTiny(disk.path));
    assert.match(errors, /cannot write \S*checkpoint\.safetensors: No space left/);
    const saved = stepOf(run.checkpoint);
    assert.ok(saved > 0 && saved < 36);
    assert.deepEqual(
      [...Deno.readDirSync(run.path)].map(({ name }) => name).filter((name) =>
        name.endsWith(".tmp")
      ),
      [],
    );
    // where there is room it goes on
    using folder = new TemporaryFolder();
    const moved = await tinyFolder(folder.path);
    Deno.mkdirSync(moved.path);
    for (const { name } of Deno.readDirSync(run.path)) {
      Deno.copyFileSync(join(run.path, name), join(moved.path, name));
    }
    assert.equal((await said(startTiny(folder.path, ["--resume"]))).out, "finished");
    assert.equal(lossesOf(moved).length, 36);
  },
});
