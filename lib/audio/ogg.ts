/** Ogg Vorbis files (RFC 3533; Vorbis I specification, section 4 and appendix A). */
import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { type OggPage, readOggPages } from "./ogg_pages.ts";
import { SoundBuilder } from "./sound_builder.ts";
import { cutShort, MOST_CHANNELS, type Sound } from "./sound.ts";
import { callDecoder } from "./wasm_decoder.ts";

/**
 * The packet decoder inside the package's decoder. The package's own way into an Ogg file holds all that is decoded
 * twice, and leaves out what it cannot read.
 */
interface PacketDecoder {
  sendSetupHeader(packet: Uint8Array): void;
  initDsp(): void;
  decodePackets(packets: Uint8Array[]): { channelData: Float32Array[]; samplesDecoded: number };
}

/** Bytes that the packet decoder has room for. */
const LARGEST_PACKET = 128 * 1024;

/**
 * Decodes Ogg Vorbis.
 *
 * @throws Error when it is another codec, several streams, cut short, damaged (each page has a checksum), or cannot be
 * decoded
 */
export async function readOgg(bytes: Uint8Array): Promise<Sound> {
  const pages = readOggPages(bytes), headers = takeHeaders(pages);
  const { channels, sampleRate } = readIdentification(headers[0]);
  if (headers.length < 3) throw new Error("it holds no samples, only a header");
  const announced = pages.reduce((last, { position }) => Math.max(last, position), 0);
  const builder = new SoundBuilder({ announced, bytes: bytes.length });
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  const { _decoder: packets } = decoder as unknown as { _decoder: PacketDecoder };
  sendHeaders(packets, headers);
  /** Samples that were cut off in front, which the positions still count. */
  let missing: number | undefined;
  for (const page of pages.filter(({ packets }) => packets.length > 0)) {
    const { channelData, samplesDecoded } = decodePage(packets, page);
    if (samplesDecoded > 0 && channelData.length !== channels) {
      throw new Error(`it is damaged: ${channelData.length} channels come out, not ${channels}`);
    }
    if (samplesDecoded > 0) builder.append({ sampleRate, channels: channelData });
    missing ??= Math.max(0, page.position - builder.length);
  }
  const length = announced - (missing ?? 0);
  if (builder.length < length) {
    throw new Error(cutShort({ announced: length, got: builder.length, sampleRate }));
  }
  return builder.finish(length);
}

/** Takes the first three packets, which are no sound, from their pages. */
function takeHeaders(pages: readonly OggPage[]): Uint8Array[] {
  const headers: Uint8Array[] = [];
  for (const { packets } of pages) headers.push(...packets.splice(0, 3 - headers.length));
  return headers;
}

function decodePage(decoder: PacketDecoder, { packets }: OggPage) {
  if (packets.some(({ length }) => length > LARGEST_PACKET)) {
    throw new Error(`it is damaged: a packet has more than ${LARGEST_PACKET} bytes`);
  }
  return callDecoder(() => decoder.decodePackets(packets));
}

/** What the first packet says. */
function readIdentification(packet: Uint8Array): { channels: number; sampleRate: number } {
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
  return { channels, sampleRate };
}

/** The comments, which are the second of the three headers, are of no use to the decoder. */
function sendHeaders(decoder: PacketDecoder, [identification, , setup]: Uint8Array[]): void {
  const name = String.fromCharCode(...setup.subarray(0, 7));
  if (name !== "\x05vorbis" || setup.length > LARGEST_PACKET) {
    throw new Error("its header is damaged");
  }
  callDecoder(() => {
    decoder.sendSetupHeader(identification);
    decoder.sendSetupHeader(setup);
    decoder.initDsp();
  });
}
