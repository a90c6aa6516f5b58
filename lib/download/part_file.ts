/** The part of a file that has been downloaded so far, with which a later run goes on. */
import { dirname } from "node:path";
import { z } from "zod";
import { writeFailure } from "../core/disk_space.ts";
import { exists, readJson, writeJson } from "../core/files.ts";
import { waitForLock } from "../core/lock.ts";
import { Digester, digestRest, type Digests } from "./digests.ts";

const REMOTE_FILE = z.object({
  url: z.string(),
  /** The whole file's length in bytes. */
  length: z.number().optional(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
});

/** Which remote file a part is of, in the server's words: what tells that it has changed since. */
export type RemoteFile = z.infer<typeof REMOTE_FILE>;

/** An open part file. One process has it at a time, the others wait. */
export class PartFile implements Disposable {
  readonly path: string;
  readonly #file: Deno.FsFile;
  #digester: Digester;
  #remote?: RemoteFile;

  private constructor(
    path: string,
    { file, digester, remote }: { file: Deno.FsFile; digester: Digester; remote?: RemoteFile },
  ) {
    this.path = path;
    this.#file = file;
    this.#digester = digester;
    this.#remote = remote;
  }

  /**
   * Opens a part file, or begins one, as soon as no other process has it, and sums up what is in it.
   *
   * @param path where it is; what is known of the remote file stands beside it, in `path.json`
   * @param label what is downloaded
   * @param say hears that another process has it
   */
  static async open(
    path: string,
    { label, say, signal }: { label: string; say: (line: string) => void; signal?: AbortSignal },
  ): Promise<PartFile> {
    Deno.mkdirSync(dirname(path), { recursive: true });
    const file = await waitForLock(() => tryOpen(path), {
      onWait: () => say(`${label}: another process is downloading it, waiting for that`),
      signal,
    });
    try {
      const digester = await digestRest(file, { label: `${label}: reading what is there`, signal });
      return new PartFile(path, { file, digester, remote: readRemote(path) });
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Bytes that are there. */
  get length(): number {
    return this.#digester.bytes;
  }

  /** Size and checksums of what is there. */
  get digests(): Digests {
    return this.#digester.digests;
  }

  /** The remote file that this is a part of, where that is known. */
  get remote(): RemoteFile | undefined {
    return this.#remote;
  }

  set remote(remote: RemoteFile) {
    this.#remote = remote;
    writeJson(notePath(this.path), remote);
  }

  /** Adds bytes at the end. @throws Error that says what is missing, when the disk is full */
  async append(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
    } catch (error) {
      const whole = this.#remote?.length;
      throw writeFailure(error, {
        folder: dirname(this.path),
        missing: whole === undefined ? undefined : whole - this.length,
      });
    }
    this.#digester.update(bytes);
  }

  /** Empties it. */
  async restart(): Promise<void> {
    await this.#file.truncate(0);
    await this.#file.seek(0, Deno.SeekMode.Start);
    this.#digester = new Digester();
    this.#remote = undefined;
  }

  /** Gives it its final name, when all of it is on the disk. */
  async finish(to: string): Promise<void> {
    await this.#file.sync();
    Deno.renameSync(this.path, to);
    remove(notePath(this.path));
  }

  /** Removes it. */
  discard(): void {
    remove(this.path);
    remove(notePath(this.path));
  }

  /** Lets others have it. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** Opens a file and locks it; nothing where another process has it, or has just renamed it. */
function tryOpen(path: string): Deno.FsFile | undefined {
  const file = Deno.openSync(path, { read: true, write: true, create: true });
  if (file.tryLockSync(true) && exists(path) && Deno.statSync(path).ino === file.statSync().ino) {
    return file;
  }
  file.close();
}

const notePath = (path: string) => `${path}.json`;

/** What is known of a part's remote file; nothing where the note is missing or nobody can read it. */
function readRemote(path: string): RemoteFile | undefined {
  try {
    return REMOTE_FILE.safeParse(readJson(notePath(path))).data;
  } catch {
    return undefined;
  }
}

function remove(path: string): void {
  if (exists(path)) Deno.removeSync(path);
}
