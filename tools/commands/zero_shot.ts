/** `lumen zero-shot`: what pretrained networks hear without any training of ours. */
import { type Command, Option } from "commander";
import { writeJson } from "../../lib/core/files.ts";
import { projectPath } from "../../lib/core/paths.ts";
import { formatZeroShot, studyZeroShot } from "../../lib/experiments/zero_shot.ts";

/** Where the result of the full demo is kept. */
export const ZERO_SHOT_RESULT = projectPath("experiments", "zero_shot.json");

/** Adds the command. */
export function register(program: Command): void {
  program.command("zero-shot")
    .description(
      "score the pretrained networks' own classes (AudioSet's, MagnaTagATune's) on the demo's songs",
    )
    .addOption(
      new Option("--size <size>", "of the demo").choices(["small", "full"]).default("full"),
    )
    .option("--save", "keep the result in experiments/zero_shot.json")
    .action(async ({ size, save }: { size: "small" | "full"; save?: boolean }) => {
      const study = await studyZeroShot(size);
      console.log(formatZeroShot(study));
      if (save) writeJson(ZERO_SHOT_RESULT, study);
    });
}
