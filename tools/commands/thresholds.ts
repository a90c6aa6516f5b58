/** `lumen thresholds`: where runs should say yes. */
import type { Command } from "commander";
import { recipeConfig } from "../../experiments/recipes/mod.ts";
import { writeJson } from "../../lib/core/files.ts";
import { projectPath } from "../../lib/core/paths.ts";
import { type IrmasResult, readRuns } from "../../lib/experiments/evidence.ts";
import { formatThresholds, studyThresholds } from "../../lib/experiments/threshold_study.ts";

/** What the reported study says, by recipe. */
export const THRESHOLDS_RESULT = projectPath("experiments", "thresholds.json");

/** The recipes whose runs are reported. */
const REPORTED = ["irmas_scratch", "irmas_yamnet"];

/** Adds the command. */
export function register(program: Command): void {
  program.command("thresholds")
    .description(
      "what decision thresholds are worth on mixtures of real recordings: one half, tuned on sums, on such mixtures, or for each instrument",
    )
    .argument("[recipe...]", "recipes on real spectrograms with finished runs", REPORTED)
    .option("--save", "keep the result in experiments/thresholds.json")
    .action(async (recipes: string[], { save }: { save?: boolean }) => {
      const studies: Record<string, ReturnType<typeof studyThresholds>> = {};
      for (const recipe of recipes) {
        const runs = await readRuns<IrmasResult>(recipeConfig(recipe));
        if (runs.length === 0) {
          throw new Error(
            `there is no finished run of "${recipe}": "./lumen train ${recipe}" makes one`,
          );
        }
        // the first runs kept no scores of mixtures; where none did, the study says what adds them
        const kept = runs.filter(({ result }) => result.scores.mixturesOfTwo);
        studies[recipe] = studyThresholds(kept.length > 0 ? kept : runs);
        console.log(`${recipe}, ${formatThresholds(studies[recipe])}`);
      }
      if (save) writeJson(THRESHOLDS_RESULT, studies);
    });
}
