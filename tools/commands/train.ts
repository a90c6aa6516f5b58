/** `lumen train`: one run of a recipe. */
import { relative } from "node:path";
import type { Command } from "commander";
import { recipeConfig, RECIPES } from "../../experiments/recipes/mod.ts";
import { runTraining } from "../../lib/experiments/run_training.ts";

interface Options {
  set: string[];
  seed: number;
  resume?: boolean;
  restart?: boolean;
  root?: string;
}

const known = Object.keys(RECIPES).join(", ");

/** Adds the command. */
export function register(program: Command): void {
  program.command("train")
    .description("train a recipe: the run is a folder under experiments/runs/")
    .argument("<recipe>", `one of ${known}`)
    .option(
      "--set <key=value>",
      "change a setting, e.g. epochs=2 or model.head=pooled (repeatable)",
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option("--seed <number>", "seed of everything random", Number, 0)
    .option("--resume", "go on from the last checkpoint of an unfinished run")
    .option("--restart", "throw the run away and begin anew")
    .option("--root <folder>", "folder of the runs (default: experiments/runs)")
    .action(async (recipe: string, options: Options) => {
      const config = recipeConfig(recipe, { seed: options.seed, settings: options.set });
      const stop = new AbortController();
      Deno.addSignalListener("SIGINT", () => stop.abort());
      const { folder, outcome } = await runTraining(config, {
        ...options,
        signal: stop.signal,
      });
      if (outcome === "stopped") {
        console.error(`stopped; the same command with --resume goes on`);
        Deno.exit(130);
      }
      const path = relative(Deno.cwd(), folder.path);
      console.log(outcome === "was finished" ? `${path} (was finished)` : path);
      Deno.exit(0); // the signal listener would keep the process alive
    });
}
