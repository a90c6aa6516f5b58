/** Decodes damaged files in child processes: one that hangs or dies is replaced, and its file, if it does so twice, is a failure. */
import { projectPath } from "../../lib/core/paths.ts";
import { TextLineStream } from "../../lib/notebook/lines.ts";
import type { Report } from "./child.ts";
import type { Format } from "./mutate.ts";

/** What to run. */
export interface FuzzOptions {
  format: Format;
  /** How many damaged files. */
  files: number;
  seed: number;
  /** A module with `decodeSound`. Default: ours. */
  decoder?: URL;
  /** Seconds without news after which a file counts as hanging. Default: 20. */
  patience?: number;
  /** Child processes at a time. Default: one a core. */
  processes?: number;
  /** Called after every file. */
  onReport?: (report: Report) => void;
}

/** How many files came to what, and which failed. */
export interface FuzzResult {
  sounds: number;
  errors: number;
  failures: Report[];
}

/** Files that one process handles: a leak shows, and memory is given back. */
const BATCH = 500;

const OUR_DECODER = new URL("../../lib/audio/decode.ts", import.meta.url);

/** Decodes damaged files of a format. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { files, processes = navigator.hardwareConcurrency, onReport } = options;
  const result: FuzzResult = { sounds: 0, errors: 0, failures: [] };
  const count = (report: Report) => {
    if (report.outcome === "sound") result.sounds++;
    else if (report.outcome === "error") result.errors++;
    else result.failures.push(report);
    onReport?.(report);
  };
  let next = 0;
  const worker = async () => {
    while (next < files) {
      const from = next, to = next = Math.min(from + BATCH, files);
      for (let at = from, suspect = -1; at < to;) {
        const end = await runChild(options, { from: at, to }, count);
        if (!end) break;
        // a machine may stall or end a process for reasons of its own: what counts happens twice
        const again = end.index === suspect;
        if (again) count(end);
        at = again ? end.index + 1 : end.index;
        suspect = again ? -1 : end.index;
      }
    }
  };
  await Promise.all(Array.from({ length: processes }, worker));
  result.failures.sort((a, b) => a.index - b.index);
  return result;
}

/** One process. @returns of which file it hung or died; nothing where it came to its end */
async function runChild(
  { format, seed, decoder = OUR_DECODER, patience = 20 }: FuzzOptions,
  { from, to }: { from: number; to: number },
  count: (report: Report) => void,
): Promise<Report | undefined> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", "--config", projectPath("deno.json")]
      .concat(projectPath("tools", "fuzz", "child.ts"), decoder.href, format)
      .concat([seed, from, to].map(String)),
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextLineStream()).getReader();
  let index = from, hangs = false;
  while (index < to) {
    const timer = setTimeout(() => {
      hangs = true;
      child.kill("SIGKILL");
    }, 1000 * patience);
    const { value } = await lines.read();
    clearTimeout(timer);
    if (value === undefined) break;
    count(JSON.parse(value.text));
    index++;
  }
  await lines.cancel();
  const { code, signal } = await child.status;
  if (index === to) return undefined;
  const message = hangs
    ? `hangs: no end within ${patience} s`
    : `its process died (${signal ?? `status ${code}`})`;
  return { index, outcome: "failure", message };
}
