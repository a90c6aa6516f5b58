/** `lumen predict`: which instruments are in these files. */
import type { Command } from "commander";
import { INSTRUMENT_NAMES, INSTRUMENTS } from "../../lib/datasets/labels.ts";
import { loadRecognizer, type Recognition } from "../../lib/inference/recognizer.ts";

interface Options {
  json?: boolean;
  csv?: boolean;
  run?: string;
}

type Row = { file: string } & Recognition;

const csvField = (text: string) => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const FORMATS = {
  json: (rows: Row[]) => JSON.stringify(rows, null, 2),
  csv: (rows: Row[]) =>
    [
      ["file", "seconds", "instruments", ...INSTRUMENTS].join(),
      ...rows.map(({ file, seconds, instruments, scores }) =>
        [
          csvField(file),
          seconds.toFixed(2),
          instruments.join(" "),
          ...INSTRUMENTS.map((code) => scores[code].toFixed(4)),
        ].join()
      ),
    ].join("\n"),
  text: (rows: Row[]) =>
    rows.map(({ file, seconds, instruments, scores }) =>
      `${file} (${seconds.toFixed(1)} s): ` +
      (instruments.map((code) => `${INSTRUMENT_NAMES[code]} ${scores[code].toFixed(2)}`).join(
        ", ",
      ) ||
        "none of the eleven instruments")
    ).join("\n"),
};

/** Adds the command. */
export function register(program: Command): void {
  program.command("predict")
    .description("scores of the eleven instruments in WAV, MP3, OGG or FLAC files of any length")
    .argument("<file...>", "sound files")
    .option("--json", "print a JSON list")
    .option("--csv", "print a table")
    .option("--run <name>", "the run to use (default: the newest finished one)")
    .action(async (files: string[], { json, csv, run }: Options) => {
      const recognizer = loadRecognizer(run);
      const rows: Row[] = [], failures: string[] = [];
      for (const file of files) {
        try {
          rows.push({ file, ...await recognizer.recognizeFile(file) });
        } catch (error) {
          failures.push((error as Error).message);
        }
      }
      console.log(FORMATS[json ? "json" : csv ? "csv" : "text"](rows));
      console.error(`with ${recognizer.run}, threshold ${recognizer.threshold.toFixed(3)}`);
      if (failures.length > 0) {
        console.error(`skipped ${failures.length}:\n  ${failures.join("\n  ")}`);
        Deno.exit(1);
      }
    });
}
