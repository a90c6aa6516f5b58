/** MP3 files. */
import { MPEGDecoder } from "mpg123-decoder";
import { findMpegFrame, surveyMpeg } from "./mpeg_frames.ts";
import { SoundBuilder } from "./sound_builder.ts";
import { cutShort, type Sound } from "./sound.ts";
import { callDecoder } from "./wasm_decoder.ts";

/** Bytes that are decoded at once: enough to be fast, little to hold. */
const BATCH = 1 << 15;

/**
 * Decodes MPEG audio, layer III, without the encoder's padding; a mono file has one channel.
 *
 * @throws Error when nothing can be decoded, or less than the file announces
 */
export async function readMp3(bytes: Uint8Array): Promise<Sound> {
  const start = findMpegFrame(bytes);
  if (start < 0) throw new Error("it holds no MPEG audio frame");
  const { announced, end, mono, sampleRate } = surveyMpeg(bytes, start);
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const builder = new SoundBuilder({ announced, bytes: bytes.length });
  for (let at = start; at < end; at += BATCH) {
    const part = bytes.subarray(at, Math.min(at + BATCH, end));
    const { channelData, samplesDecoded, sampleRate } = callDecoder(() => decoder.decode(part));
    if (samplesDecoded === 0) continue;
    // the decoder always gives two channels
    builder.append({ sampleRate, channels: mono ? channelData.slice(0, 1) : channelData });
  }
  if (builder.length < announced) {
    throw new Error(cutShort({ announced, got: builder.length, sampleRate }));
  }
  if (builder.length === 0) throw new Error("nothing in it can be decoded");
  return builder.finish();
}
