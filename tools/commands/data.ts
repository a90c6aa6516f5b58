/** `lumen data`: makes or takes a data set. */
import { type Command, Option } from "commander";
import { renderDemo } from "../../lib/datasets/demo/render.ts";
import {
  adoptIrmasMelsPack,
  buildIrmasMels,
  type PackSummary,
} from "../../lib/datasets/irmas_mels_builder.ts";

/** Renders the demo and says what was done. */
export async function makeDemo(size: "small" | "full"): Promise<string> {
  const { folder, files, rendered, seconds } = await renderDemo({ size });
  return rendered === 0
    ? `${folder}: ${files} files, all there`
    : `${folder}: ${files} files, rendered in ${seconds.toFixed(0)} s`;
}

function describe({ path, clips, complete, byClass, skipped }: PackSummary): string {
  const counts = Object.entries(byClass).map(([code, count]) => `${code} ${count}`).join(", ");
  const note = complete ? "complete" : "not all of IRMAS's 6,705";
  return `${path}: ${clips} spectrograms (${note}): ${counts}` +
    (skipped.length > 0 ? `; ${skipped.length} files skipped` : "");
}

/** Adds the command with one subcommand a data set. */
export function register(program: Command): void {
  const data = program.command("data").description("make or take a data set");
  data.command("demo")
    .description("render audio of eleven instruments, in IRMAS's layout, from sampled instruments")
    .addOption(new Option("--size <size>", "how much").choices(["small", "full"]).default("full"))
    .action(async ({ size }: { size: "small" | "full" }) => console.log(await makeDemo(size)));
  data.command("irmas-mels")
    .description(
      "spectrograms of the real IRMAS training part, from its audio or from a ready pack",
    )
    .option("--root <folder>", "the folder IRMAS-TrainingData, with a folder for each instrument")
    .option("--pack <file>", "a ready pack (.npz) to check and copy")
    .action(async ({ root, pack }: { root?: string; pack?: string }) => {
      if ((root === undefined) === (pack === undefined)) {
        throw new Error("give either --root FOLDER (IRMAS audio) or --pack FILE (a ready pack)");
      }
      const summary = root
        ? await buildIrmasMels({ root })
        : await adoptIrmasMelsPack({ pack: pack! });
      console.log(describe(summary));
    });
}
