import assert from "node:assert/strict";
import { join } from "node:path";
import { projectPath } from "lib/core/paths.ts";
import { pause } from "lib/core/pause.ts";
import { stateOf } from "lib/experiments/plan.ts";
import { isActive, slurm, submitRuns, type TaskRun, tasksOf } from "lib/experiments/slurm.ts";
import { followRuns } from "lib/experiments/slurm_follow.ts";
import { RunFolder, runName } from "lib/experiments/run_folder.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { startTinyRun, tinyConfigOf } from "./tiny_runs.ts";

const CLUSTER = projectPath("tests", "slurm", "cluster.sh");

/** Those of Slurm's programs that are not installed. */
const missing = ["slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "munged"].filter((name) =>
  !new Deno.Command("sh", {
    args: ["-c", `PATH=$PATH:/usr/sbin:/sbin command -v ${name}`],
    stdout: "null",
  }).outputSync().success
);

/** Why the test, which takes minutes, is left out. */
const why = missing.length > 0
  ? ` (left out: ${missing.join(", ")} are not installed, see tests/slurm/cluster.sh)`
  : Deno.env.get("LUMEN_FULL_TESTS") === undefined
  ? " (left out: ./lumen test --full)"
  : "";

/** A Slurm of this machine alone, for the time of a test. */
class Cluster implements Disposable {
  constructor(readonly folder: string) {
    this.#call("start");
    Deno.env.set("SLURM_CONF", join(folder, "slurm.conf"));
  }

  #call(action: "start" | "stop") {
    const { success, stderr } = new Deno.Command(CLUSTER, { args: [action, this.folder] })
      .outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  }

  [Symbol.dispose]() {
    Deno.env.delete("SLURM_CONF");
    this.#call("stop");
  }
}

/** Waits until something holds. @throws Error after ten minutes: eight runs take their time on a busy machine */
async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 600_000;
  while (!await holds()) {
    if (performance.now() > deadline) throw new Error(`${what}: not after ten minutes`);
    await pause(0.1);
  }
}

const untilState = (run: TaskRun, state: string, folder: string) =>
  until(
    `${run.name} ${state}`,
    async () => (await tasksOf([run], folder)).get(run.name)?.state === state,
  );

Deno.test({
  name:
    `eight runs under Slurm, killed, requeued and stopped, are those that are made here, byte for byte${why}`,
  ignore: why !== "",
  async fn() {
    using place = new TemporaryFolder();
    using _cluster = new Cluster(place.file("cluster"));
    const folder = place.file("submissions"), root = place.file("runs"), here = place.file("here");
    for (const path of [root, here]) Deno.mkdirSync(path);
    const roots = { shared: root, local: root };
    const seeds = [0, 1, 2, 3, 4, 5, 6, 7];
    const runs = await Promise.all(seeds.map(async (seed) => ({
      recipe: "tiny",
      seed,
      name: await runName(tinyConfigOf(seed)),
    })));
    const runFolder = (seed: number, at = root) => new RunFolder(runs[seed].name, at);
    const submit = () =>
      submitRuns(runs.filter(({ name }) => stateOf(name, roots) !== "finished"), {
        family: "E0",
        folder,
        command: [
          Deno.execPath(),
          "run",
          "-A",
          "--quiet",
          projectPath("tests/slurm/task.ts"),
          root,
        ],
        cores: 1,
        memory: "1G",
        time: "30",
        gpus: 1,
      });

    const first = await submit();
    assert.deepEqual(first.job!.submission.runs, runs);
    const again = await submit();
    assert.deepEqual([again.job, again.underWay], [undefined, runs]);

    // one is made by somebody else meanwhile
    const other = startTinyRun(root, 2);

    const task = (seed: number) => `${first.job!.id}_${seed}`;
    // a requeued task waits for two minutes; not in a test
    const hurry = async (seed: number) => {
      await untilState(runs[seed], "PENDING", folder);
      await slurm("scontrol", "update", `JobId=${task(seed)}`, "StartTime=now");
    };
    const processOf = (file: string) => Number(Deno.readTextFileSync(join(root, file)));
    const stepOf = (seed: number) => runFolder(seed).readMetrics().at(-1)?.step ?? 0;
    const untilMiddle = (seed: number) => until(`run ${seed}'s middle`, () => stepOf(seed) > 20);

    await Promise.all([
      (async () => { // one is killed, and its job with it: it is submitted again, alone
        await untilMiddle(0);
        Deno.kill(processOf("0.run"), "SIGKILL");
        await untilState(runs[0], "FAILED", folder);
        const { job } = await submit();
        assert.deepEqual(job!.submission.runs, [runs[0]]);
      })(),
      (async () => { // one is requeued by hand
        await untilMiddle(1);
        await slurm("scontrol", "requeue", task(1));
        await hurry(1);
      })(),
      // the last of the array gets the signal that comes before a time limit: it has itself requeued, and no other task
      (async () => {
        await untilMiddle(7);
        Deno.kill(processOf("7.task"), "SIGINT");
        await hurry(7);
        assert.ok(stepOf(7) < 60, "it was over before it could be stopped");
      })(),
    ]);
    const ends: string[] = [], notes = new Set<string>();
    const failed = await followRuns(runs, {
      folder,
      roots,
      seconds: 1,
      onLook: (ended, note) => notes.add(`${ended}: ${note}`),
      onEnd: ({ name }, { finished }) => ends.push(`${name} ${finished}`),
    });
    await other.status;
    assert.deepEqual(failed, []);
    assert.deepEqual(ends.sort(), runs.map(({ name }) => `${name} true`));
    assert.ok([...notes].some((note) => /^\d: .*[12] running/.test(note)), [...notes].join("\n"));
    assert.ok(![...(await tasksOf(runs, folder)).values()].some(isActive));

    const said = (seed: number) =>
      Deno.readTextFileSync(join(folder, `${first.job!.submission.name}-${seed}.log`));
    assert.match(said(0), /the run was ended by SIGKILL/);
    assert.match(said(1), /DUE TO JOB REQUEUE/);
    assert.match(said(7), /asking Slurm to run this task again/);
    for (const seed of [3, 4, 5, 6]) assert.doesNotMatch(said(seed), /nothing to do|REQUEUE/);
    assert.match(said(2), /nothing to do: .*(is finished|is being made by another process)/);
    for (const pair of [seeds.slice(0, 2), seeds.slice(2, 4), seeds.slice(4, 6), seeds.slice(6)]) {
      await Promise.all(pair.map((seed) => startTinyRun(here, seed).status));
    }
    for (const seed of seeds) {
      for (const file of ["metrics.jsonl", "result.json", "weights.safetensors"]) {
        const [there, local] = [root, here].map((at) =>
          Deno.readFileSync(join(runFolder(seed, at).path, file))
        );
        assert.deepEqual(there, local, `${file} of seed ${seed}`);
      }
    }
  },
});
