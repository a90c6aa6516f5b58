/** The part of `lumen experiment` that leaves runs to Slurm. */
import { relative } from "node:path";
import { type Command, Option } from "commander";
import { showProgress } from "../../lib/core/progress.ts";
import type { PlannedRun } from "../../lib/experiments/plan.ts";
import {
  type JobOptions,
  SLURM_FOLDER,
  submitRuns,
  tasksOf,
  timeLimit,
} from "../../lib/experiments/slurm.ts";
import { followRuns } from "../../lib/experiments/slurm_follow.ts";
import { Interrupts } from "../interrupt.ts";

/** What the command's user says about Slurm. */
export interface SlurmOptions extends Omit<JobOptions, "time"> {
  slurm?: boolean;
  time?: string;
  follow?: boolean;
  /** Set in a task of a job array: the submission that it belongs to. */
  slurmTask?: string;
}

/** Adds the options. @param count reads a whole number from 1 on */
export function addSlurmOptions(command: Command, count: (text: string) => number): void {
  const options = [
    new Option("--cores <number>", "of each run (with --slurm; default: 4)").argParser(count),
    new Option("--memory <size>", "of each run (with --slurm; default: 8G)"),
    new Option("--time <limit>", "of each run (with --slurm; default: four times the estimate)"),
    new Option("--gpus <number>", "of each run (with --slurm; default: none)").argParser(count),
    new Option("--partition <name>", "where the runs are queued (with --slurm)"),
    new Option("--account <name>", "who is charged (with --slurm)"),
    new Option("--follow", "wait until the runs have ended, showing their states (with --slurm)"),
  ];
  command.option("--slurm", "submit the runs to Slurm as a job array, one task a run");
  for (const option of options) command.addOption(option);
  command.addOption(new Option("--slurm-task <submission>").hideHelp());
}

const NEED_SLURM = ["cores", "memory", "time", "gpus", "partition", "account", "follow"] as const;

/** @throws Error for an option that says nothing without `--slurm` */
export function checkSlurmOptions(options: SlurmOptions): void {
  const lonely = options.slurm ? undefined : NEED_SLURM.find((name) => options[name] !== undefined);
  if (lonely) throw new Error(`--${lonely} is for runs under Slurm: add --slurm, or leave it out`);
}

/**
 * Submits runs, and follows them where that is wanted.
 *
 * @param seconds that each run takes here, by its name
 * @returns whether they are all finished
 * @throws Error where runs that were followed did not finish
 */
export async function submitPlan(
  runs: readonly PlannedRun[],
  { family, seconds, follow, time = timeLimit(seconds.values()), ...options }:
    & SlurmOptions
    & { family: string; seconds: ReadonlyMap<string, number> },
): Promise<boolean> {
  const { job, underWay } = await submitRuns(runs, {
    ...options,
    family,
    time,
    command: ["./lumen", "experiment", "--slurm-task"],
  });
  const folder = relative(Deno.cwd(), SLURM_FOLDER);
  if (underWay.length > 0) console.log(`${underWay.length} runs are in the queue already`);
  if (job) {
    const { name, runs } = job.submission;
    console.log(`job ${job.id}: ${runs.length} runs, what they say is in ${folder}/${name}-*.log`);
  }
  if (!follow) return false;
  const tasks = await tasksOf(runs);
  const jobs = [...new Set([...tasks.values()].map(({ id }) => id.split("_")[0]))].join(" ");
  new Interrupts(
    `the runs go on; "scancel ${jobs}" ends them, the same command follows them again`,
  );
  const bar = showProgress(`${family} under Slurm`, runs.length);
  const failed = await followRuns(runs, {
    onLook: (ended, note) => bar.update(ended, note),
    onEnd({ recipe, seed }, { finished, task }) {
      const end = finished ? "finished" : `not finished (Slurm: ${task?.state ?? "forgotten"})`;
      console.log(`${task?.id ?? ""} ${recipe} --seed ${seed}: ${end}`);
    },
  });
  bar.done();
  if (failed.length > 0) {
    throw new Error(
      `${failed.length} of ${runs.length} runs are not finished: ${folder} has what they said; the same command submits them again`,
    );
  }
  return true;
}
