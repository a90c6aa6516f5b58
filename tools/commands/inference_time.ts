/** `lumen inference-time`: how long networks take for sounds of ten seconds to ten minutes. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { exists, readJson, writeJson } from "../../lib/core/files.ts";
import { projectPath } from "../../lib/core/paths.ts";
import { TIMED_NETWORKS } from "../../lib/experiments/inference_networks.ts";
import {
  formatInference,
  type InferenceStudy,
  inferenceStudy,
  machineOf,
  timedElsewhere,
} from "../../lib/experiments/inference_result.ts";
import { formatLeft, formatPlans, LONGEST } from "../../lib/experiments/inference_plan.ts";
import {
  measureTimings,
  openTimings,
  planTimings,
  session,
} from "../../lib/experiments/inference_time.ts";

/** Where the result on the processor is kept; on a GPU the file's name says so. */
export const INFERENCE_RESULT = projectPath("experiments", "inference_time.json");

interface Options {
  only?: string[];
  minutes?: number;
  step?: number;
  runs?: number;
  dryRun?: boolean;
  restart?: boolean;
  save?: boolean;
}

const between = (low: number, high: number) => (text: string): number => {
  const value = Number(text);
  if (!(value >= low && value <= high)) {
    throw new InvalidArgumentError(`needs a number from ${low} to ${high}.`);
  }
  return value;
};

/** Adds the command. */
export function register(program: Command): void {
  const known = Object.keys(TIMED_NETWORKS);
  program.command("inference-time")
    .description(
      "time networks on sounds of 10 to 600 s: a plan first, then measurements, which are kept in data/cache and go on " +
        "where they were cut. It wants a machine that does nothing else, be it for some minutes at a time.",
    )
    .option("--only <names>", `some of ${known.join(", ")}`, (text: string) => text.split(","))
    .option(
      "--minutes <number>",
      "measure for so long; the same command goes on (default: until all is measured)",
      between(0.1, 1000),
    )
    .option(
      "--step <seconds>",
      "the same lengths for all: from here on in such steps",
      between(1, LONGEST / 3),
    )
    .option("--runs <number>", "and so many runs of each (default: 3)", between(1, 100))
    .addOption(new Option("--dry-run", "print the plan alone").conflicts("restart"))
    .option("--restart", "measure anew what is there")
    .option(
      "--save",
      "keep the result in experiments/inference_time.json, beside networks that are there already",
    )
    .action(async ({ only, minutes, step, runs = 3, dryRun, restart, save }: Options) => {
      const { journal, lock, device } = openTimings();
      using _ = lock;
      const names = only ?? known;
      const plans = await planTimings(journal, names, {
        grid: step ? { step, runs } : undefined,
        restart,
      });
      console.log(formatPlans(journal.entries, plans));
      if (dryRun) return;
      const path = device === "GPU"
        ? INFERENCE_RESULT.replace(".json", "_gpu.json")
        : INFERENCE_RESULT;
      const saved = save && exists(path) ? readJson<InferenceStudy>(path) : undefined;
      const here = machineOf(await session());
      const elsewhere = timedElsewhere(journal.entries, { here, names, saved });
      await measureTimings(journal, plans, { seconds: minutes && 60 * minutes });
      const study = inferenceStudy(
        journal.entries,
        known,
        elsewhere.length > 0 ? undefined : saved,
      );
      if (study.networks.length > 0) console.log(formatInference(study));
      const timed = new Set(study.networks.map(({ network }) => network));
      const missing = elsewhere.filter((name) => !timed.has(name));
      if (save && missing.length > 0) {
        console.log(
          `not saved yet: ${path} has times of another machine, and stays until ${
            missing.join(", ")
          } are timed here`,
        );
      } else if (save && study.networks.length > 0) writeJson(path, study);
      const left = formatLeft(journal.entries, plans);
      if (left) console.log(`left: ${left}; the same command without --restart goes on`);
    });
}
