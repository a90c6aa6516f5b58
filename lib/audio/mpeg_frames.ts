/** Frames of MPEG audio, layer III (ISO 11172-3 and 13818-3), and what LAME and others write into the first one. */

/** Where ID3v2's tag at the front of a file ends; 0 where there is none. */
export function skipId3(bytes: Uint8Array): number {
  if (String.fromCharCode(...bytes.subarray(0, 3)) !== "ID3") return 0;
  const [a, b, c, d] = bytes.subarray(6, 10);
  return 10 + (a << 21 | b << 14 | c << 7 | d);
}

/** Bytes that are searched for a frame. */
const SEARCHED = 65536;

/**
 * The first place, behind a tag, of two frame headers at the distance that the first one says; -1 where there is none.
 *
 * @param from where the search begins
 */
export function findMpegFrame(bytes: Uint8Array, from = skipId3(bytes)): number {
  const end = Math.min(bytes.length - 4, from + SEARCHED);
  for (let at = from; at < end; at++) {
    const length = frameLength(bytes, at);
    if (length > 0 && (at + length >= bytes.length || frameLength(bytes, at + length) > 0)) {
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

/** Values of a header's version field. */
const MPEG_1 = 3, MPEG_2 = 2, RESERVED = 1;

const versionOf = (bytes: Uint8Array, at: number) => bytes[at + 1] >> 3 & 3;
const isMono = (bytes: Uint8Array, at: number) => bytes[at + 3] >> 6 === 3;

/** Hz. */
function sampleRateOf(bytes: Uint8Array, at: number): number {
  const version = versionOf(bytes, at);
  return SAMPLE_RATES[bytes[at + 2] >> 2 & 3] /
    (version === MPEG_1 ? 1 : version === MPEG_2 ? 2 : 4);
}

/** Bytes of the layer III frame whose header is at a place; 0 where there is no such header. */
function frameLength(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xe6) !== 0xe2) return 0;
  const version = versionOf(bytes, at), rateIndex = bytes[at + 2] >> 2 & 3;
  const bitIndex = bytes[at + 2] >> 4;
  if (version === RESERVED || rateIndex === 3 || bitIndex === 0 || bitIndex === 15) return 0;
  const bitRate = BIT_RATES[version === MPEG_1 ? 0 : 1][bitIndex] * 1000;
  const padding = bytes[at + 2] >> 1 & 1;
  return Math.floor((version === MPEG_1 ? 144 : 72) * bitRate / sampleRateOf(bytes, at)) + padding;
}

/** What the frames of a file say. */
export interface MpegStream {
  sampleRate: number;
  mono: boolean;
  /** Samples of a channel that come out where nothing is missing. */
  announced: number;
  /** Where the last frame ends. */
  end: number;
}

/** Looks at all frames. @param start the first one's place */
export function surveyMpeg(bytes: Uint8Array, start: number): MpegStream {
  let frames = 0, end = start;
  for (let at = start; at >= 0;) {
    const length = frameLength(bytes, at);
    if (length > 0) {
      frames++;
      at = end = at + length;
    } else at = findMpegFrame(bytes, at);
  }
  const samples = versionOf(bytes, start) === MPEG_1 ? 1152 : 576;
  return {
    sampleRate: sampleRateOf(bytes, start),
    mono: isMono(bytes, start),
    announced: announcedBy(bytes, start, samples) ?? frames * samples,
    end: Math.min(end, bytes.length),
  };
}

/** Samples by which the decoder itself is late. */
const DECODER_DELAY = 529;

/**
 * The samples that an Info or Xing frame announces, less the encoder's delay and padding where it has LAME's part.
 *
 * @param samples of a frame
 * @returns undefined where the first frame is none of these, or does not count the others
 */
function announcedBy(bytes: Uint8Array, at: number, samples: number): number | undefined {
  const mpeg1 = versionOf(bytes, at) === MPEG_1, mono = isMono(bytes, at);
  const info = at + 4 + (mpeg1 ? (mono ? 17 : 32) : (mono ? 9 : 17));
  const name = String.fromCharCode(...bytes.subarray(info, info + 4));
  if (name !== "Xing" && name !== "Info" || info + 160 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = bytes[info + 7];
  if (!(fields & 1)) return undefined;
  const whole = view.getUint32(info + 8) * samples;
  // the fields that may follow: frames, bytes, a table for seeking, quality
  const sizes = [4, 4, 100, 4].filter((_, bit) => fields >> bit & 1);
  const lame = info + 8 + sizes.reduce((sum, size) => sum + size, 0);
  if (bytes[lame] === 0) return whole;
  const delay = bytes[lame + 21] << 4 | bytes[lame + 22] >> 4;
  const padding = (bytes[lame + 22] & 15) << 8 | bytes[lame + 23];
  return Math.max(0, whole - delay - DECODER_DELAY - Math.max(0, padding - DECODER_DELAY));
}
