/** What unpacking a zip and a tar.gz have in common. */
import type { ArchiveLimits } from "./guard.ts";

/** Where an archive goes. */
export interface UnpackOptions extends ArchiveLimits {
  /** The folder that is made; it must not be there. */
  to: string;
  /** A folder that is left out of the paths, where the archive holds nothing else at its top. */
  strip?: string;
  /** What the progress says. Default: the archive's name */
  label?: string;
  signal?: AbortSignal;
}

/** What came out. */
export interface Unpacked {
  files: number;
  bytes: number;
  /** Entries that were not unpacked: what macOS adds, and links. */
  leftOut: string[];
}

/** An error of unpacking, with the archive's name and what became of the folder. */
export function unpackError(archive: string, to: string, error: unknown): Error {
  return new Error(`cannot unpack ${archive}: ${(error as Error).message}; ${to} was not made`, {
    cause: error,
  });
}
