/** `lumen predict`: which instruments are in these files. */
import { type Command, Option } from "commander";
import { type Progress, showProgress } from "../../lib/core/progress.ts";
import { INSTRUMENT_NAMES, INSTRUMENTS } from "../../lib/datasets/labels.ts";
import {
  defaultRecognizer,
  NEWEST,
  type Recognition,
  type Recognizer,
  recognizerNamed,
  ZERO_SHOT_NAMES,
} from "../../lib/inference/recognizer.ts";

interface Options {
  json?: boolean;
  csv?: boolean;
  run?: string;
  model?: string;
  weights?: string;
}

/** What was heard in one file. */
export type PredictedFile = { file: string } & Recognition;

/** What was heard, and with what. */
export interface Prediction {
  run: string;
  threshold: number;
  files: PredictedFile[];
}

const csvField = (text: string) => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** How a prediction is printed. */
export const FORMATS: Readonly<Record<"json" | "csv" | "text", (of: Prediction) => string>> = {
  json: (prediction) => JSON.stringify(prediction, null, 2),
  csv: ({ files }) =>
    [
      ["file", "seconds", "instruments", ...INSTRUMENTS].join(),
      ...files.map(({ file, seconds, instruments, scores }) =>
        [
          csvField(file),
          seconds.toFixed(2),
          instruments.join(" "),
          ...INSTRUMENTS.map((code) => scores[code].toFixed(4)),
        ].join()
      ),
    ].join("\n"),
  text: ({ files }) =>
    files.flatMap(({ file, seconds, instruments, scores }) => [
      `${file} (${seconds.toFixed(1)} s): ` +
      (instruments.map((code) => INSTRUMENT_NAMES[code]).join(", ") ||
        "none of the eleven instruments"),
      ...INSTRUMENTS.toSorted((a, b) => scores[b] - scores[a]).map((code) =>
        `  ${instruments.includes(code) ? "*" : " "} ${scores[code].toFixed(3)}  ${
          INSTRUMENT_NAMES[code]
        }`
      ),
    ]).join("\n"),
};

/** What is heard in the files, with progress where it takes longer than two seconds, and why some could not be read. */
async function recognizeAll(
  recognizer: Recognizer,
  paths: readonly string[],
): Promise<{ files: PredictedFile[]; failures: string[] }> {
  const files: PredictedFile[] = [], failures: string[] = [];
  let progress: Progress | undefined;
  const timer = setTimeout(() => {
    const start = files.length + failures.length;
    progress = showProgress("recognising", paths.length, { start });
  }, 2000);
  for (const file of paths) {
    try {
      files.push({ file, ...await recognizer.recognizeFile(file) });
    } catch (error) {
      failures.push((error as Error).message);
    }
    progress?.update(files.length + failures.length, file);
  }
  clearTimeout(timer);
  progress?.done();
  return { files, failures };
}

/** Adds the command. */
export function register(program: Command): void {
  program.command("predict")
    .description("scores of the eleven instruments in WAV, MP3, OGG or FLAC files of any length")
    .argument("<file...>", "sound files")
    .addOption(new Option("--json", "print JSON, with the run and its threshold").conflicts("csv"))
    .option("--csv", "print a table")
    .option("--run <name>", "a finished run to use")
    .addOption(
      new Option(
        "--model <name>",
        "a pretrained network, or the newest finished run (default: what experiments/default_model.json names)",
      ).choices([...ZERO_SHOT_NAMES, NEWEST]).conflicts("run"),
    )
    .option(
      "--weights <source>",
      "where the weights of --model ast are: a file, a folder, or hf:owner/name (default: fetched from the hub once)",
    )
    .action(async (paths: string[], { json, csv, run: name, model, weights }: Options) => {
      if (weights && model !== "ast") {
        throw new Error(`--weights ${weights} goes with --model ast: other networks have theirs`);
      }
      const asked = model ?? name;
      const recognizer = await (asked ? recognizerNamed(asked, { weights }) : defaultRecognizer());
      const { run, threshold } = recognizer;
      const { files, failures } = await recognizeAll(recognizer, paths);
      if (files.length > 0) {
        console.log(FORMATS[json ? "json" : csv ? "csv" : "text"]({ run, threshold, files }));
        console.error(`with ${run}, threshold ${threshold.toPrecision(3)}`);
      }
      if (failures.length > 0) {
        console.error(`skipped ${failures.length}:\n  ${failures.join("\n  ")}`);
        Deno.exit(1);
      }
    });
}
