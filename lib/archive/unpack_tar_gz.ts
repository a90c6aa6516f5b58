/** Archives of the kind .tar.gz or .tgz, unpacked by our own rules: `Guard` says what may come out, `stage` when it is seen. */
import { createReadStream } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import { showByteProgress } from "../core/byte_progress.ts";
import { requireSpace } from "../core/disk_space.ts";
import { type Entry, Guard } from "./guard.ts";
import { EntryFile, foldsCase, stage } from "./staging.ts";
import { type Unpacked, unpackError, type UnpackOptions } from "./unpack.ts";

/**
 * Unpacks a gzipped tar archive into a folder, which appears when all of it is there and the checksum right.
 *
 * Ustar, GNU's long names and pax; names are UTF-8 and written in NFC. It is read once, from beginning to end:
 * what comes out is known only then, so the disk must have room for as much as the archive has to begin
 * with. Links are never made, permissions not set.
 *
 * @throws Error that names the archive, for one that is damaged, cut short, or breaks a rule of {@link Guard};
 *   for a full disk; when the folder is there already
 */
export async function unpackTarGz(archive: string, options: UnpackOptions): Promise<Unpacked> {
  const { to, strip, label = basename(archive), signal, ...limits } = options;
  try {
    const archiveBytes = Deno.statSync(archive).size;
    return await stage(to, async (folder) => {
      requireSpace(folder, archiveBytes);
      const guard = new Guard({ archiveBytes, foldsCase: foldsCase(folder), ...limits });
      const progress = showByteProgress(`${label}: unpacking`, archiveBytes);
      const source = createReadStream(archive, { signal });
      let files = 0;
      try {
        for await (const entry of entriesOf(source)) {
          files += Number(await unpackEntry(entry, { folder, guard }));
          progress.update(source.bytesRead);
        }
      } finally {
        progress.done();
      }
      return { files, bytes: guard.written, leftOut: guard.leftOut };
    }, { strip, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw unpackError(archive, to, error);
  }
}

function entriesOf(source: ReturnType<typeof createReadStream>): ReadableStream<ParsedTarEntry> {
  const gunzip = createGunzip({ chunkSize: 1 << 16 });
  // an error comes out of gunzip too, where it is read
  pipeline(source, gunzip, () => {});
  // strict: a header that is cut short or damaged is an error
  return ReadableStream.from<Uint8Array>(gunzip).pipeThrough(createTarDecoder({ strict: true }));
}

/** @returns whether it is a file that was unpacked */
async function unpackEntry(
  { header, body }: ParsedTarEntry,
  { folder, guard }: { folder: string; guard: Guard },
): Promise<boolean> {
  const { name, size, linkname } = header, kind = kindOf(header);
  const path = guard.admit({ name, kind, size, target: linkname });
  if (path === undefined || kind !== "file") {
    if (path !== undefined) Deno.mkdirSync(join(folder, path), { recursive: true });
    // not body.cancel(): modern-tar 0.8.6 then drops the bytes of the entry after it
    await body.pipeTo(new WritableStream());
    return false;
  }
  using file = new EntryFile(join(folder, path), guard);
  for await (const bytes of body) await file.write(bytes);
  return true;
}

function kindOf({ type, name }: ParsedTarEntry["header"]): Entry["kind"] {
  switch (type) {
    case "directory":
      return "folder";
    case "symlink":
      return "symbolic link";
    case "link":
      return "hard link";
    case "character-device":
    case "block-device":
    case "fifo":
      return "device";
    default:
      // before ustar, a folder was a file whose name ends so
      return name.endsWith("/") ? "folder" : "file";
  }
}
