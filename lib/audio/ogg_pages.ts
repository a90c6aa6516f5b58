/** Pages of an Ogg file (RFC 3533). */
import { concatBytes } from "../core/bytes.ts";
import { crc32 } from "./checksum.ts";

/** A page. */
export interface OggPage {
  /** Those that end in it, with what earlier pages hold of the first. */
  packets: Uint8Array[];
  /** Samples of a channel up to the end of its last packet; -1: none ends in it. */
  position: number;
}

/** Bits of a page's type. */
const CONTINUES = 1, BEGINS = 2, ENDS = 4;

/** Bytes of a page before its table of segments; where its checksum is. */
const HEADER = 27, CHECKSUM = 22;

/**
 * Reads all pages of a file with one stream.
 *
 * @returns one page at least, with one packet at least in the first
 * @throws Error when there are several streams, a page is damaged or missing, or the last one is not marked as such
 */
export function readOggPages(bytes: Uint8Array): OggPage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pages: OggPage[] = [], streams = new Set<number>();
  let type = 0, rest: Uint8Array[] = [];
  for (let at = 0; isPage(bytes, at);) {
    const table = bytes.subarray(at + HEADER, at + HEADER + bytes[at + HEADER - 1]);
    const start = at + HEADER + table.length, end = start + table.reduce((sum, n) => sum + n, 0);
    if (at + HEADER > bytes.length || table.length < bytes[at + HEADER - 1] || end > bytes.length) {
      throw new Error("it is cut short within an Ogg page");
    }
    streams.add(view.getUint32(at + 14, true));
    if (streams.size > 1 || bytes[at + 5] & BEGINS && at > 0) {
      throw new Error("it holds several Ogg streams, one is supported");
    }
    const sum = view.getUint32(at + CHECKSUM, true), number = view.getUint32(at + 18, true);
    const pieces = [bytes.subarray(at, at + CHECKSUM), new Uint8Array(4)];
    if (crc32([...pieces, bytes.subarray(at + CHECKSUM + 4, end)]) !== sum) {
      throw new Error(`it is damaged: the checksum of Ogg page ${pages.length} is wrong`);
    }
    type = bytes[at + 5];
    if (number !== pages.length || (type & CONTINUES) > 0 !== rest.length > 0) {
      throw new Error(`it is damaged: Ogg page ${pages.length} is missing`);
    }
    const found = cutPackets(bytes.subarray(start, end), table, rest);
    rest = found.rest;
    pages.push({ packets: found.packets, position: Number(view.getBigInt64(at + 6, true)) });
    at = end;
  }
  if (!(pages[0].packets.length > 0)) throw new Error("its header is damaged");
  if (!(type & ENDS)) throw new Error("it is cut short: its last Ogg page is missing");
  return pages;
}

function isPage(bytes: Uint8Array, at: number): boolean {
  return String.fromCharCode(...bytes.subarray(at, at + 4)) === "OggS";
}

/** The packets that end in a page's body, and the pieces of the one that goes on behind it. */
function cutPackets(body: Uint8Array, table: Uint8Array, rest: readonly Uint8Array[]) {
  const packets: Uint8Array[] = [];
  let pieces = [...rest], from = 0, to = 0;
  for (const length of table) {
    to += length;
    if (length === 255) continue; // a packet ends with a shorter segment
    packets.push(
      pieces.length === 0
        ? body.subarray(from, to)
        : concatBytes([...pieces, body.subarray(from, to)]),
    );
    pieces = [];
    from = to;
  }
  if (table.at(-1) === 255) pieces.push(body.subarray(from, to));
  return { packets, rest: pieces };
}
