/** Which sounds share a passage: an index over the fingerprints of many (see `lib/dsp/sub_fingerprints.ts`). */
import { FINGERPRINTS_PER_SECOND } from "../dsp/sub_fingerprints.ts";

/** Two sounds that share a passage. */
export interface SamePassage {
  /** Their numbers, the smaller one first. */
  pair: [number, number];
  /** Seconds by which the passage is later in the second one. */
  offset: number;
  /** Seconds that were compared: of both at once when they are aligned, without silence. */
  overlap: number;
  /** How much of the shorter sound lies in the other, 0 to 1. */
  part: number;
  /** The part of the bits that differ over the overlap: 0 for copies, one half for strangers. */
  bitErrorRate: number;
}

/** Options of {@link findSamePassages}. */
export interface PassageOptions {
  /** The largest bit error rate of the same passage. Default: 0.25. */
  maxBitErrorRate?: number;
  /** Seconds that must overlap. Default: 1. */
  minSeconds?: number;
}

/** Bytes of a fingerprint: two that agree in three of them are compared as a whole. */
const BYTE_SHIFTS = [0, 8, 16, 24];

/** How many of the fingerprints with the same three bytes each is compared with: what is frequent says little. */
const NEIGHBOURS = 50;

/**
 * Finds all pairs of sounds that share a passage, aligned at any frame.
 *
 * Fingerprints of which three bytes agree suggest an alignment; there all bits of the overlap are compared.
 *
 * @param fingerprints of each sound, from `subFingerprints`
 * @returns the best alignment of every pair, in the order of the pairs
 * @throws RangeError when there are more fingerprints than numbers can hold, 2^29
 */
export function findSamePassages(
  fingerprints: readonly Uint32Array[],
  { maxBitErrorRate = 0.25, minSeconds = 1 }: PassageOptions = {},
): SamePassage[] {
  const shelf = new Shelf(fingerprints);
  const minFrames = Math.ceil(minSeconds * FINGERPRINTS_PER_SECOND);
  const best = new Map<number, SamePassage & { frames: number }>();
  for (const shift of BYTE_SHIFTS) {
    shelf.eachSuggestion(shift, (a, b, frames) => {
      const key = a * fingerprints.length + b, known = best.get(key);
      if (known?.frames === frames) return;
      const alike = compare(fingerprints[a], fingerprints[b], {
        frames,
        minFrames,
        maxBitErrorRate,
      });
      if (!alike || known && known.bitErrorRate <= alike.bitErrorRate) return;
      const offset = frames / FINGERPRINTS_PER_SECOND;
      best.set(key, { pair: [a, b], offset, ...alike, frames });
    });
  }
  return [...best.values()].map(({ frames: _, ...passage }) => passage)
    .sort((x, y) => x.pair[0] - y.pair[0] || x.pair[1] - y.pair[1]);
}

/** Compares the overlap of two sounds; undefined where it is too short or the bits differ too much. */
function compare(
  a: Uint32Array,
  b: Uint32Array,
  { frames, minFrames, maxBitErrorRate }: {
    frames: number;
    minFrames: number;
    maxBitErrorRate: number;
  },
): Pick<SamePassage, "overlap" | "part" | "bitErrorRate"> | undefined {
  const from = Math.max(0, -frames), to = Math.min(a.length, b.length - frames);
  const most = (to - from) * 32 * maxBitErrorRate;
  let errors = 0, silent = 0;
  for (let t = from; t < to; t++) {
    const left = a[t], right = b[t + frames];
    if (left === 0 && right === 0) silent++;
    errors += bitsIn(left ^ right);
    if (errors > most) return undefined;
  }
  // silence agrees with silence: it says nothing
  const compared = to - from - silent;
  const bitErrorRate = errors / (32 * compared);
  if (compared < minFrames || bitErrorRate > maxBitErrorRate) return undefined;
  return {
    overlap: compared / FINGERPRINTS_PER_SECOND,
    part: (to - from) / Math.min(a.length, b.length),
    bitErrorRate,
  };
}

/** Bits that are set among 32 (the parallel sum of Warren, "Hacker's Delight", 2002). */
function bitsIn(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The fingerprints of all sounds, one after the other. */
class Shelf {
  readonly #words: Uint32Array;
  /** The sound of each, and its frame in it. */
  readonly #sound: Int32Array;
  readonly #frame: Int32Array;

  constructor(fingerprints: readonly Uint32Array[]) {
    const count = fingerprints.reduce((sum, { length }) => sum + length, 0);
    if (count >= 2 ** 29) throw new RangeError(`cannot compare ${count} fingerprints at once`);
    this.#words = new Uint32Array(count);
    this.#sound = new Int32Array(count);
    this.#frame = new Int32Array(count);
    let at = 0;
    fingerprints.forEach((words, sound) => {
      this.#words.set(words, at);
      this.#sound.fill(sound, at, at + words.length);
      for (let t = 0; t < words.length; t++) this.#frame[at++] = t;
    });
  }

  /**
   * Suggests alignments by fingerprints that agree in all bytes but the one at `shift`.
   *
   * @param visit gets two sounds, the smaller number first, and the frames by which the second is later
   */
  eachSuggestion(shift: number, visit: (a: number, b: number, frames: number) => void): void {
    const order = this.#sortedWithout(shift), count = this.#words.length;
    const mask = ~(0xff << shift);
    const keyOf = (k: number) => this.#words[order[k] % count] & mask;
    for (let k = 0; k < order.length; k++) {
      const key = keyOf(k), here = order[k] % count;
      for (let n = k + 1; n <= k + NEIGHBOURS && n < order.length && keyOf(n) === key; n++) {
        const there = order[n] % count;
        const a = this.#sound[here], b = this.#sound[there];
        if (a !== b) visit(a, b, this.#frame[there] - this.#frame[here]);
      }
    }
  }

  /** The places of all fingerprints but 0, in the order of three bytes, then of places; each plus a multiple of their number. */
  #sortedWithout(shift: number): Float64Array {
    const count = this.#words.length, keys = new Float64Array(count);
    const low = (1 << shift) - 1;
    let used = 0;
    for (let k = 0; k < count; k++) {
      const word = this.#words[k];
      if (word === 0) continue;
      // 24 bits of key above 29 of place fit into a double's 53
      const key = shift === 24
        ? word & 0xffffff
        : ((word >>> (shift + 8)) << shift | word & low) & 0xffffff;
      keys[used++] = key * count + k;
    }
    return keys.subarray(0, used).sort();
  }
}
