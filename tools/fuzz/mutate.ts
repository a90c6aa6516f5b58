/** Damaged copies of sound files, each determined by a seed and a number. */
import { concatBytes } from "../../lib/core/bytes.ts";
import { crc16, crc32 } from "../../lib/audio/checksum.ts";
import { type Random, randomFrom } from "../../lib/core/random.ts";

/** Formats that are damaged, by the ends of their files' names. */
export const FORMATS = ["wav", "mp3", "ogg", "flac"] as const;
export type Format = typeof FORMATS[number];

/** A valid file. */
export interface CorpusFile {
  name: string;
  bytes: Uint8Array;
}

/** A damaged one. */
export interface DamagedFile {
  /** What it was made of, and how. */
  name: string;
  bytes: Uint8Array;
}

/**
 * The file of a number: of an even one the header is sound and the damage behind it, of an odd one anything may be
 * damaged. Every other file of either kind has checksums that belong to the damage, which is else found before anything
 * is decoded.
 *
 * @param corpus valid files of the format
 */
export function damagedFile(
  corpus: readonly CorpusFile[],
  { format, seed, index }: { format: Format; seed: number; index: number },
): DamagedFile {
  const random = randomFrom("fuzz", seed, format, index), file = random.choice(corpus);
  const repair = index % 4 >= 2 && (format === "ogg" || format === "flac");
  if (index % 2 === 1) {
    const { name, bytes } = damageAnywhere(file, corpus, random);
    return repair && format === "ogg"
      ? { name: `${name}, checksums repaired`, bytes: withPageSums(bytes) }
      : { name, bytes };
  }
  const start = headerEnd(file.bytes, format);
  const damage = repair ? inPlace : random.chance(0.7) ? inPlace : resizing;
  let { bytes } = file;
  for (let k = random.integer(1, 5); k > 0; k--) bytes = damage(bytes, start, random);
  if (repair) bytes = format === "ogg" ? withPageSums(bytes) : withFrameSums(bytes, file.bytes);
  return { name: `${file.name}, behind its header${repair ? ", checksums repaired" : ""}`, bytes };
}

/** Numbers that break arithmetic. */
const AWKWARD = [
  0,
  1,
  2,
  0x7f,
  0x80,
  0xff,
  0x7fff,
  0x8000,
  0xffff,
  0x7fffffff,
  0x80000000,
  2 ** 32 - 1,
];

function damageAnywhere(
  { name, bytes: original }: CorpusFile,
  corpus: readonly CorpusFile[],
  random: Random,
): DamagedFile {
  let bytes = original;
  for (let k = random.integer(1, 6); k > 0; k--) {
    // every other place is among the first bytes, where the headers are
    const start = 0, end = random.chance(0.5) ? Math.min(128, bytes.length) : bytes.length;
    if (random.chance(0.3)) bytes = withNumber(bytes, end, random);
    else if (random.chance(0.7)) bytes = inPlace(bytes, start, random, end);
    else bytes = resizing(bytes, start, random);
  }
  if (random.chance(0.1)) {
    const other = random.choice(corpus).bytes, cut = random.integer(0, bytes.length + 1);
    bytes = concatBytes([bytes.subarray(0, cut), other.subarray(random.integer(0, other.length))]);
  }
  return { name: `${name}, anywhere`, bytes };
}

/** A number of 16 or 32 bits, of either byte order, at a place before `end`. */
function withNumber(bytes: Uint8Array, end: number, random: Random): Uint8Array {
  const out = bytes.slice();
  if (end < 4 || out.length < 4) return out;
  const at = Math.min(random.integer(0, end), out.length - 4), value = random.choice(AWKWARD);
  const view = new DataView(out.buffer), little = random.chance(0.5);
  if (random.chance(0.5)) view.setUint16(at, value & 0xffff, little);
  else view.setUint32(at, value, little);
  return out;
}

type Damage = (bytes: Uint8Array, start: number, random: Random, end?: number) => Uint8Array;

/** Bits turned over, bytes drawn anew, or a run of one value, from `start` on. */
const inPlace: Damage = (bytes, start, random, end = bytes.length) => {
  const out = bytes.slice();
  if (start >= end) return out;
  const at = random.integer(start, end), kind = random.integer(0, 3);
  if (kind === 0) out[at] ^= 1 << random.integer(0, 8);
  else if (kind === 1) {
    const last = Math.min(at + random.integer(1, 17), end);
    for (let k = at; k < last; k++) out[k] = random.integer(0, 256);
  } else out.fill(random.choice([0, 255, 170]), at, Math.min(at + random.integer(1, 200), end));
  return out;
};

/** A run taken out, doubled or put elsewhere, or the end cut off. */
const resizing: Damage = (bytes, start, random) => {
  if (start >= bytes.length) return bytes;
  const from = random.integer(start, bytes.length);
  const to = Math.min(from + random.integer(1, 400), bytes.length);
  const [head, run, tail] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
  const kind = random.integer(0, 4);
  if (kind === 0) return concatBytes([head, tail]);
  if (kind === 1) return concatBytes([head, run, run, tail]);
  if (kind === 2) return head.slice();
  const cut = random.integer(0, tail.length + 1);
  return concatBytes([head, tail.subarray(0, cut), run, tail.subarray(cut)]);
};

/** Where what is no header begins in a valid file. */
export function headerEnd(bytes: Uint8Array, format: Format): number {
  if (format === "wav") return find(bytes, "data") + 8;
  if (format === "flac") return flacFrames(bytes)[0];
  // the identification has a page of its own, comments and setup share the next
  if (format === "ogg") return oggPages(bytes)[1].end;
  const info = Math.max(find(bytes, "Info"), find(bytes, "Xing"));
  return info < 0 ? 4 : info + 156; // LAME's part ends there
}

function find(bytes: Uint8Array, text: string): number {
  return bytes.findIndex((_, at) =>
    [...text].every((letter, k) => bytes[at + k] === letter.charCodeAt(0))
  );
}

/** Where pages begin and end, up to the first thing that is none. */
function oggPages(bytes: Uint8Array): { start: number; end: number }[] {
  const pages: { start: number; end: number }[] = [];
  for (let at = 0; find(bytes.subarray(at, at + 4), "OggS") === 0 && at + 27 <= bytes.length;) {
    const table = bytes.subarray(at + 27, at + 27 + bytes[at + 26]), start = at;
    at += 27 + table.length + table.reduce((sum, n) => sum + n, 0);
    pages.push({ start, end: at });
  }
  return pages;
}

/** The checksum of every page that can be found, as it should be. */
function withPageSums(bytes: Uint8Array): Uint8Array {
  const out = bytes.slice(), view = new DataView(out.buffer);
  for (const { start, end } of oggPages(out)) {
    view.setUint32(start + 22, 0, true);
    view.setUint32(start + 22, crc32([out.subarray(start, end)]), true);
  }
  return out;
}

/** Where frames of a valid file begin. */
function flacFrames(bytes: Uint8Array): number[] {
  const starts: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const sync = bytes[at] === 0xff && (bytes[at + 1] & 0xfe) === 0xf8;
    if (!sync) continue;
    // a frame ends with a checksum of all that is before it
    const from = starts.at(-1);
    const follows = from === undefined ||
      crc16(bytes, from, at - 2) === (bytes[at - 2] << 8 | bytes[at - 1]);
    if (follows) starts.push(at);
  }
  return starts;
}

/** The checksum at the end of every frame, as it should be, where the frames of the original are. */
function withFrameSums(bytes: Uint8Array, original: Uint8Array): Uint8Array {
  const out = bytes.slice(), starts = flacFrames(original);
  starts.forEach((at, k) => {
    const end = starts[k + 1] ?? out.length, sum = crc16(out, at, end - 2);
    out[end - 2] = sum >> 8;
    out[end - 1] = sum & 255;
  });
  return out;
}
