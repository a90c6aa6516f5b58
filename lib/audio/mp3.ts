/** MP3 files. */
import { MPEGDecoder } from "mpg123-decoder";
import { cutShort, runDecoder } from "./wasm_decoder.ts";
import type { Sound } from "./sound.ts";

/** Samples may be missing from the end of a gapless or partly written MP3. */
const SLACK_FRAMES = 4;

/**
 * Decodes MPEG audio, without the encoder's padding; a mono file has one channel.
 *
 * @throws Error when nothing can be decoded, or less than the file announces
 */
export async function readMp3(bytes: Uint8Array): Promise<Sound> {
  const start = findMpegFrame(bytes);
  if (start < 0) throw new Error("it holds no MPEG audio frame");
  const decoder = new MPEGDecoder();
  const sound = await runDecoder({
    ready: decoder.ready,
    free: () => decoder.free(),
    run: () => decoder.decode(bytes),
  });
  const { frames, samplesPerFrame, mono } = readMpegHeader(bytes, start);
  const got = sound.channels[0].length;
  if (got < (frames - SLACK_FRAMES) * samplesPerFrame) {
    throw new Error(cutShort(frames * samplesPerFrame, got, sound.sampleRate));
  }
  // The decoder always gives two channels.
  return mono ? { ...sound, channels: sound.channels.slice(0, 1) } : sound;
}

/** Where ID3v2's tag at the front of a file ends; 0 where there is none. */
export function skipId3(bytes: Uint8Array): number {
  if (String.fromCharCode(...bytes.subarray(0, 3)) !== "ID3") return 0;
  const [a, b, c, d] = bytes.subarray(6, 10);
  return 10 + (a << 21 | b << 14 | c << 7 | d);
}

/** The first place of two frame headers at the distance that the first one says; -1 where there is none. */
export function findMpegFrame(bytes: Uint8Array): number {
  const start = skipId3(bytes), end = Math.min(bytes.length - 4, start + 65536);
  for (let at = start; at < end; at++) {
    const length = mpegFrameLength(bytes, at);
    if (length > 0 && (at + length >= bytes.length || mpegFrameLength(bytes, at + length) > 0)) {
      return at;
    }
  }
  return -1;
}

// ISO 11172-3 and 13818-3, layer III: kbit/s by index for MPEG 1, and for MPEG 2 and 2.5.
const BIT_RATES = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const SAMPLE_RATES = [44100, 48000, 32000];

/** Bytes of the layer III frame whose header is at a place; 0 where there is no such header. */
function mpegFrameLength(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xe6) !== 0xe2) return 0;
  const version = bytes[at + 1] >> 3 & 3, rateIndex = bytes[at + 2] >> 2 & 3;
  const bitIndex = bytes[at + 2] >> 4;
  if (version === 1 || rateIndex === 3 || bitIndex === 0 || bitIndex === 15) return 0;
  const bitRate = BIT_RATES[version === 3 ? 0 : 1][bitIndex] * 1000;
  const sampleRate = SAMPLE_RATES[rateIndex] / (version === 3 ? 1 : version === 2 ? 2 : 4);
  return Math.floor((version === 3 ? 144 : 72) * bitRate / sampleRate) + (bytes[at + 2] >> 1 & 1);
}

/** What the first frame says of the file: its channels and, in a Xing or Info header, its frames (else 0). */
function readMpegHeader(bytes: Uint8Array, at: number) {
  const mpeg1 = (bytes[at + 1] >> 3 & 3) === 3, mono = bytes[at + 3] >> 6 === 3;
  const side = mpeg1 ? (mono ? 17 : 32) : (mono ? 9 : 17), xing = at + 4 + side;
  const name = String.fromCharCode(...bytes.subarray(xing, xing + 4));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counted = (name === "Xing" || name === "Info") && (bytes[xing + 7] & 1) === 1;
  return {
    mono,
    samplesPerFrame: mpeg1 ? 1152 : 576,
    frames: counted ? view.getUint32(xing + 8) : 0,
  };
}
