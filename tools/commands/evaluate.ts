/** `lumen evaluate`: finished runs' results from their weights once more. */
import { type Command, Option } from "commander";
import type { DemoSize } from "../../lib/datasets/demo/plan.ts";
import { intervalText } from "../../lib/evaluation/bootstrap.ts";
import { evaluateAgain, hearSongs } from "../../lib/experiments/evaluate_again.ts";
import { RUN_ROOTS, RunFolder } from "../../lib/experiments/run_folder.ts";

/** The run of a name that has weights, and the folder whose result others see. @throws Error where there is none */
function foldersOf(name: string): { run: RunFolder; result: RunFolder } {
  const [shared, local] = [RUN_ROOTS.shared, RUN_ROOTS.local]
    .map((root) => new RunFolder(name, root));
  const result = [shared, local].find((folder) => folder.isFinished);
  if (!result) throw new Error(`there is no finished run "${name}"`);
  return { run: [shared, local].find((folder) => folder.hasWeights) ?? result, result };
}

/** Adds the command. */
export function register(program: Command): void {
  program.command("evaluate")
    .description(
      "evaluate finished runs' weights once more, for what older results do not say; what is there must come out again",
    )
    .argument("<runs...>", "names of run folders")
    .addOption(
      new Option(
        "--songs <size>",
        "instead, what they hear in the songs of a rendered demo: kept as songs.json in the run's folder",
      ).choices(["small", "full"]),
    )
    .action(async (names: string[], { songs: size }: { songs?: DemoSize }) => {
      for (const name of names) {
        const { run, result } = foldersOf(name);
        if (size) {
          if (run.path !== result.path) {
            throw new Error(
              `the weights in ${run.path} may not be those of the result in ${result.path}: copy them there first, ` +
                `once "./lumen evaluate ${name}" found that they give it`,
            );
          }
          const { songs: { rows, macroF1 } } = await hearSongs(run, { size });
          console.log(`${name}: macro-F1 ${intervalText(macroF1)} on ${rows} songs`);
          continue;
        }
        const { difference, added } = await evaluateAgain(run, { result });
        console.log(
          `${name}: scores within ${difference.toExponential(1)}; new: ${
            added.join(", ") || "nothing"
          }`,
        );
      }
      Deno.exit(0);
    });
}
