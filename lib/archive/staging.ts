/** A folder that is filled out of sight and gets its name when it is whole. */
import { basename, dirname, join } from "node:path";
import { writeFailure } from "../core/disk_space.ts";
import { exists } from "../core/files.ts";
import { tryLockFolder, waitForLock } from "../core/lock.ts";
import type { Guard } from "./guard.ts";

/**
 * Fills a folder beside its final place and moves it there.
 *
 * What a killed run left is removed; two processes do it one after the other.
 *
 * @param to the folder, which must not be there
 * @param options.strip a folder that does not appear, its content does, where it is all that there is at the top
 * @throws Error when `to` is there; what `fill` throws, after what it wrote was removed
 */
export async function stage<T>(
  to: string,
  fill: (folder: string) => Promise<T>,
  { strip, signal }: { strip?: string; signal?: AbortSignal } = {},
): Promise<T> {
  const folder = `${to}.unpacking`;
  using _lock = await waitForLock(() => tryLockFolder(folder), { signal });
  try {
    if (exists(to)) throw new Error(`${to} is there already: remove it, then it is unpacked anew`);
    for (const { name } of [...Deno.readDirSync(folder)]) {
      Deno.removeSync(join(folder, name), { recursive: true });
    }
    const result = await fill(folder);
    const top = [...Deno.readDirSync(folder)];
    const alone = top.length === 1 && top[0].isDirectory && top[0].name === strip;
    Deno.renameSync(alone ? join(folder, top[0].name) : folder, to);
    return result;
  } finally {
    // gone when it was renamed itself, or by another process that made `to` while this one waited
    if (exists(folder)) Deno.removeSync(folder, { recursive: true });
  }
}

/** Whether the disk that holds a folder takes "a" and "A" for the same file. */
export function foldsCase(folder: string): boolean {
  const probe = Deno.makeTempFileSync({ dir: folder, prefix: "case_" });
  try {
    return exists(join(folder, basename(probe).toUpperCase()));
  } finally {
    Deno.removeSync(probe);
  }
}

/** One file of an archive that is being written. */
export class EntryFile implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #folder: string;
  readonly #guard: Guard;

  /** @param path where it goes; folders above it are made */
  constructor(path: string, guard: Guard) {
    this.#folder = dirname(path);
    Deno.mkdirSync(this.#folder, { recursive: true });
    this.#file = Deno.openSync(path, { write: true, createNew: true });
    this.#guard = guard;
  }

  /** Adds bytes. @throws Error for more than an archive may bring, and for a full disk */
  async write(bytes: Uint8Array): Promise<void> {
    this.#guard.count(bytes.length);
    try {
      for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
    } catch (error) {
      throw writeFailure(error, { folder: this.#folder });
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
