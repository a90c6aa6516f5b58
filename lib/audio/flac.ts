/** FLAC files. */
import { FLACDecoder } from "@wasm-audio-decoders/flac";
import { cutShort, runDecoder } from "./wasm_decoder.ts";
import type { Sound } from "./sound.ts";

/**
 * Decodes FLAC; integers are divided by 2^(bits - 1).
 *
 * @throws Error when it cannot be decoded, or less than the file announces
 */
export async function readFlac(bytes: Uint8Array): Promise<Sound> {
  const decoder = new FLACDecoder();
  const sound = await runDecoder({
    ready: decoder.ready,
    free: () => decoder.free(),
    run: () => decoder.decodeFile(bytes),
  });
  const { announced, bits } = streamInfo(bytes);
  const got = sound.channels[0].length;
  if (got < announced) throw new Error(cutShort(announced, got, sound.sampleRate));
  // The decoder divides by 2^(bits - 1) - 1; everyone else, and our WAV reader, by 2^(bits - 1).
  const full = 2 ** (bits - 1);
  const channels = sound.channels.map((y) => y.map((x) => Math.round(x * (full - 1)) / full));
  return { ...sound, channels };
}

/** The number of samples (0: unknown) and the bits of each, from the header's STREAMINFO (RFC 9639). */
function streamInfo(bytes: Uint8Array): { announced: number; bits: number } {
  const low = new DataView(bytes.buffer, bytes.byteOffset).getUint32(22);
  return {
    announced: (bytes[21] & 15) * 2 ** 32 + low,
    bits: ((bytes[20] & 1) << 4 | bytes[21] >> 4) + 1,
  };
}
