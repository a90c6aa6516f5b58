/** `lumen joined-clips`: what networks hear of an instrument that enters for a moment. */
import type { Command } from "commander";
import { recipeConfig } from "../../experiments/recipes/mod.ts";
import { writeJson } from "../../lib/core/files.ts";
import { projectPath } from "../../lib/core/paths.ts";
import { formatJoinedClips, studyJoinedClipsOf } from "../../lib/experiments/joined_clips.ts";

/** What the reported study says, by recipe. */
export const JOINED_CLIPS_RESULT = projectPath("experiments", "joined_clips.json");

/** A mean over time, a network of the canvas, and heads with attention over time. */
const REPORTED = ["screen+complete", "screen+canvas", "screen+wide+deep+fluffy-attention"];

const SEEDS = [0, 1, 2];

/** Adds the command. */
export function register(program: Command): void {
  program.command("joined-clips")
    .description(
      "join held-out real clips so that an instrument enters for 3 s: what a network on the whole misses, and where attention looks",
    )
    .argument(
      "[recipe...]",
      "recipes on real spectrograms; runs without weights are trained",
      REPORTED,
    )
    .option("--save", "keep the result in experiments/joined_clips.json")
    .action(async (recipes: string[], { save }: { save?: boolean }) => {
      const study = await studyJoinedClipsOf(
        recipes.map((recipe) => SEEDS.map((seed) => recipeConfig(recipe, { seed }))),
      );
      console.log(formatJoinedClips(study));
      if (save) writeJson(JOINED_CLIPS_RESULT, study);
    });
}
