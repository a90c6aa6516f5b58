/** `lumen train`: one run of a recipe. */
import { relative } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { PRESETS, recipeConfig, RECIPES, recipesOf } from "../../experiments/recipes/mod.ts";
import { dryRun, formatDryRun } from "../../lib/experiments/dry_run.ts";
import { searchLearningRate } from "../../lib/experiments/rate_search.ts";
import { RUN_ROOTS, RunFolder } from "../../lib/experiments/run_folder.ts";
import { runTraining } from "../../lib/experiments/run_training.ts";
import { type RunConfig, withSettings } from "../../lib/train/config.ts";
import { Interrupts } from "../interrupt.ts";

interface Options {
  data?: keyof typeof DEFAULT_RECIPES;
  preset?: typeof PRESETS[number];
  set: string[];
  seed?: number;
  resume?: boolean;
  restart?: boolean;
  root?: string;
  findLr?: boolean;
  dryRun?: boolean;
}

/** The recipe of each kind of data, for whoever names none. */
const DEFAULT_RECIPES = { demo: "demo", "irmas-mels": "irmas_scratch" };

/** The configuration of a recipe, or of a run that is there. @throws Error where it is neither, or on other data */
export function trainingConfig(
  name: string | undefined,
  { data, seed, set = [] }: Partial<Pick<Options, "data" | "seed" | "set">>,
): RunConfig {
  const chosen = name ?? (data && DEFAULT_RECIPES[data]);
  if (!chosen) {
    throw new Error(
      `name a recipe (${Object.keys(RECIPES).join(", ")}), or --data with ${
        Object.keys(DEFAULT_RECIPES).join(" or ")
      }`,
    );
  }
  const run = Object.values(RUN_ROOTS).map((root) => new RunFolder(chosen, root))
    .find((folder) => folder.isStarted)?.readRecord().config;
  const config = run
    ? withSettings({ ...run, seed: seed ?? run.seed }, set)
    : recipeConfig(chosen, { seed, settings: set });
  if (data && config.data.source !== data) {
    throw new Error(`${chosen} is trained on ${config.data.source}, not on ${data}`);
  }
  return config;
}

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError("needs a whole number.");
  return value;
}

/** Prints a range test of the learning rate, and what to set. */
async function printRateRange(config: RunConfig): Promise<void> {
  const interrupts = new Interrupts("nothing was kept");
  const { rates, losses, smoothed, suggestion } = await interrupts.stoppable((signal) =>
    searchLearningRate(config, { signal })
  );
  console.log("learning rate\tloss\tsmoothed");
  rates.forEach((rate, k) =>
    console.log([rate.toExponential(2), losses[k].toFixed(4), smoothed[k].toFixed(4)].join("\t"))
  );
  console.log(
    suggestion === undefined
      ? "the loss did not fall at any of them"
      : `the loss falls fastest at ${suggestion.toExponential(1)}: --set schedule.maxLearningRate=${
        suggestion.toExponential(1)
      }`,
  );
  Deno.exit(0); // the signal listener would keep the process alive
}

/** Prints what runs would take, one after the other. */
async function printDryRuns(configs: readonly RunConfig[]): Promise<void> {
  for (const [k, config] of configs.entries()) {
    const title = configs.length > 1 ? `${k > 0 ? "\n" : ""}${config.recipe}\n` : "";
    console.log(title + formatDryRun(config, await dryRun(config)));
  }
}

/** Adds the command. */
export function register(program: Command): void {
  program.command("train")
    .description(
      "train a recipe: the run is a folder under experiments/runs/. A finished run whose weights are not here is " +
        "trained again under data/runs/.",
    )
    .argument(
      "[recipe]",
      `one of ${Object.keys(RECIPES).join(", ")}, or the name of a run to train again`,
    )
    .addOption(
      new Option("--data <name>", "take the usual recipe for these data")
        .choices(Object.keys(DEFAULT_RECIPES)),
    )
    .addOption(
      new Option("--preset <name>", "take the recipe of that name with the settings of a preset")
        .choices(PRESETS).conflicts("data"),
    )
    .option(
      "--set <key=value>",
      "change a setting, e.g. epochs=2 or model.head=pooled (repeatable)",
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option("--seed <number>", "seed of everything random (default: 0)", integer)
    .option("--resume", "go on from the last checkpoint of an unfinished run")
    .option("--restart", "throw the run away and begin anew")
    .option("--root <folder>", "folder of the runs (default: experiments/runs)")
    .option(
      "--find-lr",
      "train a few updates with a growing learning rate, print the losses, and keep nothing",
    )
    .option(
      "--dry-run",
      "print what a run would take (parameters, arithmetic, memory, time), and make none",
    )
    .action(async (name: string | undefined, options: Options) => {
      const { preset } = options;
      if (preset && !name && options.dryRun) {
        return await printDryRuns(
          recipesOf(preset).map((recipe) => trainingConfig(recipe, options)),
        );
      }
      const recipe = preset ? `${preset}_${name ?? ""}` : name;
      const config = trainingConfig(recipe, options);
      const { resume, restart, root } = options;
      if (options.dryRun) return await printDryRuns([config]);
      if (options.findLr) return await printRateRange(config);
      const interrupts = new Interrupts("the same command with --resume goes on");
      const { folder, outcome } = await interrupts.stoppable((signal) =>
        runTraining(config, {
          resume,
          restart,
          needWeights: true,
          roots: root ? { shared: root, local: root } : undefined,
          signal,
        })
      );
      if (outcome === "stopped") interrupts.exit();
      const path = relative(Deno.cwd(), folder.path);
      console.log(outcome === "was finished" ? `${path} (was finished)` : path);
      Deno.exit(0); // the signal listener would keep the process alive
    });
}
