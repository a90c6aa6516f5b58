/** What augmentations do to samples; the chance is in draw.ts. */
import { peakNormalize } from "../audio/normalize.ts";

/** Rolled in time: what leaves at the end comes in at the beginning (A7). @param share of the length; 0.25 is later by a quarter */
export function timeShift(y: Float32Array, share: number): Float32Array {
  const n = y.length, by = ((Math.round(share * n) % n) + n) % n, out = new Float32Array(n);
  out.set(y.subarray(0, n - by), by);
  out.set(y.subarray(n - by));
  return out;
}

/** Backwards (A8). */
export function reverse(y: Float32Array): Float32Array {
  return y.slice().reverse();
}

/** Silent for `share` of the length, from `start` of it on (A9). */
export function timeMask(
  y: Float32Array,
  { start, share }: { start: number; share: number },
): Float32Array {
  const from = Math.round(start * y.length);
  return y.slice().fill(0, from, from + Math.round(share * y.length));
}

/** As many samples as wanted: cut, or repeated from the beginning. @param from the first sample that is taken */
export function fitLength(y: Float32Array, n: number, from = 0): Float32Array {
  const out = new Float32Array(n);
  for (let t = 0, at = from % y.length; t < n; at = 0) {
    const piece = y.subarray(at, at + n - t);
    out.set(piece, t);
    t += piece.length;
  }
  return out;
}

/**
 * The mean of clips that are brought to a peak of 1 first (A1). The first one's length is kept; shorter ones are
 * repeated, longer ones cut.
 */
export function sumClips(clips: readonly Float32Array[]): Float32Array {
  return weightedSum(clips, clips.map(() => 1 / clips.length));
}

/** A clip and another one as {@link sumClips}, `weight` of the first and 1 - weight of the second. */
export function blendClips(clip: Float32Array, other: Float32Array, weight: number): Float32Array {
  return weightedSum([clip, other], [weight, 1 - weight]);
}

function weightedSum(clips: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const sum = new Float64Array(clips[0].length);
  clips.forEach((clip, k) => {
    const level = peakNormalize(fitLength(clip, sum.length));
    for (let t = 0; t < sum.length; t++) sum[t] += weights[k] * level[t];
  });
  return Float32Array.from(sum);
}

/** Clips one after the other, each brought to a peak of 1 (A3). */
export function concatClips(clips: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(clips.reduce((sum, clip) => sum + clip.length, 0));
  let at = 0;
  for (const clip of clips) {
    out.set(peakNormalize(clip), at);
    at += clip.length;
  }
  return out;
}
