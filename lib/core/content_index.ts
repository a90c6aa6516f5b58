/** What files hold, known without reading them again: SHA-256 by what the file system says of a file, as Git's index has it. */
import { join, resolve } from "node:path";
import { z } from "zod";
import { writeAtomically } from "./files.ts";
import { lockFolder } from "./lock.ts";

/** A file as it was read. */
export interface Reading {
  /** Its {@link settledState} just before; where there was none, the file is not kept in the index. */
  state?: string;
  /** SHA-256 of its bytes. */
  content: string;
}

const INDEX = z.array(
  z.tuple([z.string(), z.strictObject({ state: z.string(), content: z.string() })]),
);

/** Milliseconds between two ticks of the slowest clock of a file system, FAT's. */
const TICK = 2000;

/**
 * What changes with a file: its size, its number on the disk, its times of change. Programs cannot set the second of
 * the times (ctime; Windows has none), so it tells of a change that keeps size and time.
 *
 * @returns undefined where there is no file, or one that changed so lately that one more change might not show
 */
export function settledState(path: string): string | undefined {
  try {
    const { size, ino, mtime, ctime } = Deno.statSync(path);
    const changed = ctime ?? mtime;
    if (!changed || Date.now() - changed.getTime() < TICK) return undefined;
    return [size, ino, mtime?.getTime(), ctime?.getTime()].join(" ");
  } catch {
    return undefined; // who then reads it learns why
  }
}

/** The SHA-256 of files' bytes, of those that are in a folder's index and unchanged since. */
export function knownContents(folder: string, paths: readonly string[]): Map<string, string> {
  const index = readIndex(folder), contents = new Map<string, string>();
  for (const path of paths) {
    const known = index.get(resolve(path));
    if (known && known.state === settledState(path)) contents.set(path, known.content);
  }
  return contents;
}

/** Adds files, by their paths, to a folder's index. Several processes may do so at once. */
export function addToIndex(folder: string, readings: ReadonlyMap<string, Reading>): void {
  using _lock = lockFolder(folder);
  const index = readIndex(folder);
  for (const [path, { state, content }] of readings) {
    if (state !== undefined) index.set(resolve(path), { state, content });
  }
  writeAtomically(indexOf(folder), JSON.stringify([...index]));
}

/** Empty where there is none, or a damaged one: it is made anew as files are read. */
function readIndex(folder: string): Map<string, Required<Reading>> {
  try {
    return new Map(INDEX.parse(JSON.parse(Deno.readTextFileSync(indexOf(folder)))));
  } catch {
    return new Map();
  }
}

function indexOf(folder: string): string {
  return join(folder, "index.json");
}
