/** `lumen svm`: the document's table of support vector machines, on the real features. */
import type { Command } from "commander";
import { writeJson } from "../../lib/core/files.ts";
import { projectPath } from "../../lib/core/paths.ts";
import { studySvm } from "../../lib/experiments/svm_study.ts";
import { formatSvmStudy } from "../../lib/experiments/svm_study_table.ts";

/** Where the result is kept. */
export const SVM_RESULT = projectPath("experiments", "svm.json");

/** Adds the command. */
export function register(program: Command): void {
  program.command("svm")
    .description(
      "learn from the single-instrument part's published features with the document's support vector machines and " +
        "other classifiers, and try them on the multi-instrument part",
    )
    .option("--save", "keep the result in experiments/svm.json")
    .action(async ({ save }: { save?: boolean }) => {
      const result = await studySvm();
      console.log(formatSvmStudy(result));
      if (save) writeJson(SVM_RESULT, result);
    });
}
