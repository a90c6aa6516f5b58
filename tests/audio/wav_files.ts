/** A WAV file and its parts, to make others of. */
import { encodeWav } from "lib/audio/wav.ts";

/** 480 multiples of 1/256 from -0.94 to 0.94. */
export const RAMP = Float32Array.from({ length: 480 }, (_, k) => (k - 240) / 256);

/** RAMP and its negative at 16 kHz, 16 bits. */
export const WAV = encodeWav({ sampleRate: 16000, channels: [RAMP, RAMP.map((x) => -x)] });

/** Its chunks, and how another one is made. */
export const CHUNKS = {
  riff: [...WAV.subarray(0, 12)],
  format: [...WAV.subarray(12, 36)],
  data: [...WAV.subarray(36)],
  /** A chunk of some bytes 0x55, padded to an even number. */
  chunk: (name: string, size: number) => [
    ...new TextEncoder().encode(name),
    ...[size & 255, size >> 8, 0, 0],
    ...new Array(size + size % 2).fill(0x55),
  ],
};

/** A copy with a number changed. */
export function patched(at: number, value: number, bits: 16 | 32 = 16): Uint8Array<ArrayBuffer> {
  const bytes = WAV.slice(), view = new DataView(bytes.buffer);
  if (bits === 16) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
  return bytes;
}

/** One channel at 16 kHz, in floats. */
export function wavOf(...samples: number[]): Uint8Array<ArrayBuffer> {
  return encodeWav({ sampleRate: 16000, channels: [Float32Array.from(samples)] }, { bits: 32 });
}
