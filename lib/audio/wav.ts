/** WAV files (Microsoft and IBM, Multimedia Programming Interface 1.0, 1991; WAVEFORMATEXTENSIBLE, 2001). */
import { checkSamples, deinterleave } from "./samples.ts";
import { BLOCK_ENCODINGS, SAMPLE_READERS } from "./wav_samples.ts";
import { cutShort, MOST_CHANNELS, type Sound } from "./sound.ts";

interface Format {
  tag: number;
  channels: number;
  sampleRate: number;
  bits: number;
}

const PCM = 1, FLOAT = 3, EXTENSIBLE = 0xfffe;

/** Sizes that programs write which cannot go back to fill in the true one; the third is SoX's. */
const UNKNOWN_SIZES = [0, 0xffffffff, 0x7ffff000, 0x7fffffff];

/** Where a WAV file's samples are, and how they are written. */
export interface WavLayout extends Format {
  /** The first sample's place, bytes from the file's start. */
  start: number;
  /** Samples of a channel. */
  frames: number;
}

/**
 * Reads a WAV file's header.
 *
 * @param bytes the file, or as much of its start as holds the header
 * @param size bytes of the whole file
 * @throws Error when it is no WAV, has no format or samples, is cut short, or is encoded otherwise than {@link readWav}
 * can read
 */
export function readWavLayout(bytes: Uint8Array, size: number = bytes.length): WavLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || text(bytes, 0) !== "RIFF" || text(bytes, 8) !== "WAVE") {
    throw new Error("it does not begin like a WAV file");
  }
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = text(bytes, at), length = view.getUint32(at + 4, true), start = at + 8;
    if (name === "fmt ") format = readFormat(view, start, length);
    if (name === "data") {
      if (!format) throw new Error("its samples come before their format");
      return { ...format, start, frames: countFrames(format, { length, there: size - start }) };
    }
    at = start + length + length % 2;
  }
  throw new Error(format ? "it holds no samples, only a header" : "it has no complete WAV header");
}

/**
 * Decodes a WAV file: PCM of 8 to 32 bits, float of 32 and 64, A-law and mu-law. Integers are divided by
 * 2^(bits - 1) (32768 for 16 bits). Of a last, incomplete frame nothing is used.
 *
 * @throws Error when it is no WAV, has no format or samples, is cut short, or is encoded otherwise
 */
export function readWav(bytes: Uint8Array): Sound {
  const { tag, bits, channels, sampleRate, start, frames } = readWavLayout(bytes);
  const block = BLOCK_ENCODINGS[`${tag}/${bits}`], read = SAMPLE_READERS[`${tag}/${bits}`];
  const width = channels * bits / 8,
    out = Array.from({ length: channels }, () => new Float32Array(frames));
  if (block) {
    deinterleave(bytes.subarray(start, start + frames * width), out, block);
  } else {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    out.forEach((channel, c) => {
      for (let t = 0, at = start + c * bits / 8; t < frames; t++, at += width) {
        channel[t] = read(view, at);
      }
    });
    checkSamples(out);
  }
  return { sampleRate, channels: out };
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function readFormat(view: DataView, at: number, size: number): Format {
  if (size < 16 || at + size > view.byteLength) throw new Error("its format header is cut short");
  const tag = view.getUint16(at, true);
  return {
    // "extensible" files keep the true tag in the first bytes of an identifier
    tag: tag === EXTENSIBLE && size >= 40 ? view.getUint16(at + 24, true) : tag,
    channels: view.getUint16(at + 2, true),
    sampleRate: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  };
}

/** The whole frames of a data chunk: of those that its length announces, all must be there. */
function countFrames(
  { tag, channels, sampleRate, bits }: Format,
  { length, there }: { length: number; there: number },
): number {
  const encoding = `${tag}/${bits}`;
  if (!BLOCK_ENCODINGS[encoding] && !SAMPLE_READERS[encoding]) {
    throw new Error(`its encoding (WAV format ${tag}, ${bits} bits) is not supported`);
  }
  if (channels < 1 || channels > MOST_CHANNELS) {
    throw new Error(`it has ${channels} channels, not 1 to ${MOST_CHANNELS}`);
  }
  const width = channels * bits / 8, wanted = UNKNOWN_SIZES.includes(length) ? there : length;
  if (wanted - there >= width) {
    throw new Error(cutShort({ announced: wanted / width, got: there / width, sampleRate }));
  }
  return Math.floor(Math.min(wanted, there) / width);
}

/** How {@link encodeWav} writes samples. */
export interface WavOptions {
  /** 16 and 24: integers, rounded, and clipped at full scale; 32: floats, exact. Default: 16. */
  bits?: 16 | 24 | 32;
}

/**
 * The bytes of a WAV file: an extensible one where the standard asks for it, with more than 16 bits or two channels.
 *
 * @throws RangeError when there are not 1 to 8 channels of equal length, or a sample that becomes an integer is NaN
 */
export function encodeWav(
  { sampleRate, channels }: Sound,
  { bits = 16 }: WavOptions = {},
): Uint8Array<ArrayBuffer> {
  const count = channels.length, frames = channels[0]?.length;
  if (count < 1 || count > MOST_CHANNELS || channels.some(({ length }) => length !== frames)) {
    const lengths = channels.map(({ length }) => length).join(", ");
    throw new RangeError(
      `cannot encode channels of ${
        lengths || "no"
      } samples: give 1 to ${MOST_CHANNELS} of equal length`,
    );
  }
  const bytes = bits / 8, size = frames * count * bytes, extensible = bits > 16 || count > 2;
  const start = extensible ? 68 : 44, out = new Uint8Array(start + size + size % 2);
  const view = new DataView(out.buffer);
  writeHeader(view, { tag: bits === 32 ? FLOAT : PCM, channels: count, sampleRate, bits }, size);
  channels.forEach((channel, c) => {
    const write = sampleWriter(view, bits);
    for (let t = 0, at = start + c * bytes; t < frames; t++, at += count * bytes) {
      write(at, channel[t]);
    }
  });
  return out;
}

function sampleWriter(view: DataView, bits: 16 | 24 | 32): (at: number, x: number) => void {
  if (bits === 32) return (at, x) => view.setFloat32(at, x, true);
  const full = 2 ** (bits - 1);
  const integer = (x: number) => {
    if (Number.isNaN(x)) throw new RangeError("cannot encode a sample that is NaN");
    return Math.max(-full, Math.min(full - 1, Math.round(x * full)));
  };
  if (bits === 16) return (at, x) => view.setInt16(at, integer(x), true);
  return (at, x) => {
    const value = integer(x);
    view.setUint16(at, value & 0xffff, true);
    view.setInt8(at + 2, value >> 16);
  };
}

function writeHeader(view: DataView, format: Format, size: number): void {
  const { tag, channels, sampleRate, bits } = format, width = channels * bits / 8;
  const extensible = bits > 16 || channels > 2, formatSize = extensible ? 40 : 16;
  let at = 0;
  const name = (text: string) => {
    for (const letter of text) view.setUint8(at++, letter.charCodeAt(0));
  };
  const short = (value: number) => (view.setUint16(at, value, true), at += 2);
  const long = (value: number) => (view.setUint32(at, value, true), at += 4);
  name("RIFF");
  long(20 + formatSize + size + size % 2);
  name("WAVEfmt ");
  long(formatSize);
  short(extensible ? EXTENSIBLE : tag);
  short(channels);
  long(sampleRate);
  long(sampleRate * width);
  short(width);
  short(bits);
  if (extensible) {
    short(22);
    short(bits);
    long(0); // no loudspeaker positions
    short(tag);
    // the rest of KSDATAFORMAT_SUBTYPE, the same for every tag
    for (const byte of [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]) {
      view.setUint8(at++, byte);
    }
  }
  name("data");
  long(size);
}
