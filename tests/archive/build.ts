/** Archives byte by byte, so that they can be wrong in every way. */
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { concatBytes } from "lib/core/bytes.ts";

/** Text as bytes. */
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An entry of a zip archive; whatever is left out is as it should be. */
export interface ZipEntry {
  name: string | Uint8Array;
  data?: Uint8Array;
  /** Whether the data is stored as it is. Default: deflated */
  stored?: boolean;
  /** Unix mode with its file type. Default: a regular file's */
  mode?: number;
  /** General purpose flags: 1 encrypted, 0x800 a name in UTF-8. */
  flags?: number;
  /** Compression method, as it is written down. */
  method?: number;
  /** Bytes of the file, as they are announced. */
  size?: number;
  crc?: number;
  /** Where the local header is, as the list says. Default: where it is */
  offset?: number;
}

/** A zip archive (APPNOTE.TXT 6.3.10, 4.3). */
export function zipOf(...entries: ZipEntry[]): Uint8Array<ArrayBuffer> {
  const locals: Uint8Array[] = [], central: Uint8Array[] = [];
  let at = 0;
  for (const entry of entries) {
    const { data = new Uint8Array(), stored = false, mode = 0o100644, flags = 0x800 } = entry;
    const name = typeof entry.name === "string" ? bytesOf(entry.name) : entry.name;
    const packed = stored ? data : deflateRawSync(data, { level: 1 });
    const common: Field[] = [
      [2, 20],
      [2, flags],
      [2, entry.method ?? (stored ? 0 : 8)],
      [4, 0x00210000],
      [4, entry.crc ?? crc32(data)],
      [4, packed.length],
      [4, entry.size ?? data.length],
      [2, name.length],
      [2, 0],
    ];
    const local = [fields([[4, 0x04034b50], ...common]), name, packed];
    central.push(
      fields([
        [4, 0x02014b50],
        [2, 3 << 8 | 20], // made on Unix
        ...common,
        [2, 0],
        [2, 0],
        [2, 0],
        [4, mode * 0x10000],
        [4, entry.offset ?? at],
      ]),
      name,
    );
    locals.push(...local);
    at += local.reduce((sum, { length }) => sum + length, 0);
  }
  const list = concatBytes(central), count = entries.length;
  const end = fields([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, list.length],
    [4, at],
    [2, 0],
  ]);
  return concatBytes([...locals, list, end]);
}

/** Bytes and value. */
type Field = [width: 2 | 4, value: number];

function fields(all: readonly Field[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(all.reduce((sum, [width]) => sum + width, 0)));
  let at = 0;
  for (const [width, value] of all) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return new Uint8Array(view.buffer);
}

/** An entry of a tar archive; whatever is left out is as it should be. */
export interface TarEntry {
  name: string;
  data?: Uint8Array;
  /** 0 a file, 1 a hard link, 2 a symbolic link, 3 and 4 devices, 5 a folder, 6 a pipe. Default: 0 */
  type?: string;
  target?: string;
  size?: number;
}

/** A tar archive (POSIX ustar), gzipped; `end`: whether the two blocks of zeros stand at its end. */
export function tarGzOf(
  entries: readonly TarEntry[],
  { end = true } = {},
): Uint8Array<ArrayBuffer> {
  const pieces = entries.flatMap((entry) => {
    const { data = new Uint8Array() } = entry;
    return [tarHeader(entry, data), data, new Uint8Array(-data.length & 511)];
  });
  if (end) pieces.push(new Uint8Array(1024));
  return new Uint8Array(gzipSync(concatBytes(pieces), { level: 1 }));
}

function tarHeader(
  { name, type = "0", target = "", size }: TarEntry,
  data: Uint8Array,
): Uint8Array {
  const block = new Uint8Array(512);
  const put = (at: number, text: string) => block.set(bytesOf(text), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  put(0, name);
  put(100, octal(0o644, 7));
  put(124, octal(size ?? data.length, 11));
  put(136, octal(0, 11));
  put(148, " ".repeat(8));
  put(156, type);
  put(157, target);
  put(257, "ustar\x0000");
  put(148, octal(block.reduce((sum, byte) => sum + byte), 6) + "\0 ");
  return block;
}
