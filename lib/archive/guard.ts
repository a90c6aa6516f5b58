/** What an archive may do to a disk, and no more. */
import { formatBytes } from "../core/byte_progress.ts";
import { entryPath, isClutter, staysInside } from "./entry_path.ts";

/** How much may come out of an archive. */
export interface ArchiveLimits {
  /** Files and folders. Default: 300,000 */
  entries?: number;
  /** Bytes of all files. Default: 100 GB */
  bytes?: number;
  /** Bytes of all files by bytes of the archive, where they are more than 50 MB. Default: 100 */
  ratio?: number;
}

/** No archive of less is a bomb, whatever its ratio: a second of silence shrinks to a thousandth. */
const HARMLESS = 5e7;

/** What an archive says about an entry, in zip's and tar's common terms. */
export interface Entry {
  name: string;
  kind: "file" | "folder" | "symbolic link" | "hard link" | "device";
  /** Bytes of the file, as the archive announces them. */
  size: number;
  /** Where a link points to. */
  target?: string;
}

/** Watches over one archive: every entry is shown to it first, every byte counted. */
export class Guard {
  /** Entries that are not unpacked: what macOS adds, and links that stay inside. */
  readonly leftOut: string[] = [];
  readonly #entryLimit: number;
  readonly #byteLimit: number;
  readonly #foldsCase: boolean;
  readonly #kinds = new Map<string, { kind: "file" | "folder"; name: string }>();
  #entries = 0;
  #announced = 0;
  #written = 0;

  /**
   * @param archiveBytes the archive's own size
   * @param foldsCase whether the disk takes "a" and "A" for the same file
   */
  constructor(
    { archiveBytes, foldsCase, entries = 300_000, bytes = 1e11, ratio = 100 }:
      & { archiveBytes: number; foldsCase: boolean }
      & ArchiveLimits,
  ) {
    this.#entryLimit = entries;
    this.#byteLimit = Math.min(bytes, Math.max(HARMLESS, ratio * archiveBytes));
    this.#foldsCase = foldsCase;
  }

  /** Bytes that the admitted files are announced to have. */
  get announced(): number {
    return this.#announced;
  }

  /** Bytes that were written. */
  get written(): number {
    return this.#written;
  }

  /**
   * Looks at an entry.
   *
   * @returns the path that it goes to; nothing when it is left out
   * @throws Error for an entry that would leave the folder, stands there twice, is a device, or breaks a limit
   */
  admit({ name, kind, size, target = "" }: Entry): string | undefined {
    if (++this.#entries > this.#entryLimit) {
      throw new Error(`it has more than ${this.#entryLimit} entries`);
    }
    const path = entryPath(name), quoted = JSON.stringify(name);
    if (kind === "device") throw new Error(`the entry ${quoted} is a device`);
    if (kind === "symbolic link" || kind === "hard link") {
      if (!staysInside(path, { target, symbolic: kind === "symbolic link" })) {
        throw new Error(`the ${kind} ${quoted} leads out of its folder, to "${target}"`);
      }
      this.leftOut.push(name);
      return undefined;
    }
    if (path === "") return undefined;
    if (isClutter(path)) {
      this.leftOut.push(name);
      return undefined;
    }
    this.#remember(path, { kind, name });
    if (kind === "file") this.#announce(size);
    return path;
  }

  /** Counts bytes that are about to be written. @throws Error when they are too many */
  count(bytes: number): void {
    this.#written += bytes;
    if (this.#written > this.#byteLimit) throw this.#tooMuch("unpacks to");
  }

  #announce(size: number): void {
    this.#announced += size;
    if (this.#announced > this.#byteLimit) throw this.#tooMuch("announces");
  }

  #tooMuch(does: string): Error {
    return new Error(
      `it ${does} more than ${
        formatBytes(this.#byteLimit)
      }, which no honest archive of its size does`,
    );
  }

  #remember(path: string, entry: { kind: "file" | "folder"; name: string }): void {
    const key = (part: string) => this.#foldsCase ? part.toLowerCase() : part;
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
      const above = path.slice(0, at);
      this.#take(key(above), { kind: "folder", name: above });
    }
    this.#take(key(path), entry);
  }

  #take(key: string, entry: { kind: "file" | "folder"; name: string }): void {
    const there = this.#kinds.get(key);
    if (there && !(there.kind === "folder" && entry.kind === "folder")) {
      throw new Error(
        `the entries ${JSON.stringify(there.name)} and ${
          JSON.stringify(entry.name)
        } would be the same file on this disk`,
      );
    }
    if (!there) this.#kinds.set(key, entry);
  }
}
