/** Room on a disk: asked for before the work, and named when it has run out. */
import { statfsSync } from "node:fs";
import { formatBytes } from "./byte_progress.ts";

/** Bytes that may still be written on the disk that holds a folder. @throws Error when the folder is not there */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** @throws Error that says how much is needed and how much is free, when the folder's disk has no room for so many bytes */
export function requireSpace(folder: string, bytes: number): void {
  const free = freeBytes(folder);
  if (bytes > free) {
    throw new Error(
      `${formatBytes(bytes)} are needed on the disk of ${folder}, ${formatBytes(free)} are free; ` +
        "make room or choose a folder on another disk",
    );
  }
}

/**
 * What to throw for a failed write: where the disk is full, an error that says so, else the write's own.
 *
 * @param missing bytes that were still to be written, where that is known
 */
export function writeFailure(
  error: unknown,
  { folder, missing }: { folder: string; missing?: number },
): unknown {
  if ((error as { code?: string }).code !== "ENOSPC") return error;
  const more = missing === undefined ? "" : `, ${formatBytes(missing)} were still to be written`;
  return new Error(
    `the disk of ${folder} is full${more}; make room, then run the same command again`,
    { cause: error },
  );
}
