/** What the WebAssembly decoders have in common. */
import type { Sound } from "./sound.ts";

/** What they return. */
interface Decoded {
  channelData: Float32Array[];
  samplesDecoded: number;
  sampleRate: number;
  errors: readonly { message: string }[];
}

/** A decoder and its call. */
interface Decoder<D extends Decoded> {
  ready: Promise<void>;
  free(): void;
  run(): D | Promise<D>;
}

/**
 * Waits for a decoder, runs it, and gives its memory back.
 *
 * @throws Error when it decodes nothing: the decoders themselves return emptiness for that
 */
export async function runDecoder<D extends Decoded>(decoder: Decoder<D>): Promise<Sound> {
  await decoder.ready;
  try {
    const { channelData, samplesDecoded, sampleRate, errors } = await decoder.run();
    if (samplesDecoded === 0 || channelData.length === 0) {
      throw new Error(`nothing in it can be decoded${errors[0] ? ` (${errors[0].message})` : ""}`);
    }
    return { sampleRate, channels: channelData };
  } finally {
    decoder.free();
  }
}

/** The message for a file that holds less than it announces; both in samples. */
export function cutShort(announced: number, got: number, sampleRate: number): string {
  const seconds = (n: number) => (n / sampleRate).toFixed(2);
  return `it is cut short or damaged: ${seconds(announced)} s are announced, ${
    seconds(got)
  } s can be decoded`;
}
