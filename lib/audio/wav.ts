/** WAV files: RIFF's chunks read here, samples converted by wave-codec. */
import {
  type BitDepth,
  bufferToFloat32Channels,
  encodeWaveFromFloat32Channels,
  SampleFormat,
} from "@echogarden/wave-codec";
import type { Sound } from "./sound.ts";

interface Format {
  tag: number;
  channels: number;
  sampleRate: number;
  bits: number;
}

const BITS_BY_TAG: Readonly<Record<number, readonly number[]>> = {
  [SampleFormat.PCM]: [8, 16, 24, 32],
  [SampleFormat.Float]: [32, 64],
  [SampleFormat.Alaw]: [8],
  [SampleFormat.Mulaw]: [8],
};

/** Sizes that programs write which cannot go back to fill in the true one. */
const UNKNOWN_SIZES = [0, 0xffffffff, 0x7fffffff];

/**
 * Decodes a WAV file: PCM of 8 to 32 bits, float of 32 and 64, A-law and mu-law. Integers are divided by
 * 2^(bits - 1) (32768 for 16 bits). Of a last, incomplete frame nothing is used.
 *
 * @throws Error when it is no WAV, has no format or samples, is cut short, or is encoded otherwise
 */
export function readWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || text(bytes, 0) !== "RIFF" || text(bytes, 8) !== "WAVE") {
    throw new Error("it does not begin like a WAV file");
  }
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = text(bytes, at), size = view.getUint32(at + 4, true), start = at + 8;
    if (name === "fmt ") format = readFormat(view, start, size);
    if (name === "data") {
      if (!format) throw new Error("its samples come before their format");
      return readSamples(bytes, start, size, format);
    }
    at = start + size + size % 2;
  }
  throw new Error(format ? "it holds no samples, only a header" : "it has no complete WAV header");
}

/** How {@link encodeWav} writes samples. */
export interface WavOptions {
  /** 16: integers, clipped at full scale; 32: floats, exact. Default: 16. */
  bits?: 16 | 32;
}

/** The bytes of a WAV file. */
export function encodeWav(
  { sampleRate, channels }: Sound,
  { bits = 16 }: WavOptions = {},
): Uint8Array<ArrayBuffer> {
  const format = bits === 32 ? SampleFormat.Float : SampleFormat.PCM;
  return new Uint8Array(encodeWaveFromFloat32Channels(channels, sampleRate, bits, format));
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function readFormat(view: DataView, at: number, size: number): Format {
  if (size < 16 || at + size > view.byteLength) throw new Error("its format header is cut short");
  const tag = view.getUint16(at, true);
  return {
    // "Extensible" files keep the true tag in the first bytes of an identifier.
    tag: tag === 0xfffe && size >= 40 ? view.getUint16(at + 24, true) : tag,
    channels: view.getUint16(at + 2, true),
    sampleRate: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  };
}

function readSamples(bytes: Uint8Array, start: number, size: number, format: Format): Sound {
  const { tag, channels, sampleRate, bits } = format;
  if (!BITS_BY_TAG[tag]?.includes(bits)) {
    throw new Error(`its encoding (WAV format ${tag}, ${bits} bits) is not supported`);
  }
  if (channels === 0) throw new Error("its header says 0 channels");
  const width = channels * bits / 8, there = bytes.length - start;
  const wanted = UNKNOWN_SIZES.includes(size) ? there : size;
  if (wanted - there >= width) {
    const seconds = (n: number) => (n / width / sampleRate).toFixed(2);
    throw new Error(
      `it is cut short: ${seconds(wanted)} s are announced, ${seconds(there)} s are there`,
    );
  }
  const frames = Math.floor(Math.min(wanted, there) / width);
  if (frames === 0) throw new Error("it holds no samples, only a header");
  const data = bytes.slice(start, start + frames * width);
  const decoded = bufferToFloat32Channels(data, channels, bits as BitDepth, tag as SampleFormat);
  return { sampleRate, channels: decoded };
}
