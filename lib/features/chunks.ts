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

/** How chunks lie in a clip. */
export interface ChunkOptions {
  /** Frames from the start of one chunk to the next, at most a chunk's. Default: a chunk's, so that none overlap. */
  hop?: number;
}

/**
 * Chunks that a clip of so many frames gives, at least one: as many as it takes to reach its end. Its last frame is
 * centred on its end and starts no chunk of its own: 3 s give one chunk, 10 s four.
 *
 * @throws RangeError for a hop that is no number of frames from 1 to a chunk's
 */
export function chunkCount(
  frames: number,
  frontEnd: FrontEnd,
  { hop = chunkFrames(frontEnd) }: ChunkOptions = {},
): number {
  const width = chunkFrames(frontEnd);
  if (!(Number.isInteger(hop) && hop > 0 && hop <= width)) {
    throw new RangeError(
      `cannot cut chunks of ${width} frames every ${hop}: 1 to ${width} will do`,
    );
  }
  return Math.max(1, Math.ceil((frames - 1 - width) / hop) + 1);
}

/**
 * Cuts clips into chunks; the last chunk of each is completed by the clip from its start, as often as
 * needed, or by silence (completion "zero": power 0, or the floor in dB).
 *
 * @param clips all floats or all bytes, of the front end's nMels
 * @throws RangeError when a clip has another number of bands or no frame, and as {@link chunkCount}
 */
export function chunk<T extends Float32Array | Uint8Array>(
  clips: readonly Spectrogram<T>[],
  frontEnd: FrontEnd,
  { hop = chunkFrames(frontEnd) }: ChunkOptions = {},
): Chunks<T> {
  const { nMels } = frontEnd, width = chunkFrames(frontEnd);
  clips.forEach((clip, k) => {
    if (clip.nMels !== nMels || clip.frames < 1) {
      throw new RangeError(
        `cannot cut clip ${k}: it is ${clip.nMels} bands by ${clip.frames} frames, ${nMels} bands are wanted`,
      );
    }
  });
  const counts = clips.map(({ frames }) => chunkCount(frames, frontEnd, { hop }));
  const group = counts.flatMap((count, k) => Array(count).fill(k));
  const bytes = clips[0]?.data instanceof Uint8Array;
  const data = (bytes ? new Uint8Array(group.length * nMels * width) : new Float32Array(
    group.length * nMels * width,
  )) as T;
  if (!bytes && frontEnd.scale === "decibel") data.fill(-frontEnd.topDb);
  let offset = 0;
  for (const [k, clip] of clips.entries()) {
    for (let c = 0; c < counts[k]; c++) {
      cut(clip, c * hop, data.subarray(offset, offset += nMels * width) as T, frontEnd);
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
