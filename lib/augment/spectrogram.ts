/**
 * What augmentations do to spectrograms; the chance is in draw.ts.
 *
 * Where all cells are overwritten the result begins as a copy: new zeros take the system several times as long.
 */
import type { Random } from "../core/random.ts";
import type { Spectrogram } from "../dsp/mel.ts";

/** A rectangle of cells. */
export interface Region {
  /** The first band and frame. */
  band: number;
  frame: number;
  bands: number;
  frames: number;
}

/** Rolled in time by a number of frames; what leaves at the end comes in at the beginning (A7). */
export function shiftFrames({ data, nMels, frames }: Spectrogram, by: number): Spectrogram {
  const shift = ((by % frames) + frames) % frames, out = data.slice();
  for (let row = 0; row < data.length; row += frames) {
    out.set(data.subarray(row, row + frames - shift), row + shift);
    out.set(data.subarray(row + frames - shift, row + frames), row);
  }
  return { data: out, nMels, frames };
}

/** Backwards (A8). What a sound has of fast changes within a frame stays forwards. */
export function reverseFrames({ data, nMels, frames }: Spectrogram): Spectrogram {
  const out = data.slice();
  for (let row = 0; row < data.length; row += frames) out.subarray(row, row + frames).reverse();
  return { data: out, nMels, frames };
}

/** A region filled with one value (A9, A11, A12; Park et al., "SpecAugment", 2019). */
export function fillRegion(
  { data, nMels, frames }: Spectrogram,
  region: Region,
  value: number,
): Spectrogram {
  const out = data.slice();
  for (let band = region.band; band < region.band + region.bands; band++) {
    const from = band * frames + region.frame;
    out.fill(value, from, from + region.frames);
  }
  return { data: out, nMels, frames };
}

/**
 * A rectangle by its share of the spectrogram (Zhong et al., "Random erasing data augmentation", 2020).
 *
 * @param options.area its cells over all cells, 0 to 1
 * @param options.ratio its bands over its frames; where that would be more than there are, all, and more of the other
 * @param options.top, options.left where it lies: 0 at the lowest band or the first frame, 1 at the other end
 */
export function rectangle(
  { nMels, frames }: { nMels: number; frames: number },
  { area, ratio, top, left }: { area: number; ratio: number; top: number; left: number },
): Region {
  const cells = area * nMels * frames;
  const width = Math.min(frames, Math.round(Math.max(Math.sqrt(cells / ratio), cells / nMels)));
  const height = width > 0 ? Math.min(nMels, Math.round(cells / width)) : 0;
  return {
    band: Math.round(top * (nMels - height)),
    frame: Math.round(left * (frames - width)),
    bands: height,
    frames: width,
  };
}

/** Every cell filled with the value with a probability (A13). */
export function fillCells(
  { data, nMels, frames }: Spectrogram,
  { probability, value, random }: { probability: number; value: number; random: Random },
): Spectrogram {
  return { data: data.map((cell) => random.chance(probability) ? value : cell), nMels, frames };
}

/** As many frames as wanted: cut, or repeated from the beginning. Itself where it has as many. */
export function fitFrames(mel: Spectrogram, wanted: number): Spectrogram {
  if (mel.frames === wanted) return mel;
  const { data, nMels, frames } = mel, out = new Float32Array(nMels * wanted);
  for (let band = 0; band < nMels; band++) {
    for (let t = 0; t < wanted; t += frames) {
      const from = band * frames;
      out.set(data.subarray(from, from + Math.min(frames, wanted - t)), band * wanted + t);
    }
  }
  return { data: out, nMels, frames: wanted };
}

/** `rate` times as fast: frames between two frames are between the two, on whatever scale they are. */
export function stretchFrames({ data, nMels, frames }: Spectrogram, rate: number): Spectrogram {
  const count = Math.max(1, Math.round(frames / rate)), out = new Float32Array(nMels * count);
  for (let t = 0; t < count; t++) {
    const place = Math.min(t * rate, frames - 1), first = Math.floor(place), part = place - first;
    const next = Math.min(first + 1, frames - 1);
    for (let row = 0, k = t; row < data.length; row += frames, k += count) {
      out[k] = (1 - part) * data[row + first] + part * data[row + next];
    }
  }
  return { data: out, nMels, frames: count };
}

/** Spectrograms one after the other in time (A3). */
export function concatFrames(parts: readonly Spectrogram[]): Spectrogram {
  const { nMels } = parts[0], frames = parts.reduce((sum, part) => sum + part.frames, 0);
  const data = new Float32Array(nMels * frames);
  let at = 0;
  for (const part of parts) {
    for (let band = 0; band < nMels; band++) {
      data.set(
        part.data.subarray(band * part.frames, (band + 1) * part.frames),
        band * frames + at,
      );
    }
    at += part.frames;
  }
  return { data, nMels, frames };
}
