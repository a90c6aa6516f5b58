/** `lumen chunking`: how songs are best cut into pieces and put together again. */
import { type Command, Option } from "commander";
import { recipeConfig } from "../../experiments/recipes/mod.ts";
import { writeJson } from "../../lib/core/files.ts";
import { projectPath } from "../../lib/core/paths.ts";
import { formatChunking, studyChunking } from "../../lib/experiments/chunking.ts";

/** Where the result of the full demo is kept. */
export const CHUNKING_RESULT = projectPath("experiments", "chunking.json");

/** Adds the command. */
export function register(program: Command): void {
  program.command("chunking")
    .description(
      "compare lengths of pieces, overlaps and aggregations on the demo's songs, with the run of recipe demo and with YAMNet",
    )
    .addOption(
      new Option("--size <size>", "of the demo").choices(["small", "full"]).default("full"),
    )
    .option("--save", "keep the result in experiments/chunking.json")
    .action(async ({ size, save }: { size: "small" | "full"; save?: boolean }) => {
      const study = await studyChunking(
        recipeConfig("demo", { settings: [`data.size=${size}`] }),
      );
      console.log(formatChunking(study));
      if (save) writeJson(CHUNKING_RESULT, study);
    });
}
