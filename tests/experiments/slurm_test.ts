import assert from "node:assert/strict";
import { join } from "node:path";
import { writeJson } from "lib/core/files.ts";
import { tryLockFolder } from "lib/core/lock.ts";
import { TRAINING_VERSION } from "lib/experiments/run_folder.ts";
import { runName } from "lib/experiments/run_folder.ts";
import { jobScript, parseQueue, submitRuns, timeLimit } from "lib/experiments/slurm.ts";
import { followRuns, noteOf } from "lib/experiments/slurm_follow.ts";
import { runTask } from "lib/experiments/slurm_task.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { tinyConfig } from "../train/tiny_run.ts";

/** What Slurm 22.05.8 printed of eight runs, one of which was killed and one requeued. */
const QUEUE = `\
lumen-E0-20261126T033606376|12_1|1|FAILED|NonZeroExitCode
lumen-E0-20261126T033606376|12_4|4|PENDING|Resources
lumen-E0-20261126T033606376|12_5|5|PENDING|Resources
lumen-E0-20261126T033606376|12_6|6|PENDING|Resources
lumen-E0-20261126T033606376|12_7|7|PENDING|Resources
lumen-E0-20261126T033606376|12_0|0|PENDING|BeginTime
lumen-E0-20261126T033606376|12_2|2|RUNNING|None
lumen-E0-20261126T033606376|12_3|3|RUNNING|None
`;

const RUNS = ["screen", "screen+sum-3", "screen+odd[1 2]'s"].map((recipe, seed) => ({
  recipe,
  seed,
  name: `${recipe}-01234567-seed${seed}`,
}));
const COMMAND = ["./lumen", "experiment", "--slurm-task"];

/** Programs of Slurm's names in the place of Slurm's: they print what a test says, and note what they were asked. */
class FakeSlurm implements Disposable {
  readonly #place = new TemporaryFolder();
  readonly #path = Deno.env.get("PATH")!;
  /** Of submissions. */
  readonly folder = this.#place.file("submissions");
  readonly roots = { shared: this.#place.file("shared"), local: this.#place.file("local") };

  constructor() {
    Deno.env.set("PATH", `${this.#place.path}:${this.#path}`);
    this.set("squeue", "");
  }

  set(program: string, prints: string, { status = 0 } = {}): void {
    const file = this.#place.file(program);
    const to = status === 0 ? "" : " >&2";
    Deno.writeTextFileSync(`${file}.txt`, prints);
    Deno.writeTextFileSync(
      file,
      `#!/bin/sh\necho "$@" >>'${file}.asked'\ncat '${file}.txt'${to}\nexit ${status}\n`,
      { mode: 0o755 },
    );
  }

  /** What a program was asked, a line each time. */
  asked(program: string): string[] {
    try {
      return Deno.readTextFileSync(this.#place.file(`${program}.asked`)).trim().split("\n");
    } catch {
      return [];
    }
  }

  get files(): string[] {
    return [...Deno.readDirSync(this.folder)].map(({ name }) => name).sort();
  }

  submit(runs = RUNS) {
    return submitRuns(runs, { family: "E0", folder: this.folder, command: COMMAND, time: "30" });
  }

  [Symbol.dispose](): void {
    Deno.env.set("PATH", this.#path);
    this.#place[Symbol.dispose]();
  }
}

/** The options in a script, by their names. */
const optionsOf = (script: string) =>
  Object.fromEntries(
    [...script.matchAll(/^#SBATCH --([\w-]+)(?:=(.*))?$/gm)].map((
      [, name, value],
    ) => [name, value]),
  );

Deno.test("a job's script asks for what was wanted, and for nothing else", () => {
  const job = { name: "lumen-E0-1", runs: RUNS, command: COMMAND, folder: "data/slurm" };
  assert.deepEqual(optionsOf(jobScript(job, { time: "30" })), {
    "job-name": "lumen-E0-1",
    array: "0-2",
    requeue: undefined,
    "open-mode": "append",
    output: "data/slurm/lumen-E0-1-%a.log",
    signal: "B:INT@120",
    "cpus-per-task": "4",
    mem: "8G",
    time: "30",
  });
  const options = { cores: 2, memory: "900M", time: "1-0", gpus: 2, partition: "p", account: "a" };
  const { gres, partition, account, time, mem, ...rest } = optionsOf(jobScript(job, options));
  assert.deepEqual(
    [gres, partition, account, time, mem, rest["cpus-per-task"]],
    ["gpu:2", "p", "a", "1-0", "900M", "2"],
  );
  assert.throws(
    () => jobScript(job, { time: "30", partition: "a b" }),
    /cannot ask Slurm for --partition="a b"/,
  );
});

Deno.test("a shell finds the words of a task's command as they are, and as many threads as cores", () => {
  const words = ["screen+sum-3", "odd[1 2]", "it's", "$HOME", "*", "plain"];
  const script = jobScript(
    { name: "job", runs: RUNS, command: ["printf", "%s\\n", ...words], folder: "data/slurm" },
    { time: "30" },
  );
  const { stdout } = new Deno.Command("sh", {
    args: ["-c", script.replace("exec", 'echo "$LUMEN_THREADS"\nexec')],
    env: { SLURM_CPUS_PER_TASK: "3", LUMEN_THREADS: "" },
  }).outputSync();
  const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
  assert.deepEqual(lines, ["3", ...words, "data/slurm/job.json"]);
});

Deno.test("a time limit is four times the longest run, and half an hour at least", () => {
  assert.equal(timeLimit([60, 61]), "30");
  assert.equal(timeLimit([60, 3601]), "241");
  assert.equal(timeLimit([]), "30");
});

Deno.test("what squeue prints: tasks by job and place", () => {
  const jobs = parseQueue(QUEUE);
  const tasks = jobs.get("lumen-E0-20261126T033606376")!;
  assert.deepEqual([...tasks.keys()].sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(tasks.get(1), { id: "12_1", state: "FAILED", reason: "NonZeroExitCode" });
  assert.equal(parseQueue("").size, 0);
  assert.equal(
    noteOf([...tasks.values()]),
    "1 failed (NonZeroExitCode), 5 pending (Resources), 2 running",
  );
});

Deno.test("runs are submitted once; task k is the k-th of the submission's file", async () => {
  using slurm = new FakeSlurm();
  slurm.set("sbatch", "123;cluster\n");
  const { job, underWay } = await slurm.submit();
  assert.equal(job!.id, "123");
  assert.deepEqual(underWay, []);
  const { name } = job!.submission;
  assert.deepEqual(slurm.files, [`${name}.json`, `${name}.sh`]);
  assert.deepEqual(slurm.asked("sbatch"), [`--parsable ${join(slurm.folder, name)}.sh`]);
  const written = JSON.parse(Deno.readTextFileSync(join(slurm.folder, `${name}.json`)));
  assert.deepEqual(written, { name, runs: RUNS });

  // the first waits, the second failed, the third runs
  const states = ["PENDING|Resources", "FAILED|NonZeroExitCode", "RUNNING|None"];
  slurm.set("squeue", states.map((state, k) => `${name}|123_${k}|${k}|${state}\n`).join(""));
  const second = await slurm.submit();
  assert.match(slurm.asked("squeue").at(-1)!, new RegExp(`--name=${name} `));
  assert.deepEqual(second.underWay, [RUNS[0], RUNS[2]]);
  assert.deepEqual(second.job!.submission.runs, [RUNS[1]]);
  // of the two tasks of the second run, the one that is active counts: the newer, or the older that was requeued by hand
  for (const [older, newer] of [["FAILED", "RUNNING"], ["PENDING", "COMPLETED"]]) {
    slurm.set(
      "squeue",
      `${second.job!.submission.name}|124_0|0|${newer}|None\n` +
        ["PENDING", older, "RUNNING"].map((state, k) => `${name}|123_${k}|${k}|${state}|None\n`)
          .join(""),
    );
    assert.deepEqual(await slurm.submit(), { underWay: RUNS });
  }
  assert.equal(slurm.asked("sbatch").length, 2);
});

Deno.test("Slurm's refusal is told in its words, and leaves nothing; no Slurm is told as such", async () => {
  using slurm = new FakeSlurm();
  const words = "sbatch: error: invalid partition specified: nix";
  slurm.set("sbatch", words, { status: 1 });
  await assert.rejects(slurm.submit(), new RegExp(`^Error: Slurm refuses: ${words}$`));
  assert.deepEqual(slurm.files, []);
  Deno.env.set("PATH", slurm.folder);
  await assert.rejects(slurm.submit(), /Slurm is not on this machine \(there is no "squeue"\)/);
});

Deno.test("followed to the end: what is finished, what failed, and what Slurm has forgotten", async () => {
  using slurm = new FakeSlurm();
  slurm.set("sbatch", "7");
  const { submission: { name } } = (await slurm.submit()).job!;
  const queue = (...states: (string | undefined)[]) =>
    slurm.set(
      "squeue",
      states.flatMap((state, k) => state ? `${name}|7_${k}|${k}|${state}\n` : []).join(""),
    );
  const finish = (k: number) => {
    const folder = join(slurm.roots.shared, RUNS[k].name);
    writeJson(join(folder, "config.json"), {
      config: { ...tinyConfig(), recipe: RUNS[k].recipe },
      provenance: { trainingVersion: TRAINING_VERSION },
    });
    writeJson(join(folder, "result.json"), {});
  };
  const looks: string[] = [], ends: string[] = [];
  const changes = [
    () => queue("RUNNING|None", "FAILED|NonZeroExitCode", "PENDING|Resources"),
    () => queue("COMPLETED|None", "PENDING|BeginTime", "RUNNING|None"), // requeued
    () => slurm.set("squeue", "squeue: error: Unable to contact slurm controller", { status: 1 }),
  ];
  queue("PENDING|Resources", "RUNNING|None", "PENDING|Resources");
  const failed = await followRuns(RUNS, {
    folder: slurm.folder,
    roots: slurm.roots,
    seconds: 0.05,
    onLook(ended, note) {
      looks.push(`${ended}: ${note}`);
      changes.shift()?.();
      if (looks.length === 3) finish(0);
      // it does not answer for a moment, and has then forgotten the first
      if (looks.length === 3) {
        setTimeout(() => queue(undefined, "TIMEOUT|TimeLimit", "COMPLETED|None"), 120);
      }
      if (looks.length === 4) finish(2); // seen a little later
    },
    onEnd: ({ seed }, { finished, task }) => ends.push(`${seed} ${finished} ${task?.state}`),
  });
  assert.deepEqual(looks, [
    "0: 2 pending (Resources), 1 running",
    "0: 1 running, 1 failed (NonZeroExitCode), 1 pending (Resources)",
    "0: 1 completed, 1 pending (BeginTime), 1 running",
    "1: 1 timeout (TimeLimit), 1 completed",
    "3: ",
  ]);
  assert.deepEqual(ends, ["0 true COMPLETED", "1 false TIMEOUT", "2 true COMPLETED"]);
  assert.deepEqual(failed, [RUNS[1]]);
});

Deno.test("a task makes its run, and leaves alone what is finished or another process's", async () => {
  using place = new TemporaryFolder();
  const file = place.file("submission.json"), root = place.file("runs");
  const config = { ...tinyConfig(), recipe: "tiny+[a]" };
  const run = { recipe: config.recipe, seed: config.seed, name: await runName(config) };
  writeJson(file, { name: "job", runs: [{ ...run, name: "another" }, run] });
  const started: string[] = [];
  const task = (status: number, meanwhile = () => {}) =>
    runTask(file, {
      resolve: (recipe, seed) => ({ ...config, recipe, seed }),
      roots: { shared: root, local: root },
      start({ name, state }) {
        started.push(`${name} ${state}`);
        meanwhile();
        return new Deno.Command("sh", { args: ["-c", `exit ${status}`] }).spawn();
      },
    });
  await assert.rejects(task(0), /is for the tasks of a job array; this is task of none/);
  try {
    Deno.env.set("SLURM_ARRAY_JOB_ID", "1");
    Deno.env.set("SLURM_ARRAY_TASK_ID", "0");
    await assert.rejects(task(0), /tiny\+\[a\] has other settings than when it was submitted/);
    Deno.env.set("SLURM_ARRAY_TASK_ID", "1");
    assert.equal(await task(0), 0);
    assert.equal(await task(3), 3);
    assert.deepEqual(started, [`${run.name} missing`, `${run.name} missing`]);
    const record = (trainingVersion: number) =>
      writeJson(join(root, run.name, "config.json"), { config, provenance: { trainingVersion } });
    let lock: Disposable | undefined;
    const take = () => lock = tryLockFolder(join(root, run.name));
    record(TRAINING_VERSION);
    assert.equal(await task(1, take), 0); // somebody else was faster by a moment
    assert.equal(await task(1), 0);
    lock![Symbol.dispose]();
    writeJson(join(root, run.name, "result.json"), {});
    assert.equal(await task(1), 0);
    assert.deepEqual(started.slice(2), [`${run.name} begun`]);
    record(TRAINING_VERSION + 1); // finished by code that gives other results
    assert.equal(await task(0), 0);
    assert.deepEqual(started.slice(3), [`${run.name} outdated`]);
  } finally {
    Deno.env.delete("SLURM_ARRAY_JOB_ID");
    Deno.env.delete("SLURM_ARRAY_TASK_ID");
  }
});
