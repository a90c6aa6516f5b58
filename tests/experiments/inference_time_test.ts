import assert from "node:assert/strict";
import { Journal } from "lib/core/journal.ts";
import {
  gridFor,
  GRIDS,
  LONGEST,
  secondsOf,
  type TimingEntry,
  timingsLeft,
  timingsOf,
  timingsWanted,
} from "lib/experiments/inference_plan.ts";
import {
  formatInference,
  inferenceStudy,
  slopeOrder,
  type TimedNetworkResult,
} from "lib/experiments/inference_result.ts";
import { DOCUMENT_NETWORKS, TIMED_NETWORKS } from "lib/experiments/inference_networks.ts";
import { measureTimings, openTimings, planTimings } from "lib/experiments/inference_time.ts";
import { PLANS } from "./timing_process.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { until } from "../train/tiny_process.ts";

const plan = PLANS[0];

Deno.test("every length is wanted as often as planned, and from sound once, in no order of lengths", () => {
  for (const grid of GRIDS) {
    const wanted = timingsWanted({ ...plan, grid }), { step, runs } = grid;
    assert.equal(wanted.length, LONGEST / step * (runs + 1));
    const times = Map.groupBy(wanted, ({ heard, seconds }) => `${heard} ${seconds}`);
    for (let seconds = step; seconds <= LONGEST; seconds += step) {
      assert.deepEqual(
        times.get(`log-mel ${seconds}`)!.map(({ run }) => run).sort((a, b) => a - b),
        Array.from({ length: runs }, (_, run) => run),
      );
      assert.equal(times.get(`sound ${seconds}`)!.length, 1);
    }
    // the first half is not of shorter sounds: an eighth of the range is four deviations of the smallest grid's mean
    const first = wanted.slice(0, wanted.length / 2);
    const mean = first.reduce((sum, { seconds }) => sum + seconds, 0) / first.length;
    assert.ok(Math.abs(mean - (LONGEST + step) / 2) < LONGEST / 4, `${mean}`);
  }
  assert.deepEqual(timingsWanted(plan), timingsWanted(plan));
});

Deno.test("a slow network gets the largest grid that it gets through, and the smallest in any case", () => {
  const whole = 11 * 60 * (10 + 600) / 2; // seconds of sound
  assert.equal(
    secondsOf({ ...plan, firstLook: 1 }, timingsWanted({ ...plan, grid: GRIDS[0] })),
    whole,
  );
  assert.deepEqual(gridFor(599 / whole, 600), GRIDS[0]);
  assert.deepEqual(gridFor(601 / whole, 600), GRIDS[1]);
  assert.deepEqual(gridFor(1, 600), GRIDS.at(-1));
});

Deno.test("what was measured by an older plan does not count", () => {
  const timing = {
    network: "first",
    heard: "log-mel" as const,
    seconds: 50,
    run: 0,
    milliseconds: 9,
  };
  const entries: TimingEntry[] = [{ plan }, { timing }];
  assert.equal(timingsLeft(entries, plan).length, 35);
  assert.equal(timingsLeft([...entries, { plan: PLANS[1] }], plan).length, 35);
  assert.equal(timingsLeft([...entries, { plan }], plan).length, 36);
});

Deno.test("a study that is killed again and again measures everything once", async () => {
  using folder = new TemporaryFolder();
  const path = folder.file("cpu.jsonl");
  const lines = () => {
    try {
      return Deno.readTextFileSync(path).split("\n").length - 1;
    } catch {
      return 0;
    }
  };
  const start = () =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "tests/experiments/timing_process.ts", folder.path],
      stdout: "null",
      stderr: "null",
    }).spawn();
  for (const count of [10, 30, 50]) {
    const child = start();
    await until(`${count} lines`, () => lines() >= count, 2);
    child.kill("SIGKILL");
    await child.status;
    assert.ok(lines() < 2 + 72, "it had been killed before it was done");
  }
  assert.equal((await start().status).code, 0);
  const { entries } = new Journal<TimingEntry>(path);
  assert.equal(entries.filter((entry) => "session" in entry).length, 4);
  for (const plan of PLANS) {
    const { timings } = timingsOf(entries, plan.network);
    assert.deepEqual(
      timings.map(({ milliseconds: _, ...job }) => job),
      timingsWanted(plan), // in the planned order, none twice
    );
  }
  const { networks, order } = inferenceStudy(entries, ["second", "first", "third"]);
  assert.deepEqual(networks.map(({ network }) => network), ["second", "first"]);
  assert.equal(order, undefined);
  for (const result of networks) {
    for (const heard of ["log-mel", "sound"] as const) {
      const { fit, realTimeFactor, lengths } = result[heard];
      assert.ok(Math.abs(fit.slope - 2) < 1e-12 && Math.abs(fit.intercept - 5) < 1e-9);
      assert.equal(fit.r2, 1);
      assert.equal(realTimeFactor, 2.008e-3); // 1205 ms for 600 s, four digits
      assert.deepEqual(
        lengths.map(({ seconds }) => seconds),
        [...Array(12).keys()].map((k) => 50 * k + 50),
      );
    }
  }
});

/** A network whose slope, parameters and multiply-accumulates are given. */
const made = (slope: number, parameters: number, multiplyAccumulates: number) => {
  const series = { lengths: [], realTimeFactor: slope, fit: { slope } };
  return { network: `${slope}`, parameters, multiplyAccumulates, "log-mel": series, sound: series };
};

Deno.test("slopes follow what they are proportional to", () => {
  const networks = [[1, 9, 2], [2, 1, 4], [3, 5, 6], [4, 3, 8], [8, 2, 16]]
    .map(([slope, parameters, products]) => made(slope, parameters, products));
  const { correlation, spread } = slopeOrder(networks as unknown as TimedNetworkResult[]);
  assert.equal(correlation.multiplyAccumulates.rho, 1);
  assert.equal(spread.multiplyAccumulates, 1);
  // ranks 5 1 4 3 2 against 1 2 3 4 5: squares of differences 16 1 1 1 9
  assert.ok(Math.abs(correlation.parameters.rho - (1 - 6 * 28 / (5 * 24))) < 1e-12);
  assert.ok(Math.abs(spread.parameters - 4 / (1 / 9)) < 1e-12);
});

Deno.test("networks are really planned, timed and told of", async () => {
  using folder = new TemporaryFolder();
  const { journal, lock } = openTimings({ folder: folder.path });
  assert.throws(() => openTimings({ folder: folder.path }), /another process is timing networks/);
  const names = ["mobilenet-v3-small-050", "lstm", "wav2vec2-narrow", "yamnet"];
  const options = { grid: { step: 200, runs: 1 } };
  const plans = await planTimings(journal, names, options);
  assert.deepEqual(await planTimings(journal, names, options), plans);
  assert.deepEqual(plans.map(({ pieceSeconds }) => pieceSeconds), [3, 4.16, 3, 3]);
  await measureTimings(journal, plans);
  await measureTimings(journal, plans); // nothing is left
  assert.equal(journal.entries.length, 4 + 1 + 4 * 6);
  const study = inferenceStudy(journal.entries, names);
  for (const { network, parameters, "log-mel": mel } of study.networks) {
    assert.ok(mel.lengths.every(({ median }) => median > 0));
    assert.equal(parameters, plans.find((plan) => plan.network === network)!.parameters);
  }
  assert.match(formatInference(study), /slopes and multiply-accumulates: rank correlation/);
  lock[Symbol.dispose]();
  await assert.rejects(
    planTimings(journal, ["convnext"]),
    /no network "convnext" to time; known: /,
  );
});

Deno.test("the document's networks are among those that are timed", () => {
  assert.ok(DOCUMENT_NETWORKS.every((name) => name in TIMED_NETWORKS));
});
