/** What is in a copy of a data set, counted as its publishers did. */
import { join } from "node:path";
import { exists } from "../core/files.ts";
import type { PublishedCount, Source } from "./sources.ts";

/** A published count beside a copy's. */
export interface CountResult {
  what: string;
  published: number;
  found: number;
}

/**
 * Counts what the publishers counted in a copy of a data set.
 *
 * @param source which data set
 * @param options.folder where the copy is, unpacked in whatever folders
 * @param options.files names of the source's files that the copy has; what takes others is not counted. Default: all
 */
export async function countSource(
  source: Source,
  { folder, files = source.files.map(({ name }) => name) }: {
    folder: string;
    files?: readonly string[];
  },
): Promise<CountResult[]> {
  const paths = exists(folder) ? [...pathsBelow(folder)] : [];
  const wanted = source.counts.filter(({ of }) =>
    (of ?? source.files.map(({ name }) => name)).every((name) => files.includes(name))
  );
  return await Promise.all(wanted.map(async (count) => ({
    what: count.what,
    published: count.count,
    found: await countIn(folder, { count, paths: paths.filter((path) => count.paths.test(path)) }),
  })));
}

/** Files below a folder, with "/" between the parts of their paths; what macOS puts beside them is left out. */
function* pathsBelow(folder: string, path = ""): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(folder, path))) {
    const below = path === "" ? name : `${path}/${name}`;
    if (name.startsWith(".")) continue;
    if (isDirectory) yield* pathsBelow(folder, below);
    else yield below;
  }
}

async function countIn(
  folder: string,
  { count: { unit }, paths }: { count: PublishedCount; paths: readonly string[] },
): Promise<number> {
  if (unit === "files") return paths.length;
  let sum = 0;
  for (const path of paths) {
    const file = join(folder, path);
    sum += unit === "rows" ? await countRows(file) : countItems(file);
  }
  return sum;
}

/** Lines that are neither empty nor comments. */
async function countRows(path: string): Promise<number> {
  const file = await Deno.open(path);
  let rows = 0, rest = "";
  const isRow = (line: string) => line.trim() !== "" && !line.startsWith("#");
  for await (const text of file.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    rows += lines.filter(isRow).length;
  }
  return rows + Number(isRow(rest));
}

/** Items of a list in JSON; 0 for what is none. */
function countItems(path: string): number {
  try {
    const value: unknown = JSON.parse(Deno.readTextFileSync(path));
    return Array.isArray(value) ? value.length : 0;
  } catch {
    return 0;
  }
}
