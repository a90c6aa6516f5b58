import assert from "node:assert/strict";
import { Journal } from "lib/core/journal.ts";
import {
  type Grid,
  gridFor,
  GRIDS,
  LONGEST,
  runsOf,
  secondsOf,
  type TimingEntry,
  timingsLeft,
  timingsOf,
  timingsWanted,
} from "lib/experiments/inference_plan.ts";
import {
  formatInference,
  growthPower,
  type InferenceStudy,
  inferenceStudy,
  slopeOrder,
  timedElsewhere,
  type TimedNetworkResult,
  timeOverLength,
} from "lib/experiments/inference_result.ts";
import { DOCUMENT_NETWORKS, TIMED_NETWORKS } from "lib/experiments/inference_networks.ts";
import { measureTimings, openTimings, planTimings } from "lib/experiments/inference_time.ts";
import { PLANS } from "./timing_process.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { until } from "../train/tiny_process.ts";

const plan = PLANS[0];
/** Twelve lengths twice, three of them from sound too. */
const WANTED = 12 * 2 + 3;

Deno.test("every length is wanted as often as planned, and some from sound, in no order of lengths", () => {
  for (const grid of GRIDS) {
    const wanted = timingsWanted({ ...plan, grid }), { step } = grid;
    const times = Map.groupBy(wanted, ({ heard, seconds }) => `${heard} ${seconds}`);
    for (let seconds = step; seconds <= LONGEST; seconds += step) {
      assert.deepEqual(
        times.get(`log-mel ${seconds}`)!.map(({ run }) => run).sort((a, b) => a - b),
        Array.from({ length: runsOf(grid, seconds) }, (_, run) => run),
      );
    }
    const fromSound = wanted.filter(({ heard }) => heard === "sound").map(({ seconds }) => seconds);
    assert.deepEqual(fromSound.sort((a, b) => a - b), [200, 400, 600]);
    assert.equal(times.size, LONGEST / step + fromSound.length);
    // the first half is not of shorter sounds: an eighth of the range is three deviations of the smallest grid's mean
    const mean = (jobs: typeof wanted) =>
      jobs.reduce((sum, { seconds }) => sum + seconds, 0) / jobs.length;
    const first = mean(wanted.slice(0, wanted.length / 2));
    assert.ok(Math.abs(first - mean(wanted)) < LONGEST / 4, `${first}`);
  }
  assert.deepEqual(timingsWanted(plan), timingsWanted(plan));
});

Deno.test("ten runs up to a minute, then as many as make ten minutes of sound, three at least", () => {
  const lengths = [10, 60, 80, 120, 150, 200, 210, 600];
  assert.deepEqual(lengths.map((seconds) => runsOf(GRIDS[0], seconds)), [10, 10, 8, 5, 4, 3, 3, 3]);
  assert.deepEqual(
    lengths.map((seconds) => runsOf({ step: 10, runs: 2 }, seconds)),
    Array(8).fill(2),
  );
  for (const step of [7, 75, 110, 150, 200]) {
    const grid = { step, runs: 1 };
    const fromSound = timingsWanted({ ...plan, grid }).filter(({ heard }) => heard === "sound");
    // a line needs three lengths
    assert.ok(fromSound.length >= 3 && fromSound.length <= 5, `${step}: ${fromSound.length}`);
  }
});

Deno.test("the document's networks get its grid, others the largest that they get through in two minutes", () => {
  const soundOf = (grid: Grid) =>
    secondsOf({ ...plan, firstLook: 1 }, timingsWanted({ ...plan, grid }));
  assert.equal(soundOf(GRIDS[3]), 3 * (100 + 200 + 300 + 400 + 500 + 600) + 1200);
  for (const [k, grid] of GRIDS.entries()) {
    const whole = soundOf(grid);
    assert.deepEqual(gridFor("lstm", 119 / whole), grid);
    assert.deepEqual(gridFor("lstm", 121 / whole), GRIDS[k + 1] ?? grid);
  }
  assert.deepEqual(DOCUMENT_NETWORKS.map((name) => gridFor(name, 1)), Array(4).fill(GRIDS[0]));
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
  assert.equal(timingsLeft(entries, plan).length, WANTED - 1);
  assert.equal(timingsLeft([...entries, { plan: PLANS[1] }], plan).length, WANTED - 1);
  assert.equal(timingsLeft([...entries, { plan }], plan).length, WANTED);
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
  for (const count of [10, 25, 40]) {
    const child = start();
    await until(`${count} lines`, () => lines() >= count, 2);
    child.kill("SIGKILL");
    await child.status;
    assert.ok(lines() < 2 + 2 * WANTED, "it had been killed before it was done");
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
  // two of the four processes had to do with each, or three where one was killed between them
  const sessions = networks.map(({ sessions }) => sessions.length);
  assert.ok(sessions[0] + sessions[1] <= 5 && Math.min(...sessions) >= 2, `${sessions}`);
  for (const result of networks) {
    for (const heard of ["log-mel", "sound"] as const) {
      const { fit, realTimeFactor, lengths } = result[heard];
      assert.ok(Math.abs(fit.slope - 2) < 1e-12 && Math.abs(fit.intercept - 5) < 1e-9);
      assert.equal(fit.r2, 1);
      assert.equal(realTimeFactor, 2.008e-3); // 1205 ms for 600 s, four digits
      assert.deepEqual(
        lengths.map(({ seconds }) => seconds),
        heard === "sound" ? [200, 400, 600] : [...Array(12).keys()].map((k) => 50 * k + 50),
      );
    }
  }
});

Deno.test("the power that time grows with: 1 is linear, and sounds of less than a minute do not count", () => {
  const power = (milliseconds: (seconds: number) => number) =>
    growthPower(timeOverLength(
      [10, 30, 60, 200, 400, 600].map((seconds) => ({
        heard: "log-mel",
        seconds,
        run: 0,
        milliseconds: seconds < 60 ? 1e6 : milliseconds(seconds),
      })),
    ));
  // times are kept with four digits
  for (const wanted of [0, 1, 2]) {
    const { slope, low, high } = power((seconds) => 3 * seconds ** wanted);
    assert.ok(Math.abs(slope - wanted) < 1e-3 && low <= slope && slope <= high, `${slope}`);
  }
  const { slope, low, high } = power((seconds) => (seconds < 300 ? 4 : 3) * seconds);
  assert.ok(slope < 1 && low < slope && high > 1, `${slope} (${low} to ${high})`);
});

/** A network whose slope, parameters and multiply-accumulates are given. */
const made = (slope: number, parameters: number, multiplyAccumulates: number) => {
  const series = { lengths: [], realTimeFactor: slope, fit: { slope } };
  return { network: `${slope}`, parameters, multiplyAccumulates, "log-mel": series, sound: series };
};

/** A journal in memory whose first plan's network was measured on a machine. */
function measured(machine: string, factor: number): TimingEntry[] {
  const session = { machine, device: "CPU" as const, started: `2026 ${machine}`, load: 0 };
  return [
    { plan },
    { session },
    ...timingsWanted(plan).map((job) => ({
      timing: { ...job, milliseconds: factor * job.seconds },
    })),
  ];
}

Deno.test("what is measured joins what was saved, and replaces it; two machines do not mix", () => {
  const names = ["first", "second"];
  const saved = inferenceStudy(measured("this", 2), ["first"]);
  const [first] = saved.networks, second = { ...first, network: "second" };
  const slopes = ({ networks }: InferenceStudy) =>
    networks.map(({ network, "log-mel": mel }) => [network, mel.fit.slope]);
  const both = inferenceStudy(measured("this", 3), names, { networks: [second, first] });
  assert.deepEqual(slopes(both), [["first", 3], ["second", 2]]);
  // a network whose plan is not done stays as it was
  const begun = measured("this", 3).slice(0, -1);
  assert.deepEqual(slopes(inferenceStudy(begun, names, saved)), [["first", 2]]);
  assert.equal(formatInference(both).match(/CPU of this/g)!.length, 1);
  assert.throws(
    () => inferenceStudy(measured("that", 3), names, { networks: [second] }),
    /on the CPU of that and on the CPU of this.*two machines/,
  );
});

Deno.test("before anything is measured it is told what another machine has timed", () => {
  const elsewhere = (
    options: { names: string[]; saved?: InferenceStudy; entries?: TimingEntry[] },
  ) => timedElsewhere(options.entries ?? [], { here: "CPU of this", ...options });
  const [first] = inferenceStudy(measured("that", 2), ["first"]).networks;
  const saved = { networks: [first, { ...first, network: "second" }] };
  // whoever times all of them may replace them, once they are there
  assert.deepEqual(elsewhere({ names: ["first", "second", "third"], saved }), ["first", "second"]);
  assert.throws(
    () => elsewhere({ names: ["first"], saved }),
    /second was timed on the CPU of that and saved, and this is the CPU of this.*without --only/,
  );
  assert.throws(
    () => elsewhere({ names: ["first"], entries: measured("that", 2).slice(0, -1) }),
    /first was timed on the CPU of that, and this is the CPU of this.*--restart/,
  );
  // a plan that was made anew has nothing of another machine
  assert.deepEqual(
    elsewhere({ names: ["first"], entries: [...measured("that", 2), { plan }] }),
    [],
  );
  const own = inferenceStudy(measured("this", 2), ["first"]);
  assert.deepEqual(elsewhere({ names: ["second"], saved: own, entries: measured("this", 2) }), []);
});

Deno.test("measuring ends before it would take longer than it may", async () => {
  using folder = new TemporaryFolder();
  const journal = new Journal<TimingEntry>(folder.file("cpu.jsonl"));
  const slow = { ...PLANS[1], firstLook: 1 };
  journal.append({ plan: slow });
  const watch = { time: () => Promise.resolve(1), [Symbol.dispose]() {} };
  // nothing takes time here: it ends before the first sound that would take more than is allowed in all
  const count = timingsWanted(slow).findIndex(({ seconds }) => seconds > 590);
  await measureTimings(journal, [slow], { seconds: 590, prepare: () => Promise.resolve(watch) });
  assert.ok(count > 0);
  assert.equal(timingsLeft(journal.entries, slow).length, WANTED - count);
  await measureTimings(journal, [slow], { prepare: () => Promise.resolve(watch) });
  assert.deepEqual(timingsLeft(journal.entries, slow), []);
});

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
  const { journal, lock } = openTimings(folder.path);
  assert.throws(() => openTimings(folder.path), /another process is timing networks/);
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
  await planTimings(journal, ["lstm"], { ...options, restart: true });
  assert.deepEqual(
    inferenceStudy(journal.entries, names).networks.map(({ network }) => network),
    names.filter((name) => name !== "lstm"), // it alone is measured anew
  );
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
