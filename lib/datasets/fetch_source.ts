/** Data sets from their publishers: downloaded, checked, unpacked, counted. */
import { dirname, join } from "node:path";
import { z } from "zod";
import { unpackTarGz } from "../archive/unpack_tar_gz.ts";
import { unpackZip } from "../archive/unpack_zip.ts";
import { formatBytes } from "../core/byte_progress.ts";
import { exists, readJson, writeJson } from "../core/files.ts";
import { tryLockFolder, waitForLock } from "../core/lock.ts";
import { projectPath } from "../core/paths.ts";
import { download, type Patience } from "../download/download.ts";
import { ARCHIVES } from "./places.ts";
import { type CountResult, countSource } from "./source_counts.ts";
import type { Source, SourceFile } from "./sources.ts";

/** Options of {@link fetchSource}. */
export interface FetchOptions extends Patience {
  /** Where it goes. Default: `data/<name>` */
  folder?: string;
  /** Names of the files that are wanted. Default: all */
  files?: readonly string[];
  /** A web folder that holds the files under their names. Default: `LUMEN_MIRROR`, or else the publishers' own addresses */
  mirror?: string;
  /** Whether archives are kept after unpacking. Default: those that were put there by hand are, the others not */
  keepArchives?: boolean;
  /** Hears what is to come, the terms, and what happens. Default: the error output */
  say?: (line: string) => void;
  signal?: AbortSignal;
}

const MARKER = z.object({
  files: z.array(z.object({
    name: z.string(),
    /** Of a file that was there when we came nothing is known. */
    digests: z.object({ bytes: z.number(), md5: z.string(), sha256: z.string() }).optional(),
  })),
  counts: z.array(z.object({ what: z.string(), published: z.number(), found: z.number() })),
});

/** What was fetched: each file with its size and checksums as they came, and the counts. */
export interface Fetched extends z.infer<typeof MARKER> {
  /** Where it is. */
  folder: string;
}

/**
 * Gets a data set: what of it is not in its folder is downloaded, checked and unpacked; then it is counted.
 *
 * Cut off and called again, it goes on where it was. A file that a person put into the folder `archives` in it
 * is taken instead of downloaded. When all is there, a call returns at once, with what was counted then.
 *
 * @throws Error that says which file failed, why, and how else it can be had
 */
export async function fetchSource(
  source: Source,
  options: FetchOptions = {},
): Promise<Fetched> {
  const { folder = projectPath("data", source.name), say = console.error, signal } = options;
  const wanted = choose(source, options.files);
  const there = readFetched(source, { folder, files: options.files });
  if (there) return there;
  using _lock = await waitForLock(() => tryLockFolder(folder), {
    onWait: () => say(`${source.name}: another process is fetching it, waiting for that`),
    signal,
  });
  const missing = wanted.filter(({ becomes }) => !exists(join(folder, becomes)));
  if (missing.length > 0) say(describeSource(source, missing));
  const known = new Map(readMarker(source, folder)?.files.map((file) => [file.name, file]));
  for (const file of missing) {
    known.set(file.name, await fetchFile(source, file, { ...options, folder, say }));
  }
  const files = source.files
    .filter((file) => wanted.includes(file) || known.has(file.name))
    .map(({ name }) => known.get(name) ?? { name });
  const counts = await countSource(source, { folder, files: files.map(({ name }) => name) });
  writeJson(markerPath(source, folder), { files, counts });
  return { folder, files, counts };
}

/**
 * What {@link fetchSource} has fetched; nothing where it has not, or not all, or something is gone since.
 *
 * @param options.folder where it is. Default: `data/<name>`
 * @param options.files names of the files that are wanted. Default: all
 */
export function readFetched(
  source: Source,
  { folder = projectPath("data", source.name), files }: Pick<FetchOptions, "folder" | "files"> = {},
): Fetched | undefined {
  const marker = readMarker(source, folder);
  const names = new Set(marker?.files.map(({ name }) => name));
  const whole = choose(source, files).every(({ name, becomes }) =>
    names.has(name) && exists(join(folder, becomes))
  );
  return marker && whole ? { folder, ...marker } : undefined;
}

/** What comes, from where, how much, under which terms: what is shown before a download. */
export function describeSource(source: Source, files = source.files): string {
  const size = formatBytes(files.reduce((sum, { about }) => sum + about, 0));
  return [
    `${source.title}: about ${size} (${files.map(({ name }) => name).join(", ")})`,
    `from ${source.page}`,
    `licence: ${source.licence}. ${source.terms}`,
    `to be cited: ${source.citation}`,
  ].join("\n");
}

/** Where what was fetched falls short of, or goes beyond, what was published; empty where all is as it should be. */
export function differingCounts(counts: readonly CountResult[]): string[] {
  return counts.filter(({ published, found }) => published !== found).map(
    ({ what, published, found }) => `${found} ${what}, published are ${published}`,
  );
}

function choose(source: Source, names?: readonly string[]): readonly SourceFile[] {
  const known = source.files.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`${source.name} has no file "${unknown}"; known: ${known.join(", ")}`);
  }
  return source.files.filter(({ name }) => !names || names.includes(name));
}

async function fetchFile(
  source: Source,
  file: SourceFile,
  { folder, mirror, keepArchives, ...options }: FetchOptions & { folder: string },
): Promise<Fetched["files"][number]> {
  const { name, packed } = file, to = join(folder, file.becomes);
  const path = packed ? join(folder, ARCHIVES, name) : to;
  const { downloaded, bytes, md5, sha256 } = await download({
    ...options,
    url: addressOf(file, mirror),
    to: path,
    md5: file.md5,
    label: name,
    advice:
      `by hand it can be had from ${source.page}: put it at ${path} and run the same command again; ` +
      "or, if the data is on this machine already, say where with --root",
  });
  if (packed) {
    await unpackFile(path, { packed, to, strip: file.becomes, signal: options.signal });
    if (!(keepArchives ?? !downloaded)) removeArchive(path);
  }
  return { name, digests: { bytes, md5, sha256 } };
}

function removeArchive(path: string): void {
  Deno.removeSync(path);
  if (Deno.readDirSync(dirname(path)).next().done) Deno.removeSync(dirname(path));
}

async function unpackFile(
  path: string,
  { packed, ...options }: {
    packed: NonNullable<SourceFile["packed"]>;
    to: string;
    strip: string;
    signal?: AbortSignal;
  },
): Promise<void> {
  try {
    await (packed === "zip" ? unpackZip : unpackTarGz)(path, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    const { message } = error as Error;
    throw new Error(
      `${message}; if the archive is damaged, remove it and run the same command again`,
      {
        cause: error,
      },
    );
  }
}

/** Where a file is asked for: a mirror has the files side by side, under their names. */
function addressOf({ name, url }: SourceFile, mirror = Deno.env.get("LUMEN_MIRROR")): string {
  if (!mirror) return url;
  const base = mirror.endsWith("/") ? mirror : `${mirror}/`;
  if (!/^https?:$/.test(URL.parse(base)?.protocol ?? "")) {
    throw new Error(`the mirror "${mirror}" is no address that begins with http:// or https://`);
  }
  return new URL(encodeURIComponent(name), base).href;
}

const markerPath = ({ name }: Source, folder: string) => join(folder, `.${name}.json`);

/** Nothing where there is no marker, or nobody can read it: then all is looked at again. */
function readMarker(source: Source, folder: string): z.infer<typeof MARKER> | undefined {
  try {
    return MARKER.safeParse(readJson(markerPath(source, folder))).data;
  } catch {
    return undefined;
  }
}
