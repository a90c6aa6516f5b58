/** FLAC files (RFC 9639). */
import { Pool } from "../core/pool.ts";
import { BitReader } from "./bit_reader.ts";
import { crc16 } from "./checksum.ts";
import { FlacFrameDecoder, type StreamInfo } from "./flac_frame.ts";
import { FlacPredictor } from "./flac_predictor.ts";
import { checkSamples } from "./samples.ts";
import { SoundBuilder } from "./sound_builder.ts";
import { cutShort, type Sound } from "./sound.ts";

/** By the number of channels. */
const predictors = new Pool((channels: number) => new FlacPredictor(channels));

/**
 * Decodes FLAC of 4 to 24 bits; integers are divided by 2^(bits - 1).
 *
 * @throws Error when it is no FLAC, a frame is damaged (each has a checksum), or it holds less than it announces
 */
export function readFlac(bytes: Uint8Array): Sound {
  const { info, start } = readMetadata(bytes);
  return predictors.with(
    info.channels,
    (predictor) =>
      readFrames(bytes, { info, start, frames: new FlacFrameDecoder(info, predictor) }),
  );
}

function readFrames(
  bytes: Uint8Array,
  { info: { announced, sampleRate }, start, frames }: {
    info: StreamInfo;
    start: number;
    frames: FlacFrameDecoder;
  },
): Sound {
  const builder = new SoundBuilder({ announced, bytes: bytes.length });
  const end = endOfFrames(bytes);
  for (let at = start; at < end && (announced === 0 || builder.length < announced);) {
    try {
      const { channels, next } = frames.decode(bytes, at);
      if (crc16(bytes, at, next - 2) !== (bytes[next - 2] << 8 | bytes[next - 1])) {
        throw new RangeError("its checksum is wrong");
      }
      builder.append({ sampleRate, channels });
      at = next;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const seconds = (n: number) => (n / sampleRate).toFixed(2);
      throw new Error(
        `it is cut short or damaged: the frame at ${seconds(builder.length)} s of ${
          announced > 0 ? seconds(announced) : "an unknown number of"
        } s cannot be decoded (${error.message})`,
      );
    }
  }
  if (builder.length < announced) {
    throw new Error(cutShort({ announced, got: builder.length, sampleRate }));
  }
  if (builder.length === 0) throw new Error("it holds no samples, only a header");
  const sound = builder.finish();
  checkSamples(sound.channels); // sums of predictions may leave the range of the file's bits
  return sound;
}

/** Types of metadata blocks. */
const STREAM_INFO = 0, FORBIDDEN = 127;

function readMetadata(bytes: Uint8Array): { info: StreamInfo; start: number } {
  let info: StreamInfo | undefined, at = 4, last = false;
  while (!last) {
    const size = bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3], type = bytes[at] & 127;
    if (!(at + 4 + size <= bytes.length) || type === FORBIDDEN) {
      throw new Error("its header is cut short or damaged");
    }
    if (type === STREAM_INFO && size >= 34) info ??= readStreamInfo(bytes, at + 4);
    last = bytes[at] >= 128;
    at += 4 + size;
  }
  if (!info) throw new Error("its header does not say what it holds");
  return { info, start: at };
}

/** What the first metadata block says. @param at where its content begins */
export function readStreamInfo(bytes: Uint8Array, at: number): StreamInfo {
  const reader = new BitReader(bytes, at + 10);
  const sampleRate = reader.unsigned(20), channels = reader.unsigned(3) + 1;
  const bits = reader.unsigned(5) + 1;
  const announced = reader.unsigned(20) * 65536 + reader.unsigned(16);
  if (bits > 24) throw new Error(`its samples have ${bits} bits; up to 24 are supported`);
  return { sampleRate, channels, bits, announced };
}

/** Where a tag of 128 bytes begins that some programs append (ID3v1); else the end. */
function endOfFrames(bytes: Uint8Array): number {
  const at = bytes.length - 128;
  return String.fromCharCode(...bytes.subarray(at, at + 3)) === "TAG" ? at : bytes.length;
}
