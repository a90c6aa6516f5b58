/** `lumen ensemble`: what finished runs reach together. */
import { type Command, Option } from "commander";
import { writeJson } from "../../lib/core/files.ts";
import { projectPath } from "../../lib/core/paths.ts";
import { COMBINATIONS } from "../../lib/evaluation/ensemble.ts";
import { formatEnsembles, studyEnsembles } from "../../lib/experiments/ensembles.ts";
import {
  evaluateNetworks,
  type NetworkCombination,
} from "../../lib/experiments/ensemble_networks.ts";
import { type IrmasResult, readRun } from "../../lib/experiments/evidence.ts";
import { finishedRuns, type RunFolder, withoutSeed } from "../../lib/experiments/run_folder.ts";

/** What the reported ensemble reaches. */
export const ENSEMBLE_RESULT = projectPath("experiments", "ensemble.json");

/** The runs that are named, each once; a name without its seed stands for all seeds. @throws Error for others */
function runsOf(names: readonly string[], withWeights: boolean): RunFolder[] {
  const finished = finishedRuns({ withWeights });
  const isNamed = (run: string, name: string) => run === name || withoutSeed(run) === name;
  const unknown = names.find((name) => !finished.some((folder) => isNamed(folder.name, name)));
  if (unknown !== undefined) {
    throw new Error(
      `there is no finished run "${unknown}"${
        withWeights ? " whose weights are here" : ""
      }; there are: ${finished.map(({ name }) => name).join(", ") || "none"}`,
    );
  }
  return finished
    .filter((folder) => names.some((name) => isNamed(folder.name, name)))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

/** Adds the command. */
export function register(program: Command): void {
  program.command("ensemble")
    .description(
      "what runs reach together: on real spectrograms by the scores in their results, or, with --by, by their networks",
    )
    .argument("<run...>", "names of finished runs; without -seedN: all seeds")
    .addOption(
      new Option(
        "--by <way>",
        "let the networks answer together (their weights must be here), and print the result",
      ).choices([...COMBINATIONS, "soup"]),
    )
    .option("--save", "keep the result in experiments/ensemble.json")
    .action(
      async (names: string[], { by, save }: { by?: NetworkCombination; save?: boolean }) => {
        const folders = runsOf(names, by !== undefined);
        if (by) return console.log(JSON.stringify(await evaluateNetworks(folders, by), null, 2));
        const study = studyEnsembles(
          folders.map((folder) => readRun<IrmasResult>(folder, { metrics: false })),
        );
        console.log(formatEnsembles(study));
        if (save) writeJson(ENSEMBLE_RESULT, study);
      },
    );
}
