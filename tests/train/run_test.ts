import assert from "node:assert/strict";
import { join } from "node:path";
import { lockFolder } from "lib/core/lock.ts";
import { binding } from "lib/nn/engine/mod.ts";
import { TRAINING_VERSION } from "lib/experiments/run_folder.ts";
import { type RunOptions, runTraining } from "lib/experiments/run_training.ts";
import { readSafetensors } from "lib/nn/safetensors.ts";
import { withSettings } from "lib/train/config.ts";
import { lossesOf, said, startTiny, tinyFolder, untilStep } from "./tiny_process.ts";
import { assertResumes, assertSameWeights } from "./resuming.ts";
import { tinyConfig, tinyData } from "./tiny_run.ts";

const load = () => Promise.resolve(tinyData());

/** Shared and local runs below a folder. */
const rootsIn = (root: string) => ({ shared: root, local: join(root, "local") });

/** Steps at which it is killed, and those of the unbroken run. */
const TWICE = { kills: [7, 20], steps: 36 };

/** Everything that has a state. */
const STATEFUL = [
  "accumulate=2",
  "clipNorm=1",
  "averageDecay=0.9",
  `schedule={"name":"plateau","maxLearningRate":1e-3,"warmLearningRate":2e-3,"measure":"validation/logit","patience":0}`,
];
/** One epoch of the head's, the best one, and four without a gain. */
const STOPPED = [
  "epochs=8",
  ...STATEFUL,
  `earlyStopping={"measure":"validation/constant","patience":4}`,
];

Deno.test("a run that is killed and resumed, twice, is the unbroken run bit for bit", async () => {
  const root = Deno.makeTempDirSync();
  await assertResumes(root, [], TWICE);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("so is one with all that has a state; stopped early it has the best epoch's weights", async () => {
  const root = Deno.makeTempDirSync();
  const stopped = await assertResumes(root, STOPPED, TWICE);
  const settings = ["epochs=2", ...STATEFUL], ended = await tinyFolder(root, settings);
  assert.equal((await said(startTiny(root, settings))).out, "finished");
  assert.equal(lossesOf(ended).length, 12);
  assertSameWeights(stopped, ended);
  assert.deepEqual(stopped.readResult(), ended.readResult());
  Deno.removeSync(root, { recursive: true });
});

Deno.test("so is one whose spectrograms are summed, put one after the other, turned and masked", async () => {
  const root = Deno.makeTempDirSync();
  const kinds = ["sum", "concat", "reverse", "time-shift", "frequency-mask", "erase-pixels"];
  const steps = JSON.stringify(kinds.map((kind) => ({ kind, probability: 0.7 })));
  const settings = ["augment.mixProbability=0", `augment.spectrogram=${steps}`, "epochs=2"];
  await assertResumes(root, settings, { kills: [7], steps: 24 });
  Deno.removeSync(root, { recursive: true });
});

Deno.test("Ctrl-C stops after the step, with a checkpoint", async () => {
  const root = Deno.makeTempDirSync();
  const folder = await tinyFolder(root);
  const child = startTiny(root);
  await untilStep(folder, 5);
  child.kill("SIGINT");
  assert.equal((await said(child)).out, "stopped");
  const { step } = readSafetensors(folder.checkpoint).metadata;
  assert.equal(Number(step), lossesOf(folder).length);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("an unfinished run is not begun anew by accident, nor a finished one repeated", async () => {
  const root = Deno.makeTempDirSync(), config = withSettings(tinyConfig(), ["epochs=2"]);
  const roots = rootsIn(root), stop = new AbortController();
  const stopping = () => {
    const data = tinyData();
    data.validate = () => {
      stop.abort();
      return Promise.resolve({});
    };
    return Promise.resolve(data);
  };
  const first = await runTraining(config, { roots, load: stopping, signal: stop.signal });
  assert.equal(first.outcome, "stopped");
  await assert.rejects(runTraining(config, { roots, load }), /--resume.*--restart/);
  const other = () => Promise.resolve({ ...tinyData(), fingerprint: "other data" });
  await assert.rejects(
    runTraining(config, { roots, load: other, resume: true }),
    /begun on other data.*--restart/,
  );
  const split = () => Promise.resolve({ ...tinyData(), held: [0, 1] });
  await assert.rejects(
    runTraining(config, { roots, load: split, resume: true }),
    /begun with other clips to train on, or held out.*--restart/,
  );
  Deno.env.set("LUMEN_DETERMINISTIC", "1");
  await assert.rejects(
    runTraining(config, { roots, load, resume: true }),
    /other settings of the environment \(none, now LUMEN_DETERMINISTIC=1\)/,
  );
  Deno.env.delete("LUMEN_DETERMINISTIC");
  const record = first.folder.readRecord();
  const version = (trainingVersion: number) =>
    first.folder.writeRecord({ ...record, provenance: { ...record.provenance, trainingVersion } });
  version(TRAINING_VERSION + 1);
  await assert.rejects(
    runTraining(config, { roots, load, resume: true }),
    /begun by code that gives other results.*--restart/,
  );
  version(TRAINING_VERSION);
  assert.equal((await runTraining(config, { roots, load, resume: true })).outcome, "finished");
  const again = await runTraining(config, { roots, load });
  assert.equal(again.outcome, "was finished");
  // what cannot begin anew throws nothing away
  const result = again.folder.readResult();
  const missing = () => Promise.reject(new Error("the data are not here"));
  await assert.rejects(
    runTraining(config, { roots, load: missing, restart: true }),
    /the data are not here/,
  );
  assert.deepEqual(again.folder.readResult(), result);
  assert.ok(again.folder.hasWeights);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("a shared run whose weights are not here is trained again in the local folder", async () => {
  const root = Deno.makeTempDirSync(), roots = rootsIn(root);
  const config = withSettings(tinyConfig(), ["epochs=1", "headEpochs=0"]);
  const train = (options: RunOptions) => runTraining(config, { roots, load, ...options });
  const { folder: shared } = await train({});
  assert.equal(shared.path, join(root, shared.name));
  Deno.removeSync(shared.weights); // as in a clone
  const before = Deno.readTextFileSync(join(shared.path, "config.json"));
  assert.equal((await train({ local: true })).outcome, "was finished");
  for (const local of [true, false]) {
    const again = await train({ needWeights: true, local });
    assert.equal(again.folder.path, join(root, "local", shared.name));
    assert.equal(again.outcome, local ? "finished" : "was finished");
    assert.equal(again.folder.hasWeights, true);
  }
  assert.equal(Deno.readTextFileSync(join(shared.path, "config.json")), before);
  assert.equal(shared.isFinished && !shared.hasWeights, true);
  // where there is no other folder, what is finished is not thrown away unasked
  const one = { shared: root, local: root };
  await assert.rejects(train({ roots: one, needWeights: true }), /is finished.*--restart/);
  assert.ok(shared.isFinished);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("a run has one process at a time: another one says so, or waits and finds it finished", async () => {
  const root = Deno.makeTempDirSync(), folder = await tinyFolder(root);
  const child = startTiny(root);
  await untilStep(folder, 1);
  const roots = rootsIn(root), options = { roots, load, resume: true };
  await assert.rejects(runTraining(tinyConfig(), options), /is being trained by another process/);
  await assert.rejects(
    runTraining(tinyConfig(), { ...options, restart: true }),
    /is being trained by another process/,
  );
  const { outcome } = await runTraining(tinyConfig(), { ...options, wait: true });
  assert.deepEqual([(await said(child)).out, outcome], ["finished", "was finished"]);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("what is no training step is stopped at once: loading, waiting, evaluating", async () => {
  const root = Deno.makeTempDirSync(), roots = rootsIn(root);
  const config = withSettings(tinyConfig(), ["epochs=1", "headEpochs=0"]);
  const never = () => new Promise<never>(() => {});
  const loading = AbortSignal.timeout(100);
  assert.equal(
    (await runTraining(config, { roots, load: never, signal: loading })).outcome,
    "stopped",
  );
  const stop = new AbortController();
  const endless = () => {
    const data = tinyData();
    data.evaluate = () => {
      setTimeout(() => stop.abort(), 100);
      return never();
    };
    return Promise.resolve(data);
  };
  const { outcome, folder } = await runTraining(config, {
    roots,
    load: endless,
    signal: stop.signal,
  });
  assert.deepEqual([outcome, folder.isFinished], ["stopped", false]);
  using _lock = lockFolder(folder.path);
  const waiting = AbortSignal.timeout(100);
  assert.equal(
    (await runTraining(config, { roots, load, resume: true, wait: true, signal: waiting })).outcome,
    "stopped",
  );
  Deno.removeSync(root, { recursive: true });
});

Deno.test("a run whose heads attend to one moment says so, and one with several moments does not", async () => {
  const root = Deno.makeTempDirSync(), roots = rootsIn(root), { error } = console;
  const notes = async (...settings: string[]) => {
    const told: string[] = [];
    console.error = (line: string) => told.push(line);
    try {
      await runTraining(withSettings(tinyConfig(), [...settings, "epochs=1", "headEpochs=0"]), {
        roots,
        load,
      });
    } finally {
      console.error = error;
    }
    return told.filter((line) => line.startsWith("note: attention over time"));
  };
  // 40 frames are 10, 5, 2 and 1 steps of ConvNeXt; 80 are 2
  assert.equal((await notes("model.head=attention")).length, 1);
  assert.equal((await notes("model.head=attention", "model.width=80")).length, 0);
  assert.equal((await notes()).length, 0);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("a resumed run has the losses of the unbroken one, with sums in any order", async () => {
  const root = Deno.makeTempDirSync(), config = withSettings(tinyConfig(), ["epochs=7"]);
  const [whole, broken] = ["whole", "broken"].map((name) => rootsIn(join(root, name)));
  const { folder } = await runTraining(config, { roots: whole, load });
  const stop = new AbortController();
  const stopping = () => {
    const data = tinyData();
    let epochs = 0;
    data.validate = () => {
      if (++epochs === 2) stop.abort();
      return Promise.resolve({});
    };
    return Promise.resolve(data);
  };
  await runTraining(config, { roots: broken, load: stopping, signal: stop.signal });
  const resumed = await runTraining(config, { roots: broken, load, resume: true });
  const [expected, losses] = [folder, resumed.folder].map((run) => lossesOf(run).slice(24, 74));
  assert.equal(losses.length, 50);
  // threads add in any order: what differs in the last digit of a sum grows with every step
  losses.forEach((loss, k) =>
    assert.ok(Math.abs(loss - expected[k]) <= 1e-5, `step ${k + 25}: ${loss} ${expected[k]}`)
  );
  Deno.removeSync(root, { recursive: true });
});

Deno.test("training learns: the loss of the last steps is a fraction of the first ones'", async () => {
  const root = Deno.makeTempDirSync();
  const config = withSettings(tinyConfig(), ["epochs=8", "augment.mixProbability=0"]);
  const { folder } = await runTraining(config, { roots: rootsIn(root), load });
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
  await runTraining(config, { roots: rootsIn(root), load: watched });
  // the least of ten epochs: at some of them the last checkpoint (40 MB, twice) waits for the garbage collector; the
  // first 24 do not count: allocators grow to what a step and a checkpoint need
  const least = (from: number) => Math.min(...memory.slice(from).slice(0, 10));
  const grown = least(-10) - least(24);
  assert.ok(grown < 50, `grew by ${grown.toFixed(0)} MB: ${memory.map(Math.round).join(" ")}`);
  assert.ok(tensors.at(-1)! - tensors[24] < 10);
  Deno.removeSync(root, { recursive: true });
});
