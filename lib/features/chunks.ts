/** Spectrograms cut in time into pieces of one length (F8). */
import type { Spectrogram } from "../dsp/mel.ts";
import type { FrontEnd } from "./front_end.ts";

/** Pieces of equal length, of one clip or of many. */
export interface Chunks<T extends Float32Array | Uint8Array = Float32Array> {
  /** [count, nMels, chunkFrames], frames fastest. */
  data: T;
  count: number;
  nMels: number;
  chunkFrames: number;
  /** For each chunk, which clip it is from. */
  group: Int32Array;
}

/** Frames in a chunk: chunkSeconds in hops, rounded up (3 s: 300 at hop 160, 94 at hop 512). */
export function chunkFrames({ chunkSeconds, sampleRate, hopLength }: FrontEnd): number {
  return Math.ceil(chunkSeconds * sampleRate / hopLength - 1e-6);
}

/**
 * Chunks that a clip of so many frames gives, at least one. Its last frame is centred on its end and
 * starts no chunk of its own: 3 s give one chunk, 10 s four.
 */
export function chunkCount(frames: number, frontEnd: FrontEnd): number {
  return Math.max(1, Math.ceil((frames - 1) / chunkFrames(frontEnd)));
}

/**
 * Cuts clips into chunks; the last chunk of each is completed by the clip from its start, as often as
 * needed, or by silence (completion "zero": power 0, or the floor in dB).
 *
 * @param clips all floats or all bytes, of the front end's nMels
 * @throws RangeError when a clip has another number of bands or no frame
 */
export function chunk<T extends Float32Array | Uint8Array>(
  clips: readonly Spectrogram<T>[],
  frontEnd: FrontEnd,
): Chunks<T> {
  const { nMels } = frontEnd, width = chunkFrames(frontEnd);
  clips.forEach((clip, k) => {
    if (clip.nMels !== nMels || clip.frames < 1) {
      throw new RangeError(
        `cannot cut clip ${k}: it is ${clip.nMels} bands by ${clip.frames} frames, ${nMels} bands are wanted`,
      );
    }
  });
  const group = clips.flatMap((clip, k) => Array(chunkCount(clip.frames, frontEnd)).fill(k));
  const bytes = clips[0]?.data instanceof Uint8Array;
  const data = (bytes ? new Uint8Array(group.length * nMels * width) : new Float32Array(
    group.length * nMels * width,
  )) as T;
  if (!bytes && frontEnd.scale === "decibel") data.fill(-frontEnd.topDb);
  let offset = 0;
  for (const clip of clips) {
    for (let c = 0; c < chunkCount(clip.frames, frontEnd); c++) {
      cut(clip, c * width, data.subarray(offset, offset += nMels * width) as T, frontEnd);
    }
  }
  return { data, count: group.length, nMels, chunkFrames: width, group: Int32Array.from(group) };
}

/** Copies frames from `start` on, of every band, into one chunk's memory. */
function cut<T extends Float32Array | Uint8Array>(
  { data, frames }: Spectrogram<T>,
  start: number,
  into: T,
  { nMels, completion }: FrontEnd,
): void {
  const width = into.length / nMels;
  for (let band = 0; band < nMels; band++) {
    const row = band * frames;
    let filled = 0, from = start;
    while (filled < width) {
      const length = Math.min(width - filled, frames - from);
      into.set(data.subarray(row + from, row + from + length), band * width + filled);
      if (completion === "zero") break;
      filled += length;
      from = 0;
    }
  }
}
