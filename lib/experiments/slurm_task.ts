/** What a task of a job array does: makes its run, where nobody else does. */
import { readJson } from "../core/files.ts";
import { parentEnvironment } from "../core/parent.ts";
import { projectPath } from "../core/paths.ts";
import { type RunState, stateOf } from "./plan.ts";
import { RUN_ROOTS, RunFolder, runName, type RunRoots } from "./run_folder.ts";
import { isTaken, trainingCommand } from "./run_plan.ts";
import { slurm, type Submission, type TaskRun } from "./slurm.ts";
import type { RunConfig } from "../train/config.ts";

/** Options of {@link runTask}. */
export interface TaskOptions {
  /** From a recipe's name to its configuration. */
  resolve: (recipe: string, seed: number) => RunConfig;
  /** Starts a run. Default: `./lumen train` in a child. */
  start?: (run: TaskRun & { state: RunState }) => Deno.ChildProcess;
  /** Where runs are. Default: in the project. */
  roots?: RunRoots;
}

/**
 * Makes the run of the task that this process is, by Slurm's environment. A run that is finished, or that another process is
 * making, is left alone. At SIGINT, which Slurm sends before a time limit, the run stops with a checkpoint, and the task
 * asks Slurm to be run again where that made it come further.
 *
 * @param file the submission's JSON
 * @returns the process's exit status
 * @throws Error outside of a job array, and where the recipe's settings have changed since the submission
 */
export async function runTask(
  file: string,
  { resolve, start = startTraining, roots = RUN_ROOTS }: TaskOptions,
): Promise<number> {
  const place = Deno.env.get("SLURM_ARRAY_TASK_ID"), array = Deno.env.get("SLURM_ARRAY_JOB_ID");
  const run = readJson<Submission>(file).runs[Number(place ?? NaN)];
  if (!run || !array) {
    throw new Error(`${file} is for the tasks of a job array; this is task ${place ?? "of none"}`);
  }
  const { recipe, seed, name } = run;
  const now = await runName(resolve(recipe, seed));
  if (now !== name) {
    throw new Error(
      `${recipe} has other settings than when it was submitted (${name}, now ${now}): submit it again`,
    );
  }
  const state = stateOf(name, roots);
  if (state === "finished") return leave(`${name} is finished`);
  const taken = `${name} is being made by another process`;
  if (isTaken(name, roots)) return leave(taken);
  const begun = Date.now(), child = start({ ...run, state });
  let stopped = false;
  const stop = () => {
    stopped = true;
    child.kill("SIGINT");
  };
  Deno.addSignalListener("SIGINT", stop);
  const { code, signal } = await child.status;
  Deno.removeSignalListener("SIGINT", stop);
  if (signal) console.error(`the run was ended by ${signal}`);
  if (stopped && checkpointTime(name, roots) > begun) {
    console.error("stopped with a checkpoint; asking Slurm to run this task again");
    // which ends this process; the last task's SLURM_JOB_ID is the whole array's, and would requeue all
    await slurm("scontrol", "requeue", `${array}_${place}`);
  }
  // another process may have begun it between our look and our child's
  return code !== 0 && isTaken(name, roots) ? leave(taken) : code;
}

function leave(why: string): 0 {
  console.error(`nothing to do: ${why}`);
  return 0;
}

function startTraining(run: TaskRun & { state: RunState }): Deno.ChildProcess {
  const args = trainingCommand(run);
  console.error(`./lumen ${args.join(" ")}`);
  return new Deno.Command(projectPath("lumen"), { args, env: parentEnvironment(), stdin: "null" })
    .spawn();
}

/** When a run's last checkpoint was written, in milliseconds; 0 where there is none. */
function checkpointTime(name: string, { shared }: RunRoots): number {
  try {
    return Deno.statSync(new RunFolder(name, shared).checkpoint).mtime!.getTime();
  } catch {
    return 0;
  }
}
