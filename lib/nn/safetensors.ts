/**
 * Safetensors: named arrays behind a JSON header (huggingface/safetensors, format of version 0.4).
 *
 * Eight bytes with the header's length, the header, the data. Only float32 is written; float32, float16, int8
 * and int64 (counters beside published weights) are read, all as float32.
 */
import { exists, writeAtomically } from "../core/files.ts";

/** An array: its shape and its values, last axis fastest. */
export interface NamedArray {
  shape: number[];
  data: Float32Array;
}

/** What a file holds. */
export interface Safetensors {
  tensors: Map<string, NamedArray>;
  /** Free text by name, e.g. where the weights come from. */
  metadata: Record<string, string>;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const LENGTH_BYTES = 8;
/** A header is some kilobytes; more means that the file is something else. */
const MAX_HEADER = 100_000_000;

/** The file's bytes. Values start at a multiple of four bytes, as float32 views need it. */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array<ArrayBuffer> {
  const entries: Record<string, Entry | Record<string, string>> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    const size = shape.reduce((product, n) => product * n, 1);
    if (size !== data.length) {
      throw new RangeError(`${name}: shape [${shape}] does not hold ${data.length} values`);
    }
    entries[name] = { dtype: "F32", shape, data_offsets: [end, end += data.byteLength] };
  }
  const json = new TextEncoder().encode(JSON.stringify(entries));
  const header = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(" ".charCodeAt(0));
  header.set(json);
  const bytes = new Uint8Array(LENGTH_BYTES + header.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, LENGTH_BYTES);
  let at = LENGTH_BYTES + header.length;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** IEEE 754 half precision to a number. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1, exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Types that are read: bytes of a value, and how values become float32. */
const READERS: Readonly<
  Record<string, { bytes: number; values: (raw: ArrayBuffer) => Float32Array }>
> = {
  F32: { bytes: 4, values: (raw) => new Float32Array(raw) },
  F16: { bytes: 2, values: (raw) => Float32Array.from(new Uint16Array(raw), half) },
  I8: { bytes: 1, values: (raw) => Float32Array.from(new Int8Array(raw)) },
  I64: { bytes: 8, values: (raw) => Float32Array.from(new BigInt64Array(raw), Number) },
};

/**
 * Reads the bytes of a file.
 *
 * @param what names the source in messages
 * @throws Error for a file that is cut, has another format, or a type that is none of F32, F16, I8 and I64
 */
export function decodeSafetensors(bytes: Uint8Array, what: string): Safetensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (reason: string) => new Error(`cannot read the weights in ${what}: ${reason}`);
  const length = bytes.length >= LENGTH_BYTES ? Number(view.getBigUint64(0, true)) : Infinity;
  if (length > Math.min(MAX_HEADER, bytes.length - LENGTH_BYTES)) {
    throw fail("it is cut, or no safetensors file");
  }
  const start = LENGTH_BYTES + length;
  let header: Record<string, Entry>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, start)));
  } catch {
    throw fail("its header is not JSON");
  }
  const { __metadata__: metadata = {}, ...entries } = header as never as
    & { __metadata__?: Record<string, string> }
    & Record<string, Entry>;
  const tensors = new Map<string, NamedArray>();
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of Object.entries(entries)) {
    const read = READERS[dtype];
    if (!read) {
      throw fail(`${name} has type ${dtype}; known are ${Object.keys(READERS).join(", ")}`);
    }
    const size = shape.reduce((product, n) => product * n, 1);
    if (to - from !== size * read.bytes || start + to > bytes.length) {
      throw fail(`${name} should have ${size * read.bytes} bytes of a complete file`);
    }
    const data = read.values(bytes.slice(start + from, start + to).buffer);
    tensors.set(name, { shape, data });
  }
  return { tensors, metadata };
}

/** Writes a file, atomically. */
export function writeSafetensors(path: string, content: Safetensors): void {
  writeAtomically(path, encodeSafetensors(content));
}

/** Reads a file. @throws Error that names the file */
export function readSafetensors(path: string): Safetensors {
  if (!exists(path)) throw new Error(`there are no weights at ${path}`);
  return decodeSafetensors(Deno.readFileSync(path), path);
}
