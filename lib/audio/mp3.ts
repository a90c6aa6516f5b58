/** MP3 files. */
import { decodeBlocks } from "./libsndfile.ts";
import { findMpegFrame, surveyMpeg } from "./mpeg_frames.ts";
import { SoundBuilder } from "./sound_builder.ts";
import { cutShort, type Sound } from "./sound.ts";

/**
 * Decodes MPEG audio, layer III, without the encoder's padding; a mono file has one channel.
 *
 * @throws Error when nothing can be decoded, or less than the file announces
 */
export function readMp3(bytes: Uint8Array): Sound {
  const start = findMpegFrame(bytes);
  if (start < 0) throw new Error("it holds no MPEG audio frame");
  const { announced, end, sampleRate } = surveyMpeg(bytes, start);
  const builder = new SoundBuilder({ announced, bytes: bytes.length });
  decodeBlocks(bytes.subarray(start, end), (sound) => builder.append(sound));
  if (builder.length < announced) {
    throw new Error(cutShort({ announced, got: builder.length, sampleRate }));
  }
  if (builder.length === 0) throw new Error("nothing in it can be decoded");
  return builder.finish();
}
