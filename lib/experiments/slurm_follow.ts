/** Follows runs that Slurm makes. */
import { pause } from "../core/pause.ts";
import { stateOf } from "./plan.ts";
import { RUN_ROOTS, type RunRoots } from "./run_folder.ts";
import { isActive, SLURM_FOLDER, type Task, type TaskRun, tasksOf } from "./slurm.ts";

/** Options of {@link followRuns}. */
export interface FollowOptions {
  /** Called after every look. @param note what is left, e.g. "3 running, 2 pending (Resources), 1 failed (NonZeroExitCode)" */
  onLook?: (ended: number, note: string) => void;
  /** Called once for every run that has ended. @param task what Slurm last said of it */
  onEnd?: (run: TaskRun, end: { finished: boolean; task?: Task }) => void;
  /** Seconds between two looks. Default: 10. */
  seconds?: number;
  /** Where submissions and runs are. Default: in the project. */
  folder?: string;
  roots?: RunRoots;
}

/**
 * Waits until Slurm makes none of some runs any more. What Slurm has forgotten, or never wrote down, the runs' folders
 * say: no accounting is needed.
 *
 * @returns the runs that are not finished
 * @throws Error with Slurm's own words, when it does not answer for ten looks in a row
 */
export async function followRuns<Run extends TaskRun>(
  runs: readonly Run[],
  { onLook = () => {}, onEnd = () => {}, seconds = 10, folder = SLURM_FOLDER, roots = RUN_ROOTS }:
    FollowOptions = {},
): Promise<Run[]> {
  const left = new Set(runs), lastSeen = new Map<string, Task>();
  const end = (run: Run, finished: boolean) => {
    left.delete(run);
    onEnd(run, { finished, task: lastSeen.get(run.name) });
  };
  const failed: Run[] = [];
  let isLast = false;
  while (left.size > 0) {
    const tasks = await patiently(() => tasksOf([...left], folder), seconds);
    for (const [name, task] of tasks) lastSeen.set(name, task);
    const waiting = [...left].filter(({ name }) => isActive(tasks.get(name)));
    for (const run of [...left].filter((run) => !waiting.includes(run))) {
      if (stateOf(run.name, roots) === "finished") end(run, true);
      else if (isLast) {
        failed.push(run);
        end(run, false);
      }
    }
    onLook(
      runs.length - left.size,
      noteOf([...left].flatMap(({ name }) => lastSeen.get(name) ?? [])),
    );
    // once more, when all have ended: a shared file system shows a node's files a little later
    isLast = waiting.length === 0;
    if (left.size > 0) await pause(seconds);
  }
  return failed;
}

/** Tasks by state, each with its commonest reason where Slurm gives one. */
export function noteOf(tasks: readonly Task[]): string {
  const states = Map.groupBy(tasks, ({ state }) => state.toLowerCase());
  return [...states].map(([state, same]) => {
    const reasons = Map.groupBy(same, ({ reason }) => reason);
    const [[reason]] = [...reasons].sort(([, a], [, b]) => b.length - a.length);
    return `${same.length} ${state}${reason === "None" ? "" : ` (${reason})`}`;
  }).join(", ");
}

/** A controller that is started anew does not answer for a while. */
async function patiently<T>(ask: () => Promise<T>, seconds: number): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 10) throw error;
      await pause(seconds);
    }
  }
}
