import assert from "node:assert/strict";
import { join } from "node:path";
import {
  compareWithPeer,
  type FinishedRun,
  type IrmasResult,
  type PeerRun,
  readRuns,
} from "lib/experiments/evidence.ts";
import type { Provenance } from "lib/experiments/provenance.ts";
import {
  finishedRuns,
  newestOf,
  RunFolder,
  runName,
  TRAINING_VERSION,
} from "lib/experiments/run_folder.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { randomFrom } from "lib/core/random.ts";
import { BASE_CONFIG, parseConfig, withSettings } from "lib/train/config.ts";

const config = parseConfig({
  ...BASE_CONFIG,
  recipe: "some_recipe",
  seed: 4,
  data: { source: "demo", size: "small" },
});

Deno.test("a run's name follows from its settings, not from their order", async () => {
  const name = await runName(config);
  assert.match(name, /^some_recipe-[0-9a-f]{8}-seed4$/);
  const reversed = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
  assert.equal(await runName(reversed), name);
  assert.notEqual(await runName(withSettings(config, ["epochs=9"])), name);
  assert.equal((await runName({ ...config, seed: 5 })).replace("seed5", "seed4"), name);
});

Deno.test("metrics: a line that was cut is left out, later ones are forgotten on resuming", () => {
  const root = Deno.makeTempDirSync(), folder = new RunFolder("run", root);
  folder.writeRecord({ config, provenance: undefined as never });
  for (const step of [1, 2, 3]) folder.appendMetric({ name: "x", value: step / 3, step, epoch: 0 });
  Deno.writeTextFileSync(join(folder.path, "metrics.jsonl"), '{"name":"x","val', { append: true });
  assert.deepEqual(folder.readMetrics().map(({ step }) => step), [1, 2, 3]);
  folder.truncateMetrics(2);
  folder.appendMetric({ name: "x", value: 1, step: 3, epoch: 0 });
  assert.deepEqual(folder.readMetrics().map(({ value }) => value), [1 / 3, 2 / 3, 1]);
  const path = join(folder.path, "metrics.jsonl"),
    [first, ...rest] = Deno.readTextFileSync(path).split("\n");
  Deno.writeTextFileSync(path, [first.slice(0, 9), ...rest].join("\n"));
  assert.throws(() => folder.readMetrics(), /metrics\.jsonl: line 1 is no JSON/);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("runs are found once they are finished, by their settings", async () => {
  const root = Deno.makeTempDirSync();
  for (const seed of [2, 1, 3]) {
    const folder = new RunFolder(await runName({ ...config, seed }), root);
    const provenance = { trainingVersion: TRAINING_VERSION } as Provenance;
    folder.writeRecord({ config: { ...config, seed }, provenance });
    if (seed < 3) folder.writeResult({ threshold: seed });
  }
  assert.equal(finishedRuns({ roots: [root] }).length, 2);
  const seeds = async (like: typeof config) =>
    (await readRuns(like, root)).map(({ config }) => config.seed);
  assert.deepEqual(await seeds(config), [1, 2]);
  assert.deepEqual(await seeds(withSettings(config, ["epochs=9"])), []);
  // of code that gives other results
  const old = new RunFolder(await runName({ ...config, seed: 1 }), root);
  const provenance = { trainingVersion: TRAINING_VERSION + 1 } as Provenance;
  old.writeRecord({ config: { ...config, seed: 1 }, provenance });
  assert.deepEqual(await seeds(config), [2]);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("the newest run is the one that was begun last, whatever the dates of its files", () => {
  const root = Deno.makeTempDirSync();
  const folders = ["2026-03-01", "2026-05-01", "2026-04-01"].map((started, k) => {
    const folder = new RunFolder(`run${k}`, root);
    folder.writeRecord({ config, provenance: { started } as Provenance });
    folder.writeResult({ threshold: 0 });
    return folder;
  });
  assert.equal(newestOf(folders)?.name, "run1");
  assert.equal(newestOf([]), undefined);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("of a run that is in two folders the first counts, or the one that has weights", () => {
  const root = Deno.makeTempDirSync(), roots = ["shared", "local"].map((name) => join(root, name));
  const folders = roots.map((place) => new RunFolder("run", place));
  for (const folder of folders) folder.writeResult({ threshold: 0 });
  Deno.writeTextFileSync(folders[1].weights, "");
  const found = (withWeights: boolean) =>
    finishedRuns({ roots, withWeights }).map(({ path }) => path);
  assert.deepEqual(found(false), [folders[0].path]);
  assert.deepEqual(found(true), [folders[1].path]);
  Deno.removeSync(root, { recursive: true });
});

/** Runs that are right on a share of 400 clips of 100 recordings, drawn by seed. */
function made(share: number, seeds: number[]) {
  const clips = Array.from(
    { length: 400 },
    (_, k) => `${INSTRUMENTS[k % 11]}/recording${k % 100}__${Math.floor(k / 100)}`,
  );
  const row = (clip: string, right: boolean) => {
    const label = INSTRUMENTS.indexOf(clip.split("/")[0] as typeof INSTRUMENTS[number]);
    return INSTRUMENTS.map((_, k) => k === (right ? label : (label + 1) % 11) ? 0.9 : 0.1);
  };
  return seeds.map((seed) => {
    const random = randomFrom("made", share, seed);
    const scores = clips.map((clip) => row(clip, random.chance(share)));
    return { seed, clips, scores, table: Object.fromEntries(clips.map((c, k) => [c, scores[k]])) };
  });
}

const ours = (share: number) =>
  made(share, [0, 1, 2]).map(({ seed, table }) => ({
    name: `run ${seed}`,
    config: { ...config, seed },
    metrics: [],
    result: { scores: { heldOut: table } },
  })) as unknown as FinishedRun<IrmasResult>[];
const peers = (share: number) =>
  made(share, [10, 11, 12]).map(({ seed, clips, scores }) => ({
    seed,
    test: { clips, logits: scores },
  })) as unknown as PeerRun[];

Deno.test("the comparison with the peer finds a difference that is there, and none that is not", () => {
  const better = compareWithPeer(ours(0.7), peers(0.5));
  assert.ok(better.low > 0 && better.low < 0.2 && better.high > 0.2);
  const equal = compareWithPeer(ours(0.6), peers(0.6));
  assert.ok(equal.low < 0 && equal.high > 0);
  assert.throws(() => compareWithPeer([], peers(0.5)), /cannot compare 0 runs/);
  const [first] = peers(0.5);
  const elsewhere = {
    ...first,
    test: { clips: ["cel/other__1"], logits: [INSTRUMENTS.map(() => 0)] },
  };
  assert.throws(
    () => compareWithPeer(ours(0.5), [elsewhere]),
    /run 0 was not scored on cel\/other__1/,
  );
});
