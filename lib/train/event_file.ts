/**
 * Scalars for TensorBoard: a file of TFRecords, each an `Event` in protocol buffers
 * (tensorboard/compat/proto/event.proto and summary.proto; the framing is tensorflow/core/lib/io/record_writer.h's).
 */
import { append, exists, writeAtomically } from "../core/files.ts";

/** A value at a step. */
export interface Scalar {
  name: string;
  value: number;
  step: number;
}

/** CRC-32C (Castagnoli) by bytes: the polynomial 0x1EDC6F41, reflected. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc >>> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
  return crc;
});

/** CRC-32C of bytes (RFC 3720, appendix B.4). */
export function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 255] ^ crc >>> 8;
  return ~crc >>> 0;
}

/** A checksum as records hold it: turned and shifted, as the checksum of bytes that hold their own says little. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (crc >>> 15 | crc << 17) + 0xa282ead8 >>> 0;
}

/** Bytes of a record beside its data: length, the length's checksum, the data's checksum. */
const LENGTH = 8, CHECKSUM = 4;

function encodeRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(LENGTH + CHECKSUM + data.length + CHECKSUM);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(LENGTH, maskedCrc(record.subarray(0, LENGTH)), true);
  record.set(data, LENGTH + CHECKSUM);
  view.setUint32(LENGTH + CHECKSUM + data.length, maskedCrc(data), true);
  return record;
}

/** The data of a file's records, up to the first that is cut or damaged. */
export function* decodeRecords(bytes: Uint8Array): Generator<Uint8Array, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + LENGTH + CHECKSUM <= bytes.length;) {
    const start = at + LENGTH + CHECKSUM, end = start + Number(view.getBigUint64(at, true));
    if (end + CHECKSUM > bytes.length) return;
    const data = bytes.subarray(start, end);
    if (view.getUint32(end, true) !== maskedCrc(data)) return;
    yield data;
    at = end + CHECKSUM;
  }
}

/** Field keys of protocol buffers: the field's number, and how it is written. */
const EVENT = {
  wallTime: 1 << 3 | 1,
  step: 2 << 3 | 0,
  fileVersion: 3 << 3 | 2,
  summary: 5 << 3 | 2,
};
const SUMMARY = { value: 1 << 3 | 2 }, VALUE = { tag: 1 << 3 | 2, simpleValue: 2 << 3 | 5 };

/** A whole number, seven bits a byte, the lowest first. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [value % 128 | 128, ...varint(Math.floor(value / 128))];
}

const field = (key: number, content: ArrayLike<number>) => [
  key,
  ...varint(content.length),
  ...Array.from(content),
];

const littleEndian = (value: Float64Array | Float32Array) => new Uint8Array(value.buffer);

/** The start of an event. @param wallTime seconds since 1970 */
const timed = (wallTime: number) => [EVENT.wallTime, ...littleEndian(Float64Array.of(wallTime))];

/** The record of a value. @param wallTime seconds since 1970 */
export function encodeScalar({ name, value, step }: Scalar, wallTime: number): Uint8Array {
  const content = [
    ...field(VALUE.tag, new TextEncoder().encode(name)),
    VALUE.simpleValue,
    ...littleEndian(Float32Array.of(value)),
  ];
  return encodeRecord(Uint8Array.from([
    ...timed(wallTime),
    ...step === 0 ? [] : [EVENT.step, ...varint(step)],
    ...field(EVENT.summary, field(SUMMARY.value, content)),
  ]));
}

/** The record that a file begins with. */
const encodeVersion = (wallTime: number) =>
  encodeRecord(Uint8Array.from([
    ...timed(wallTime),
    ...field(EVENT.fileVersion, new TextEncoder().encode("brain.Event:2")),
  ]));

/** The step of an event as it is written here. */
function stepOf(event: Uint8Array): number {
  const start = timed(0).length;
  let step = 0;
  if (event[start] !== EVENT.step) return step;
  for (let at = start + 1, scale = 1;; at++, scale *= 128) {
    step += (event[at] & 127) * scale;
    if (event[at] < 128) return step;
  }
}

/** A run's event file. TensorBoard finds it by its name: `tfevents` must be in it. */
export class EventFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Forgets what was measured after `step`, and what was cut; makes the file where there is none. */
  truncate(step: number): void {
    const old = exists(this.#path) ? Deno.readFileSync(this.#path) : new Uint8Array();
    const kept = [...decodeRecords(old)].filter((event) => stepOf(event) <= step).map(encodeRecord);
    const records = kept.length > 0 ? kept : [encodeVersion(Date.now() / 1000)];
    writeAtomically(this.#path, Uint8Array.from(records.flatMap((record) => [...record])));
  }

  /** Adds a value, measured now. */
  append(scalar: Scalar): void {
    if (!exists(this.#path)) this.truncate(0);
    append(this.#path, encodeScalar(scalar, Date.now() / 1000));
  }
}
