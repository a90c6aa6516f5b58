/**
 * libsndfile (LGPL 2.1 or later), which decodes MP3 by libmpg123 and Ogg Vorbis by libvorbis. Set-up installs it with
 * Python's soundfile, of which nothing else is used. Reference: sndfile.h of libsndfile 1.2.2.
 */
import { join } from "node:path";
import { exists } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import { deinterleave } from "./samples.ts";
import { silenced } from "./silenced.ts";
import type { Sound } from "./sound.ts";

const SYMBOLS = {
  sf_open_virtual: { parameters: ["buffer", "i32", "buffer", "pointer"], result: "pointer" },
  sf_readf_float: { parameters: ["pointer", "buffer", "i64"], result: "i64" },
  sf_close: { parameters: ["pointer"], result: "i32" },
  sf_version_string: { parameters: [], result: "pointer" },
} as const;

/** SFM_READ, SEEK_SET and SEEK_CUR, and the bytes of SF_INFO: frames (i64), samplerate, channels and others (i32). */
const READ = 0x10, FROM_START = 0, FROM_HERE = 1, INFO_BYTES = 32;

/** Frames that are taken at once. */
const BLOCK = 4096, SINGLE = { bytes: 4, kind: "float" } as const;

/** The file that the library reads: it calls back from within our calls, so there is one at a time. */
let file: Uint8Array = new Uint8Array(), at = 0;

let library: ReturnType<typeof open> | undefined;

function open() {
  const callback = <const D extends Deno.UnsafeCallbackDefinition>(
    definition: D,
    run: Deno.UnsafeCallbackFunction<D["parameters"], D["result"]>,
  ) => BigInt(Deno.UnsafePointer.value(new Deno.UnsafeCallback(definition, run).pointer));
  const transfer = { parameters: ["pointer", "i64", "pointer"], result: "i64" } as const;
  const tell = { parameters: ["pointer"], result: "i64" } as const;
  return {
    functions: Deno.dlopen(libraryPath(), SYMBOLS).symbols,
    /** SF_VIRTUAL_IO. */
    io: BigUint64Array.of(
      callback(tell, () => BigInt(file.length)),
      callback(
        { parameters: ["i64", "i32", "pointer"], result: "i64" },
        (offset, whence) => seek(Number(offset), whence),
      ),
      callback(transfer, (into, count) => read(into, Number(count))),
      callback(transfer, () => 0n), // nothing is ever written
      callback(tell, () => BigInt(at)),
    ),
  };
}

/** Where set-up put the library. @throws Error when it is not there */
export function libraryPath(): string {
  const lib = projectPath(".venv", "lib");
  for (const { name } of exists(lib) ? Deno.readDirSync(lib) : []) {
    const folder = join(lib, name, "site-packages", "_soundfile_data");
    if (!exists(folder)) continue;
    const found = [...Deno.readDirSync(folder)].find(({ name }) =>
      /^libsndfile.*\.(so|dylib)$/.test(name)
    );
    if (found) return join(folder, found.name);
  }
  throw new Error('libsndfile, which decodes it, is not there: "./lumen setup" installs it');
}

function seek(offset: number, whence: number): bigint {
  const base = whence === FROM_START ? 0 : whence === FROM_HERE ? at : file.length;
  at = Math.max(0, Math.min(file.length, base + offset));
  return BigInt(at);
}

function read(into: Deno.PointerValue, count: number): bigint {
  const part = file.subarray(at, at + count);
  if (into === null || part.length === 0) return 0n;
  new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(into, part.length)).set(part);
  at += part.length;
  return BigInt(part.length);
}

/** What the library calls itself, e.g. "libsndfile-1.2.2". @throws Error when it is not there */
export function libsndfileVersion(): string {
  const { functions } = library ??= open();
  return new Deno.UnsafePointerView(functions.sf_version_string()!).getCString();
}

/**
 * Decodes a sound file piece by piece.
 *
 * @param onBlock takes the next piece, whose samples are overwritten afterwards
 * @returns samples of a channel that the library expected; 0 where it cannot begin
 * @throws Error when the library is not there, and what `onBlock` throws
 */
export function decodeBlocks(bytes: Uint8Array, onBlock: (sound: Sound) => void): number {
  return silenced(() => decode(bytes, onBlock));
}

function decode(bytes: Uint8Array, onBlock: (sound: Sound) => void): number {
  const { functions, io } = library ??= open();
  file = bytes;
  at = 0;
  const info = new DataView(new ArrayBuffer(INFO_BYTES));
  const handle = functions.sf_open_virtual(io, READ, info, null);
  if (handle === null) return 0;
  try {
    const sampleRate = info.getInt32(8, true), count = info.getInt32(12, true);
    const block = new Float32Array(BLOCK * count), raw = new Uint8Array(block.buffer);
    const room = Array.from({ length: count }, () => new Float32Array(BLOCK));
    for (let first = 0;;) {
      const frames = Number(functions.sf_readf_float(handle, block, BigInt(BLOCK)));
      if (frames <= 0) return Number(info.getBigInt64(0, true));
      const channels = room.map((samples) => samples.subarray(0, frames));
      deinterleave(raw, channels, { ...SINGLE, first });
      onBlock({ sampleRate, channels });
      first += frames;
    }
  } finally {
    functions.sf_close(handle);
    file = new Uint8Array();
  }
}
