/** `lumen quality`: which labels are doubtful, and does it help to leave them out? */
import { type Command, Option } from "commander";
import { writeJson } from "../../lib/core/files.ts";
import { projectPath } from "../../lib/core/paths.ts";
import {
  formatLabelQuality,
  qualitySets,
  studyLabelQuality,
} from "../../lib/experiments/label_quality.ts";
import {
  formatRetraining,
  studyRetraining,
} from "../../lib/experiments/label_quality_retraining.ts";

/** What the study gave, of the full demo and every network whose weights were there. */
export const LABEL_QUALITY_RESULT = projectPath("experiments", "label_quality.json");

/** Adds the command. */
export function register(program: Command): void {
  program.command("quality")
    .description(
      "score labels by confident learning: the real clips that were heard anew, the demo's planted errors; on " +
        "features, and on the embeddings of networks whose weights are here",
    )
    .addOption(
      new Option("--size <size>", "of the demo").choices(["small", "full"]).default("full"),
    )
    .option("--save", "keep the result in experiments/label_quality.json")
    .action(async ({ size, save }: { size: "small" | "full"; save?: boolean }) => {
      const sets = await qualitySets({ size });
      const detection = await studyLabelQuality(sets);
      console.log(formatLabelQuality(detection));
      const retraining = await studyRetraining(sets);
      console.log(formatRetraining(retraining));
      if (save) writeJson(LABEL_QUALITY_RESULT, { ...detection, retraining });
    });
}
