/** Zip archives, unpacked by our own rules: `Guard` says what may come out, `stage` when it is seen. */
import { basename, join } from "node:path";
import {
  configure,
  type Entry,
  ERR_BAD_FORMAT,
  ERR_EOCDR_NOT_FOUND,
  type FileEntry,
  Reader,
  TextWriter,
  ZipReader,
} from "@zip.js/zip.js";
import { showByteProgress } from "../core/byte_progress.ts";
import { requireSpace } from "../core/disk_space.ts";
import { Guard } from "./guard.ts";
import { EntryFile, foldsCase, stage } from "./staging.ts";
import { type Unpacked, unpackError, type UnpackOptions } from "./unpack.ts";

// zip.js's own workers are blob: modules, which Deno cannot load.
configure({ useWebWorkers: false });

/** File types in a Unix mode (POSIX `st_mode`). */
const TYPE_MASK = 0o170000, REGULAR = 0o100000, FOLDER = 0o040000, SYMBOLIC_LINK = 0o120000;

/** What zip.js says of a file without a zip archive's list of entries, which stands at the end. */
const NO_ARCHIVE: ReadonlySet<string> = new Set([ERR_EOCDR_NOT_FOUND, ERR_BAD_FORMAT]);
const UNRECOGNIZED = "it is no zip archive, or it was cut short";

/** What a path in a file system has at most, so a link's target too. */
const LONGEST_TARGET = 4096;

/**
 * Unpacks a zip archive into a folder, which appears when all of it is there and every checksum right.
 *
 * Names are UTF-8 or, where they are not, code page 437; they are written in NFC. Zip64 too. Nothing is ever
 * held in memory but the list of entries. Links are never made, permissions not set.
 *
 * @throws Error that names the archive, for one that is damaged, cut short, encrypted, compressed in an unknown
 *   way, or breaks a rule of {@link Guard}; for a full disk; when the folder is there already
 */
export async function unpackZip(archive: string, options: UnpackOptions): Promise<Unpacked> {
  const { to, strip, label = basename(archive), signal, ...limits } = options;
  try {
    using file = Deno.openSync(archive);
    const reader = new FileReader(file);
    return await stage(to, async (folder) => {
      const guard = new Guard({
        archiveBytes: file.statSync().size,
        foldsCase: foldsCase(folder),
        ...limits,
      });
      const files = await admitAll(reader, { guard, folder });
      requireSpace(folder, guard.announced);
      const progress = showByteProgress(`${label}: unpacking`, guard.announced);
      try {
        for (const [path, entry] of files) {
          await unpackEntry(entry, path, { guard, signal, onBytes: progress.update });
        }
      } finally {
        progress.done();
      }
      return { files: files.size, bytes: guard.written, leftOut: guard.leftOut };
    }, { strip, signal });
  } catch (error) {
    signal?.throwIfAborted();
    const { message } = error as Error;
    throw unpackError(archive, to, NO_ARCHIVE.has(message) ? new Error(UNRECOGNIZED) : error);
  }
}

/** Bytes of an open file, wherever they are asked for. */
class FileReader extends Reader<Deno.FsFile> {
  readonly #file: Deno.FsFile;

  constructor(file: Deno.FsFile) {
    super(file);
    this.#file = file;
    this.size = file.statSync().size;
  }

  override async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    await this.#file.seek(offset, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) {
      const read = await this.#file.read(bytes.subarray(at));
      if (read === null) throw new Error("the archive became shorter while it was read");
      at += read;
    }
    return bytes;
  }
}

/** Looks at every entry before the first is unpacked; makes the folders. @returns files by their path */
async function admitAll(
  reader: FileReader,
  { guard, folder }: { guard: Guard; folder: string },
): Promise<Map<string, FileEntry>> {
  const files = new Map<string, FileEntry>();
  // names are judged by our own rules
  const zip = new ZipReader(reader, { filenameValidation: "tolerant" });
  for await (const entry of zip.getEntriesGenerator()) {
    const { filename, uncompressedSize } = entry;
    if (entry.encrypted) throw new Error(`the entry ${JSON.stringify(filename)} is encrypted`);
    const kind = kindOf(entry);
    const target = kind === "symbolic link" ? await readTarget(entry as FileEntry) : undefined;
    const path = guard.admit({ name: filename, kind, size: uncompressedSize, target });
    if (path === undefined) continue;
    if (entry.directory) Deno.mkdirSync(join(folder, path), { recursive: true });
    else files.set(join(folder, path), entry);
  }
  return files;
}

function kindOf({ directory, externalFileAttributes }: Entry) {
  const type = (externalFileAttributes >>> 16) & TYPE_MASK;
  if (type === SYMBOLIC_LINK) return "symbolic link";
  if (directory || type === FOLDER) return "folder";
  // none: made on a system without modes
  return type === REGULAR || type === 0 ? "file" : "device";
}

async function readTarget(entry: FileEntry): Promise<string> {
  if (entry.uncompressedSize > LONGEST_TARGET) {
    throw new Error(`the symbolic link ${JSON.stringify(entry.filename)} is longer than a path`);
  }
  return await entry.getData(new TextWriter(), { checkCrc32: true });
}

async function unpackEntry(
  entry: FileEntry,
  path: string,
  { guard, signal, onBytes }: {
    guard: Guard;
    signal?: AbortSignal;
    onBytes: (written: number) => void;
  },
): Promise<void> {
  using file = new EntryFile(path, guard);
  const sink = new WritableStream<Uint8Array>({
    async write(bytes) {
      await file.write(bytes);
      onBytes(guard.written);
    },
  });
  try {
    // a size that is not the announced one is an error of zip.js's own, at the first byte too many
    await entry.getData(sink, { checkCrc32: true, checkOverlappingEntry: true, signal });
  } catch (error) {
    throw new Error(`${entry.filename}: ${(error as Error).message}`, { cause: error });
  }
}
