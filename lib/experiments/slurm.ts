/**
 * Runs of a plan as a job array of Slurm, one task a run. A submission is two files in `data/slurm/`: NAME.sh, what Slurm runs,
 * and NAME.json, which says which run each task makes; a task that is requeued finds the same run. The job's name is the
 * submission's, so Slurm itself says which submissions are under way.
 */
import { join, relative } from "node:path";
import { exists, readJson, writeAtomically, writeJson } from "../core/files.ts";
import { lockFolder } from "../core/lock.ts";
import { projectPath, ROOT } from "../core/paths.ts";
import type { PlannedRun } from "./plan.ts";

/** A task's run. */
export type TaskRun = Pick<PlannedRun, "recipe" | "seed" | "name">;

/** Runs that were submitted together: task k makes the k-th. */
export interface Submission {
  /** The job's name, e.g. "lumen-E8-20261126T031544123". */
  name: string;
  runs: TaskRun[];
}

/** What each task asks of Slurm, in Slurm's own notation. */
export interface JobOptions {
  /** Default: 4. */
  cores?: number;
  /** Default: "8G". */
  memory?: string;
  /** A limit, e.g. "90" (minutes) or "1-12:00:00". A run that comes to it goes on where it was. */
  time: string;
  /** Default: none is asked for. */
  gpus?: number;
  partition?: string;
  account?: string;
}

/** Where submissions are. */
export const SLURM_FOLDER = projectPath("data", "slurm");

/** Seconds before the time limit at which a run is told to stop: enough for a step and a checkpoint. */
const WARNING_SECONDS = 120;

/**
 * A time limit in minutes, four times what the longest run takes on this machine and half an hour at least: evaluation
 * comes on top of the updates that were measured, and a node may be slower.
 *
 * @param seconds of each run
 */
export const timeLimit = (seconds: Iterable<number>): string =>
  String(Math.ceil(Math.max(30, 4 / 60 * Math.max(...seconds))));

/**
 * The batch script of a submission. Paths in it are relative to the folder from which it is submitted, the project's.
 *
 * @param submission with what its tasks run: words of a command, to which the path of the submission's JSON is added
 * @throws Error for an option that no word of Slurm's can be
 */
export function jobScript(
  { name, runs, command, folder }: Submission & { command: readonly string[]; folder: string },
  { cores = 4, memory = "8G", time, gpus, partition, account }: JobOptions,
): string {
  const options = {
    "job-name": name,
    array: `0-${runs.length - 1}`,
    requeue: true as const,
    "open-mode": "append", // what a task said before it was requeued stays
    output: `${relative(ROOT, folder)}/${name}-%a.log`,
    signal: `B:INT@${WARNING_SECONDS}`,
    "cpus-per-task": cores,
    mem: memory,
    time,
    gres: gpus && `gpu:${gpus}`,
    partition,
    account,
  };
  const words = [...command, `${relative(ROOT, folder)}/${name}.json`].map(quoted).join(" ");
  return [
    "#!/bin/sh",
    ...Object.entries(options).filter(([, value]) => value).map(directive),
    "# as many threads as the task has cores, on clusters that bind tasks to none too",
    'export LUMEN_THREADS="${LUMEN_THREADS:-$SLURM_CPUS_PER_TASK}"',
    "# in place of this shell, so that Slurm's signals come to it",
    `exec ${words}`,
    "",
  ].join("\n");
}

function directive([option, value]: [string, string | number | true | undefined]): string {
  if (value === true) return `#SBATCH --${option}`;
  if (/[\s"'\\]/.test(String(value))) {
    throw new Error(
      `cannot ask Slurm for --${option}=${
        JSON.stringify(value)
      }: leave spaces, quotes and backslashes out`,
    );
  }
  return `#SBATCH --${option}=${value}`;
}

/** A word of a shell's command. */
const quoted = (word: string) =>
  /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Options of {@link submitRuns}. */
export interface SubmitOptions extends JobOptions {
  /** Part of the job's name, e.g. "E8". */
  family: string;
  /** Default: {@link SLURM_FOLDER}. */
  folder?: string;
  /** What a task runs, see {@link jobScript}. */
  command: readonly string[];
}

/** What became of some runs that were to be submitted. */
export interface Submitted {
  /** Undefined where nothing was left to submit. */
  job?: { id: string; submission: Submission };
  /** Runs that earlier submissions are making, or are to make. */
  underWay: TaskRun[];
}

/**
 * Submits those runs that no earlier submission is to make.
 *
 * @throws Error with Slurm's own words, where it is not here or refuses; nothing stays of such a submission
 */
export async function submitRuns(
  runs: readonly TaskRun[],
  { family, folder = SLURM_FOLDER, command, ...options }: SubmitOptions,
): Promise<Submitted> {
  using _ = lockFolder(folder); // two at once would both find that nothing is submitted
  const tasks = await tasksOf(runs, folder);
  const isUnderWay = ({ name }: TaskRun) => isActive(tasks.get(name));
  const underWay = runs.filter(isUnderWay), left = runs.filter((run) => !isUnderWay(run));
  if (left.length === 0) return { underWay };
  const stamp = new Date().toISOString().replace(/[-:.Z]/g, "");
  const submission: Submission = {
    name: `lumen-${family}-${stamp}`,
    runs: left.map(({ recipe, seed, name }) => ({ recipe, seed, name })),
  };
  const script = join(folder, `${submission.name}.sh`);
  writeAtomically(script, jobScript({ ...submission, command, folder }, options));
  writeJson(submissionFile(submission.name, folder), submission);
  try {
    const answer = await slurm("sbatch", "--parsable", script); // "ID", or "ID;CLUSTER"
    return { job: { id: answer.trim().split(";")[0], submission }, underWay };
  } catch (error) {
    for (const file of [script, submissionFile(submission.name, folder)]) Deno.removeSync(file);
    throw error;
  }
}

const submissionFile = (name: string, folder: string) => join(folder, `${name}.json`);

/** When a submission was made, as text that sorts. */
const stampOf = (name: string) => name.slice(name.lastIndexOf("-"));

/** Submissions that hold some of these runs, the oldest first. */
export function submissionsOf(runs: readonly TaskRun[], folder = SLURM_FOLDER): Submission[] {
  if (!exists(folder)) return [];
  const wanted = new Set(runs.map(({ name }) => name));
  return [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.startsWith("lumen-") && name.endsWith(".json"))
    .sort((a, b) => stampOf(a) < stampOf(b) ? -1 : 1)
    .map((name) => readJson<Submission>(join(folder, name)))
    .filter((submission) => submission.runs.some(({ name }) => wanted.has(name)));
}

/** What Slurm knows of a task. */
export interface Task {
  /** Slurm's id, e.g. "123_4". */
  id: string;
  /** Slurm's word, e.g. "RUNNING". */
  state: string;
  /** Why it waits, e.g. "Resources"; "None" where it does not. */
  reason: string;
}

/** States that a task does not leave by itself. */
const ENDED = [
  "BOOT_FAIL",
  "CANCELLED",
  "COMPLETED",
  "DEADLINE",
  "FAILED",
  "NODE_FAIL",
  "OUT_OF_MEMORY",
  "PREEMPTED",
  "TIMEOUT",
];

/** Whether a task waits or runs, as far as Slurm knows. */
export const isActive = (task: Task | undefined): task is Task =>
  task !== undefined && !ENDED.includes(task.state);

/** `squeue`'s columns: name, task's id, place in the array, state, reason. */
const COLUMNS = "%j|%i|%K|%T|%r";

/** Reads what `squeue` prints in {@link COLUMNS}: tasks by the job's name and their place in the array. */
export function parseQueue(text: string): Map<string, Map<number, Task>> {
  const jobs = new Map<string, Map<number, Task>>();
  for (const line of text.split("\n").filter((line) => line.includes("|"))) {
    const [name, id, place, state, reason] = line.split("|");
    if (!jobs.has(name)) jobs.set(name, new Map());
    jobs.get(name)!.set(Number(place), { id, state, reason });
  }
  return jobs;
}

/**
 * The tasks that make some runs, by the runs' names: of several, one that is active, or the newest. Slurm forgets a task
 * some minutes after its end.
 *
 * @throws Error with Slurm's own words
 */
export async function tasksOf(
  runs: readonly TaskRun[],
  folder = SLURM_FOLDER,
): Promise<Map<string, Task>> {
  const tasks = new Map<string, Task>();
  const submissions = submissionsOf(runs, folder);
  // asked even where there is nothing to ask for: who has no Slurm is told so before anything is written
  const names = submissions.map(({ name }) => name).join(",") || "lumen";
  const jobs = parseQueue(
    await slurm(
      "squeue",
      `--name=${names}`,
      "--array",
      "--noheader",
      "--states=all",
      `--format=${COLUMNS}`,
    ),
  );
  for (const submission of submissions) {
    for (const [place, { name }] of submission.runs.entries()) {
      const task = jobs.get(submission.name)?.get(place);
      if (task && !isActive(tasks.get(name))) tasks.set(name, task);
    }
  }
  return tasks;
}

/** Runs one of Slurm's programs in the project's folder. @throws Error with what it says */
export async function slurm(program: string, ...args: string[]): Promise<string> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(program, { args, cwd: ROOT }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      `Slurm is not on this machine (there is no "${program}"): use a machine from which jobs are submitted, or leave --slurm out`,
    );
  }
  const { success, stdout, stderr } = output;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`Slurm refuses: ${text(stderr).trim()}`);
  return text(stdout);
}
