/** `lumen evaluate`: finished runs' results from their weights once more. */
import type { Command } from "commander";
import { evaluateAgain } from "../../lib/experiments/evaluate_again.ts";
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
    .action(async (names: string[]) => {
      for (const name of names) {
        const { run, result } = foldersOf(name);
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
