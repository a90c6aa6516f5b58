/**
 * Mel spectrograms of many sound files, computed once on all cores.
 *
 * Every file has an entry of its own in data/cache/features/<settings>/, so a run that was killed goes on
 * where it was. An entry is named after the file's path below the project, its size and its time of
 * change: reading every file to hash its content would cost more than the rest of a second run, and a
 * sound that changed without any of the three changing is not a case worth minutes. The folder is named
 * after what shapes a spectrogram: the front end without chunking and network scaling, and EXTRACTOR.
 */
import { join, relative, resolve } from "node:path";
import { exists, sha256, writeJson } from "../core/files.ts";
import { type Outcome, parallelMap } from "../core/parallel.ts";
import { projectPath, ROOT } from "../core/paths.ts";
import { showProgress } from "../core/progress.ts";
import { decodeNpy } from "../core/npy.ts";
import type { Spectrogram } from "../dsp/mel.ts";
import type { FrontEnd } from "./front_end.ts";
import type { MelTask } from "./mel_worker.ts";

/** Raised whenever the code from file to spectrogram gives other numbers: what is cached is then stale. */
export const EXTRACTOR = 1;

/** A file without features, and why. */
export interface Skipped {
  path: string;
  reason: string;
}

/** The spectrograms of many files: bytes on the decibel scale (see `bytes.ts`), floats for power. */
export interface FeatureSet {
  /** The files that could be read, in the order asked for. */
  paths: string[];
  /** One for each of `paths`. */
  mels: Spectrogram<Uint8Array | Float32Array>[];
  skipped: Skipped[];
}

/** Options of {@link featuresOf}. */
export interface FeatureOptions {
  /** Default: data/cache/features in the project. */
  folder?: string;
  /** Workers at the most. Default: one a core. */
  workers?: number;
  /** What the progress display says. Default: "mel spectrograms". */
  label?: string;
}

/**
 * The mel spectrograms of sound files, from the cache or computed on all cores and put there.
 *
 * Shows progress while it computes; files that cannot be read are skipped, and named at the end.
 *
 * @param paths sound files; one may appear more than once
 */
export async function featuresOf(
  paths: readonly string[],
  frontEnd: FrontEnd,
  options: FeatureOptions = {},
): Promise<FeatureSet> {
  const { folder = projectPath("data", "cache", "features") } = options;
  const shelf = join(folder, await settingsKey(frontEnd));
  writeAbout(shelf, frontEnd);
  const entries = await Promise.all(paths.map((path) => entryName(path)));
  const failures = await fill(shelf, paths, entries, frontEnd, options);
  const set: FeatureSet = { paths: [], mels: [], skipped: [] };
  paths.forEach((path, k) => {
    const failure = failures.get(path);
    if (failure !== undefined) {
      set.skipped.push({ path, reason: failure });
      return;
    }
    set.paths.push(path);
    set.mels.push(readEntry(join(shelf, entries[k]!)));
  });
  reportSkipped(set.skipped);
  return set;
}

/** What shapes a spectrogram; chunking and network scaling come after it and are left out. */
function shaping(frontEnd: FrontEnd) {
  const { sampleRate, nFft, hopLength, nMels, fMin, fMax, scale, topDb, level, byteRange } =
    frontEnd;
  const mel = { sampleRate, nFft, hopLength, nMels, fMin, fMax, level, scale };
  return scale === "decibel" ? { ...mel, topDb, byteRange } : mel;
}

async function settingsKey(frontEnd: FrontEnd): Promise<string> {
  return (await sha256(JSON.stringify({ ...shaping(frontEnd), EXTRACTOR }))).slice(0, 16);
}

function writeAbout(shelf: string, frontEnd: FrontEnd): void {
  const path = join(shelf, "about.json");
  if (!exists(path)) writeJson(path, { extractor: EXTRACTOR, ...shaping(frontEnd) });
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

/** Computes the entries that are not there. Returns the files that failed, with the reason. */
async function fill(
  shelf: string,
  paths: readonly string[],
  entries: readonly (string | undefined)[],
  frontEnd: FrontEnd,
  { workers, label = "mel spectrograms" }: FeatureOptions,
): Promise<Map<string, string>> {
  const there = new Set(Array.from(Deno.readDirSync(shelf), ({ name }) => name));
  const tasks = new Map<string, MelTask>();
  paths.forEach((path, k) => {
    const entry = entries[k];
    if (entry === undefined) tasks.set(path, { path, frontEnd, out: "" });
    else if (!there.has(entry)) tasks.set(path, { path, frontEnd, out: join(shelf, entry) });
  });
  if (tasks.size === 0) return new Map();
  removeStale(shelf, there, entries);
  const todo = [...tasks.values()];
  const progress = showProgress(label, todo.length);
  const outcomes = await parallelMap<MelTask, null>(
    new URL("./mel_worker.ts", import.meta.url),
    todo,
    { workers, onProgress: (finished) => progress.update(finished) },
  );
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

function readEntry(path: string): Spectrogram<Uint8Array | Float32Array> {
  try {
    const { shape: [nMels, frames], data } = decodeNpy(Deno.readFileSync(path));
    return { nMels, frames, data: data as Uint8Array | Float32Array };
  } catch (error) {
    const message = (error as Error).message;
    throw new Error(`cannot read ${path}: ${message}; remove it, and it is computed again`, {
      cause: error,
    });
  }
}

/** Names files that were skipped, one a line, on the error stream. */
export function reportSkipped(skipped: readonly Skipped[]): void {
  if (skipped.length === 0) return;
  console.error(`skipped ${skipped.length} ${skipped.length === 1 ? "file" : "files"}:`);
  for (const { path, reason } of skipped) {
    console.error(reason.includes(path) ? `  ${reason}` : `  ${path}: ${reason}`);
  }
}
