/** Makes the runs of a plan, one after the other, each in a process of its own: what one leaves in memory, or breaks, is its own. */
import { exists } from "../core/files.ts";
import { parentEnvironment } from "../core/parent.ts";
import { projectPath } from "../core/paths.ts";
import { pause } from "../core/pause.ts";
import { tryLockFolder } from "../core/lock.ts";
import { type PlannedRun, stateOf } from "./plan.ts";
import { RUN_ROOTS, RunFolder, type RunRoots } from "./run_folder.ts";

/** Options of {@link runPlan}. */
export interface RunPlanOptions {
  signal?: AbortSignal;
  /** Called before a run. */
  onRun?: (run: PlannedRun, place: { number: number; of: number }) => void;
  /** Called once, when all that is left is being made by other processes. */
  onWait?: (runs: readonly PlannedRun[]) => void;
  /** Makes a run. @returns whether it ended well. Default: `./lumen train` in a child. */
  make?: (run: PlannedRun) => Promise<boolean>;
  /** Where runs are. Default: in the project. */
  roots?: RunRoots;
}

/** What became of a plan. */
export interface PlanOutcome {
  made: PlannedRun[];
  failed: PlannedRun[];
  stopped: boolean;
}

/**
 * Makes what is missing of some runs. What another process is making is left to it, and waited for at the end; a run that
 * fails does not keep the others from being made.
 */
export async function runPlan(
  runs: readonly PlannedRun[],
  { signal, onRun = () => {}, onWait = () => {}, make = trainInChild, roots = RUN_ROOTS }:
    RunPlanOptions = {},
): Promise<PlanOutcome> {
  const left = new Set(runs.filter(({ name }) => stateOf(name, roots) !== "finished"));
  const of = left.size, made: PlannedRun[] = [], failed: PlannedRun[] = [];
  let waited = false;
  while (left.size > 0 && !signal?.aborted) {
    for (const run of left) if (stateOf(run.name, roots) === "finished") left.delete(run);
    const [next] = [...left].filter(({ name }) => !isTaken(name, roots));
    if (next) {
      onRun(next, { number: of - left.size + 1, of });
      const well = await make(next);
      if (signal?.aborted) break;
      // another process may have begun it between our look and our child's
      if (!well && isTaken(next.name, roots)) continue;
      (well ? made : failed).push(next);
      left.delete(next);
    } else if (left.size > 0) {
      if (!waited) onWait([...left]);
      waited = true;
      await pause(1, signal).catch(() => {}); // the signal ends the loop
    }
  }
  return { made, failed, stopped: signal?.aborted ?? false };
}

/** Whether a process is making a run. */
export function isTaken(name: string, { shared }: RunRoots = RUN_ROOTS): boolean {
  const folder = new RunFolder(name, shared);
  // it is locked before there is anything in it: data are loaded, and pretrainings made, first
  if (!exists(folder.path)) return false;
  using lock = tryLockFolder(folder.path);
  return lock === undefined;
}

/** The command that makes a run. */
export const trainingCommand = (
  { recipe, seed, state }: Pick<PlannedRun, "recipe" | "seed" | "state">,
): string[] => [
  "train",
  recipe,
  "--seed",
  String(seed),
  state === "outdated" ? "--restart" : "--resume",
];

async function trainInChild(run: PlannedRun): Promise<boolean> {
  const { success } = await new Deno.Command(projectPath("lumen"), {
    args: trainingCommand(run),
    env: parentEnvironment(),
    stdin: "null",
    stdout: "null", // its last line is the folder, which is known
  }).spawn().status;
  return success;
}
