/** `lumen data`: makes, takes, reads and checks data sets. */
import { type Command, Option } from "commander";
import { CATALOG, type DataSetName } from "../../lib/datasets/catalog.ts";
import { renderDemo } from "../../lib/datasets/demo/render.ts";
import {
  adoptIrmasMelsPack,
  buildIrmasMels,
  type PackSummary,
} from "../../lib/datasets/irmas_mels_builder.ts";
import { SOURCES } from "../../lib/datasets/sources.ts";
import { inspectDataSet, type InspectOptions } from "../data/inspect.ts";
import { listDataSets } from "../data/report.ts";

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
  const data = program.command("data")
    .description("all data sets; with a name: make, read or check one")
    .allowExcessArguments()
    .action((_options, { args: [name] }: Command) => {
      if (name !== undefined) {
        const known = data.commands.map((command) => command.name()).join(", ");
        throw new Error(`there is no data set "${name}"; known: ${known}`);
      }
      console.log(listDataSets());
    });
  data.command("demo")
    .description("render audio of eleven instruments, in IRMAS's layout, from sampled instruments")
    .addOption(new Option("--size <size>", "how much").choices(["small", "full"]).default("full"))
    .action(async ({ size }: { size: "small" | "full" }) => console.log(await makeDemo(size)));
  for (const [name, example] of Object.entries(EXAMPLES) as [DataSetName, string][]) {
    addInspection(data, name, example);
  }
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

/** A call of each, and what lies in the folder, for its help. */
const EXAMPLES = {
  published: "./lumen data published --patch irmas-relabelled",
  irmas: "./lumen data irmas --root ~/IRMAS\n\n" +
    "  IRMAS/IRMAS-TrainingData/cel/[cel][cla]0001__1.wav\n" +
    "  IRMAS/IRMAS-TestingData-Part1/Part1/(02) dont kill the whale-1.wav, .txt",
  openmic: "./lumen data openmic --root ~/openmic-2018 --check",
  audioset: "./lumen data audioset --root ~/audioset\n\n" +
    "  audioset/balanced_train_segments.csv, eval_segments.csv, ontology.json\n" +
    "  audioset/any/folders/<video>_<start in seconds>.wav, .flac, .ogg or .mp3",
  esc50: "./lumen data esc50 --root ~/ESC-50-master",
  folder: "./lumen data folder --root ~/samples\n\n" +
    "  samples/cello/a.wav, samples/acoustic guitar/some recording/b.flac\n" +
    "  or samples/labels.csv with the columns path, labels (group, split)",
} as const satisfies Partial<Record<DataSetName, string>>;

function addInspection(data: Command, name: DataSetName, example: string): void {
  const { what, size, licence } = CATALOG[name];
  const command = data.command(name).description(what)
    .option("--check", "read only: fail where a file does not fit or a count differs")
    .option("--strict", "fail where a file or label does not fit, instead of leaving it out")
    .option("--patch <file>", "show it with changed labels: a patch's file, or irmas-relabelled")
    .addHelpText("after", `\nSize: ${size}. Licence: ${licence}.\n\nExample:\n  ${example}`)
    .action((options: InspectOptions) => inspectDataSet(name, options));
  if (name !== "published") command.option("--root <path>", "where it is; remembered for later");
  if (name in SOURCES) {
    command.addOption(
      new Option("--download", "fetch it into data/, after saying what that means").conflicts(
        "root",
      ),
    );
  }
}
