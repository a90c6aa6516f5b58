/** Ogg Vorbis files. */
import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { runDecoder } from "./wasm_decoder.ts";
import type { Sound } from "./sound.ts";

/**
 * Decodes Ogg Vorbis.
 *
 * @throws Error when it is another codec, several streams, cut short, or cannot be decoded
 */
export async function readOgg(bytes: Uint8Array): Promise<Sound> {
  const pages = oggPages(bytes);
  const streams = pages.filter(({ first }) => first);
  if (streams.length !== 1) {
    throw new Error(`it holds ${streams.length} Ogg streams, one is supported`);
  }
  const codec = String.fromCharCode(...streams[0].body.subarray(0, 8));
  if (!codec.startsWith("\x01vorbis")) {
    throw new Error(`its codec ("${codec.replace(/[^A-Za-z]/g, "")}") is not Vorbis`);
  }
  if (pages.some(({ complete }) => !complete)) {
    throw new Error("it is cut short within an Ogg page");
  }
  const decoder = new OggVorbisDecoder();
  return await runDecoder({
    ready: decoder.ready,
    free: () => decoder.free(),
    run: () => decoder.decodeFile(bytes),
  });
}

interface OggPage {
  first: boolean;
  complete: boolean;
  body: Uint8Array;
}

/** The pages of an Ogg file (RFC 3533), up to the first thing that is none. */
function oggPages(bytes: Uint8Array): OggPage[] {
  const pages: OggPage[] = [];
  for (let at = 0; String.fromCharCode(...bytes.subarray(at, at + 4)) === "OggS";) {
    const table = bytes.subarray(at + 27, at + 27 + bytes[at + 26]);
    const start = at + 27 + table.length, end = start + table.reduce((sum, n) => sum + n, 0);
    const complete = at + 27 <= bytes.length && table.length === bytes[at + 26] &&
      end <= bytes.length;
    pages.push({ first: (bytes[at + 5] & 2) !== 0, complete, body: bytes.subarray(start, end) });
    if (!complete) break;
    at = end;
  }
  return pages;
}
