/** `lumen fuzz`: do the decoders keep their promises on damaged files? */
import { join, relative } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { writeAtomically, writeJson } from "../../lib/core/files.ts";
import { projectPath } from "../../lib/core/paths.ts";
import { showProgress } from "../../lib/core/progress.ts";
import { corpusHash, readCorpus } from "../fuzz/corpus.ts";
import { damagedFile, type Format, FORMATS } from "../fuzz/mutate.ts";
import { type FuzzResult, runFuzz } from "../fuzz/run.ts";

interface Options {
  files: number;
  seed: number;
  format?: Format;
  record?: string;
}

/** Where inputs that fail are kept. */
const FAILURES = projectPath("report", "fuzz");

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It is no whole number.");
  return Number(text);
}

/** Adds the command. */
export function register(program: Command): void {
  program.command("fuzz")
    .description("decode damaged sound files: each must give a sound or one clear error, in time")
    .option("--files <number>", "damaged files of each format", wholeNumber, 10000)
    .option("--seed <number>", "seed of the damage", wholeNumber, 0)
    .addOption(new Option("--format <name>", "only this one").choices(FORMATS))
    .option("--record <file>", "write counts, seed and versions as JSON")
    .action(async ({ files, seed, format, record }: Options) => {
      const results: Partial<Record<Format, FuzzResult>> = {};
      for (const name of format ? [format] : FORMATS) {
        results[name] = await fuzz(name, { files, seed });
      }
      if (record) writeJson(record, recordOf(results, { files, seed }));
      const all = Object.values(results),
        sum = (values: number[]) => values.reduce((a, b) => a + b);
      const failed = sum(all.map(({ failures }) => failures.length));
      console.log(
        `${files * all.length} damaged files, seed ${seed}: ${
          sum(all.map((r) => r.sounds))
        } sounds, ${sum(all.map((r) => r.errors))} clear errors, ${failed} failures`,
      );
      Deno.exit(failed === 0 ? 0 : 1);
    });
}

async function fuzz(
  format: Format,
  { files, seed }: { files: number; seed: number },
): Promise<FuzzResult> {
  const progress = showProgress(`damaged ${format} files`, files);
  let finished = 0, failed = 0;
  const result = await runFuzz({
    format,
    files,
    seed,
    onReport({ outcome }) {
      if (outcome === "failure") failed++;
      progress.update(++finished, failed > 0 ? `${failed} failures` : "");
    },
  });
  progress.done();
  const corpus = readCorpus(format);
  for (const { index, message } of result.failures) {
    const { name, bytes } = damagedFile(corpus, { format, seed, index });
    const path = join(FAILURES, `${seed}-${index}.${format}`);
    writeAtomically(path, bytes);
    console.error(`${relative(Deno.cwd(), path)} (${name}): ${message}`);
  }
  return result;
}

/** The result as data, with what it depends on. */
function recordOf(
  results: Partial<Record<Format, FuzzResult>>,
  { files, seed }: { files: number; seed: number },
) {
  const [, soundfile] = Deno.readTextFileSync(projectPath("requirements", "sound.txt"))
    .match(/^soundfile==(\S+)/m)!;
  const formats = Object.entries(results).map(([format, { sounds, errors, failures }]) => {
    const corpus = corpusHash(readCorpus(format as Format));
    return [format, { corpus, sounds, errors, failures: failures.length }];
  });
  return {
    files,
    seed,
    formats: Object.fromEntries(formats),
    versions: { deno: Deno.version.deno, soundfile },
  };
}
