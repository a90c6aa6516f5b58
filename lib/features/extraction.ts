/**
 * Arrays computed from sound files, once, on all cores, and kept.
 *
 * A sound has an entry of its own, data/cache/features/<settings>/<content>.npy, so a run that was killed goes on
 * where it was. The folder is named after what shapes the arrays, the entry after the SHA-256 of the file's bytes: the
 * same sound is found under any name. An index beside them tells what files hold, so that a second run reads none. No
 * entry is ever changed or removed here, as another process may want it; `./lumen clean --cache` removes all.
 */
import { join } from "node:path";
import { addToIndex, knownContents, type Reading } from "../core/content_index.ts";
import { exists, sha256, writeJson } from "../core/files.ts";
import { decodeNpy, type NpyArray } from "../core/npy.ts";
import { type Outcome, parallelMap } from "../core/parallel.ts";
import { projectPath } from "../core/paths.ts";
import { showProgress } from "../core/progress.ts";

/** What is computed from every file. */
export interface Extraction<Settings> {
  /** The module that computes it, which calls `serveExtraction`. */
  worker: URL;
  /** What the worker is told beside the sound. */
  settings: Settings;
  /** All that shapes an array, the version of the code too: what is cached for another value stays aside. */
  shape: Readonly<Record<string, unknown>>;
  /** What the progress display says. */
  label: string;
}

/** Where entries are kept, and how many workers make them. */
export interface ExtractionOptions {
  /** Default: data/cache/features in the project. */
  folder?: string;
  /** Workers at the most. Default: one a core. */
  workers?: number;
}

/** A file without features, and why. */
export interface Skipped {
  path: string;
  reason: string;
}

/** Where the arrays of many files are kept. */
export interface Entries {
  /** The files that could be read, in the order asked for. */
  paths: string[];
  /** One .npy file for each of `paths`. */
  files: string[];
  skipped: Skipped[];
}

/** The arrays of many files. */
export interface Extracted extends Omit<Entries, "files"> {
  /** One for each of `paths`. */
  arrays: NpyArray[];
}

/** What a worker is asked. */
export interface Task<Settings> {
  path: string;
  settings: Settings;
  /** The folder of entries. */
  shelf: string;
}

/**
 * The cache's entries of sound files, made on all cores where they are not there. Several processes may do so at once.
 *
 * Shows progress while it computes; files that cannot be read are skipped, and named at the end.
 *
 * @param paths sound files; one may appear more than once
 */
export async function ensureEntries<Settings>(
  paths: readonly string[],
  { settings, shape, ...work }: Extraction<Settings>,
  { folder = projectPath("data", "cache", "features"), workers }: ExtractionOptions = {},
): Promise<Entries> {
  const shelf = join(folder, (await sha256(JSON.stringify(shape))).slice(0, 16));
  if (!exists(join(shelf, "about.json"))) writeJson(join(shelf, "about.json"), shape);
  const there = new Set(Array.from(Deno.readDirSync(shelf), ({ name }) => join(shelf, name)));
  const contents = knownContents(folder, paths), failures = new Map<string, string>();
  const todo = [...new Set(paths)].filter((path) => {
    const content = contents.get(path);
    return content === undefined || !there.has(entryOf(shelf, content));
  });
  if (todo.length > 0) {
    const tasks = todo.map((path) => ({ path, settings, shelf }));
    const readings = new Map<string, Reading>();
    (await handle(tasks, { ...work, workers })).forEach((outcome, k) => {
      if (outcome.ok) readings.set(todo[k], outcome.value);
      else failures.set(todo[k], outcome.error);
    });
    addToIndex(folder, readings);
    readings.forEach(({ content }, path) => contents.set(path, content));
  }
  const read = paths.filter((path) => !failures.has(path));
  const skipped = paths.filter((path) => failures.has(path))
    .map((path) => ({ path, reason: failures.get(path)! }));
  reportSkipped(skipped);
  return { paths: read, files: read.map((path) => entryOf(shelf, contents.get(path)!)), skipped };
}

/** The arrays of sound files: {@link ensureEntries}, and reads them. */
export async function extractAll<Settings>(
  paths: readonly string[],
  extraction: Extraction<Settings>,
  options: ExtractionOptions = {},
): Promise<Extracted> {
  const { files, ...entries } = await ensureEntries(paths, extraction, options);
  return { ...entries, arrays: files.map(readEntry) };
}

/** Where the array of some content is kept. */
export function entryOf(shelf: string, content: string): string {
  return join(shelf, `${content}.npy`);
}

/** Reads an entry. @throws Error that says what to do with one that is damaged */
export function readEntry(path: string): NpyArray {
  try {
    return decodeNpy(Deno.readFileSync(path));
  } catch (error) {
    const message = (error as Error).message;
    throw new Error(`cannot read ${path}: ${message}; remove it, and it is computed again`, {
      cause: error,
    });
  }
}

/** Has workers handle tasks, and shows how far they are. */
async function handle<Settings>(
  tasks: readonly Task<Settings>[],
  { worker, label, workers }: { worker: URL; label: string; workers?: number },
): Promise<Outcome<Reading>[]> {
  const progress = showProgress(label, tasks.length);
  const outcomes = await parallelMap<Task<Settings>, Reading>(worker, tasks, {
    workers,
    onProgress: (finished) => progress.update(finished),
  });
  const failed = outcomes.filter(({ ok }) => !ok).length;
  progress.done(failed > 0 ? `${failed} skipped` : "");
  return outcomes;
}

/** Names files that were skipped, one a line, on the error stream. */
function reportSkipped(skipped: readonly Skipped[]): void {
  if (skipped.length === 0) return;
  console.error(`skipped ${skipped.length} ${skipped.length === 1 ? "file" : "files"}:`);
  for (const { path, reason } of skipped) console.error(`  ${path}: ${reason}`);
}
