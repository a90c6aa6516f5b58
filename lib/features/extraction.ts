/**
 * Arrays computed from sound files, once, on all cores, and kept.
 *
 * Every file has an entry of its own in data/cache/features/<settings>/, so a run that was killed goes on
 * where it was. An entry is named after the file's path below the project, its size and its time of
 * change: reading every file to hash its content would cost more than the rest of a second run, and a
 * sound that changed without any of the three changing is not a case worth minutes. The folder is named
 * after what shapes the arrays.
 */
import { join, relative, resolve } from "node:path";
import { exists, sha256, writeAtomically, writeJson } from "../core/files.ts";
import { type ArrayContent, decodeNpy, encodeNpy, type NpyArray } from "../core/npy.ts";
import { type Outcome, parallelMap, serveTasks } from "../core/parallel.ts";
import { projectPath, ROOT } from "../core/paths.ts";
import { showProgress } from "../core/progress.ts";

/** What is computed from every file. */
export interface Extraction<Settings> {
  /** The module that computes it, which calls {@link serveExtraction}. */
  worker: URL;
  /** What the worker is told beside the file's path. */
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

interface Task<Settings> {
  path: string;
  settings: Settings;
  /** A .npy file. */
  out: string;
}

/**
 * The cache's entries of sound files, made on all cores where they are not there.
 *
 * Shows progress while it computes; files that cannot be read are skipped, and named at the end.
 *
 * @param paths sound files; one may appear more than once
 */
export async function ensureEntries<Settings>(
  paths: readonly string[],
  extraction: Extraction<Settings>,
  options: ExtractionOptions = {},
): Promise<Entries> {
  const { folder = projectPath("data", "cache", "features") } = options;
  const shelf = join(folder, (await sha256(JSON.stringify(extraction.shape))).slice(0, 16));
  if (!exists(join(shelf, "about.json"))) writeJson(join(shelf, "about.json"), extraction.shape);
  const names = await Promise.all(paths.map((path) => entryName(path)));
  const failures = await fill(shelf, { paths, entries: names }, extraction, options);
  const entries: Entries = { paths: [], files: [], skipped: [] };
  paths.forEach((path, k) => {
    const reason = failures.get(path);
    if (reason !== undefined) return void entries.skipped.push({ path, reason });
    entries.paths.push(path);
    entries.files.push(join(shelf, names[k]!));
  });
  reportSkipped(entries.skipped);
  return entries;
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

/** The worker's side of {@link extractAll}: computes an array from each file it is given, and writes it. */
export function serveExtraction<Settings>(
  extract: (path: string, settings: Settings) => ArrayContent,
): void {
  serveTasks<Task<Settings>, null>(({ path, settings, out }) => {
    writeAtomically(out, encodeNpy(extract(path, settings)));
    return { value: null };
  });
}

/** "<path>-<size and time>.npy", both hashed; undefined for a file that is not there. */
async function entryName(path: string): Promise<string | undefined> {
  let stat: Deno.FileInfo;
  try {
    stat = Deno.statSync(path);
  } catch {
    return undefined;
  }
  const place = await sha256(relative(ROOT, resolve(path)));
  const state = await sha256(`${stat.size} ${stat.mtime?.getTime()}`);
  return `${place.slice(0, 24)}-${state.slice(0, 16)}.npy`;
}

/** Files and the names of their entries. */
interface Wanted {
  paths: readonly string[];
  entries: readonly (string | undefined)[];
}

/** Computes the entries that are not there. Returns the files that failed, with the reason. */
async function fill<Settings>(
  shelf: string,
  { paths, entries }: Wanted,
  { worker, settings, label }: Extraction<Settings>,
  { workers }: ExtractionOptions,
): Promise<Map<string, string>> {
  const there = new Set(Array.from(Deno.readDirSync(shelf), ({ name }) => name));
  const tasks = new Map<string, Task<Settings>>();
  paths.forEach((path, k) => {
    const entry = entries[k];
    if (entry === undefined) tasks.set(path, { path, settings, out: "" });
    else if (!there.has(entry)) tasks.set(path, { path, settings, out: join(shelf, entry) });
  });
  if (tasks.size === 0) return new Map();
  removeStale(shelf, there, entries);
  const todo = [...tasks.values()];
  const progress = showProgress(label, todo.length);
  const outcomes = await parallelMap<Task<Settings>, null>(worker, todo, {
    workers,
    onProgress: (finished) => progress.update(finished),
  });
  const failed = outcomes.filter(({ ok }) => !ok).length;
  progress.done(failed > 0 ? `${failed} skipped` : "");
  const reasons = todo.map((task, k) => [task.path, reasonOf(outcomes[k])] as const);
  return new Map(reasons.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function reasonOf(outcome: Outcome<null>): string | undefined {
  return outcome.ok ? undefined : outcome.error;
}

/** Removes entries of earlier states of the same files; not what another process may be writing. */
function removeStale(
  shelf: string,
  there: ReadonlySet<string>,
  entries: readonly (string | undefined)[],
): void {
  const wanted = new Set(entries), places = new Set(entries.map((entry) => entry?.split("-")[0]));
  for (const name of there) {
    const stale = name.endsWith(".npy") && places.has(name.split("-")[0]) && !wanted.has(name);
    if (stale) Deno.removeSync(join(shelf, name));
  }
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

/** Names files that were skipped, one a line, on the error stream. */
function reportSkipped(skipped: readonly Skipped[]): void {
  if (skipped.length === 0) return;
  console.error(`skipped ${skipped.length} ${skipped.length === 1 ? "file" : "files"}:`);
  for (const { path, reason } of skipped) {
    console.error(reason.includes(path) ? `  ${reason}` : `  ${path}: ${reason}`);
  }
}
