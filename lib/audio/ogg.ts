/** Ogg Vorbis files (RFC 3533; Vorbis I specification, section 4 and appendix A). */
import { decodeBlocks } from "./libsndfile.ts";
import { readOggPages } from "./ogg_pages.ts";
import { SoundBuilder } from "./sound_builder.ts";
import { cutShort, MOST_CHANNELS, type Sound } from "./sound.ts";

/**
 * Decodes Ogg Vorbis.
 *
 * @throws Error when it is another codec, several streams, cut short, damaged (each page has a checksum), or cannot be
 * decoded
 */
export function readOgg(bytes: Uint8Array): Sound {
  // the library leaves out what it cannot read: that nothing is missing is looked at first
  const pages = readOggPages(bytes), packets = pages.flatMap(({ packets }) => packets);
  const sampleRate = checkIdentification(packets[0]);
  if (packets.length <= HEADERS) throw new Error("it holds no samples, only a header");
  const announced = pages.reduce((last, { position }) => Math.max(last, position), 0);
  const builder = new SoundBuilder({ announced, bytes: bytes.length });
  const expected = decodeBlocks(bytes, (sound) => builder.append(sound));
  if (builder.length === 0) throw new Error("nothing in it can be decoded");
  if (builder.length < expected) {
    throw new Error(cutShort({ announced: expected, got: builder.length, sampleRate }));
  }
  return builder.finish();
}

/** Packets before the first one with sound. */
const HEADERS = 3;

/** Looks at the first packet. @returns its sample rate, Hz @throws Error when it is damaged, or not of Vorbis */
export function checkIdentification(packet: Uint8Array): number {
  const name = String.fromCharCode(...packet.subarray(0, 8));
  if (!name.startsWith("\x01vorbis")) {
    throw new Error(`its codec ("${name.replace(/[^A-Za-z]/g, "")}") is not Vorbis`);
  }
  if (packet.length < 30) throw new Error("its header is cut short");
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const channels = packet[11], sampleRate = view.getUint32(12, true);
  const [short, long] = [packet[28] & 15, packet[28] >> 4];
  if (channels < 1 || channels > MOST_CHANNELS) {
    throw new Error(`it has ${channels} channels, not 1 to ${MOST_CHANNELS}`);
  }
  if (view.getUint32(7, true) !== 0 || short < 6 || short > long || long > 13) {
    throw new Error("its header is damaged");
  }
  return sampleRate;
}
