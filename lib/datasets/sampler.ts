/** Weighted drawing of tracks, so that rare instruments are heard as often as frequent ones (D4). */
import type { Random } from "../core/random.ts";
import { INSTRUMENTS } from "./labels.ts";

/** What a track's weight is, of the weights of its instruments. */
export const TRACK_STATISTICS = ["median", "maximum"] as const;

/** See {@link TRACK_STATISTICS}. */
export type TrackStatistic = typeof TRACK_STATISTICS[number];

/**
 * Weights of instruments: the number of tracks by the number of tracks that contain the instrument.
 *
 * @param targets 0 or 1, `[tracks, labels]`
 * @returns one a label, at least 1; Infinity for one that no track contains
 */
export function instrumentWeights(
  targets: Uint8Array,
  { labels = INSTRUMENTS.length }: { labels?: number } = {},
): Float64Array {
  const tracks = new Float64Array(labels);
  targets.forEach((target, k) => tracks[k % labels] += target);
  return tracks.map((count) => targets.length / labels / count);
}

/**
 * Weights of tracks: the median (of two the mean), or the maximum, of their instruments' weights.
 *
 * Of 20 tracks with a piano, 10 with piano and violin and 50 with a saxophone, the piano weighs 80/30 and
 * the violin 80/10, a track of both (80/30 + 80/10) / 2 or 80/10.
 *
 * @param targets 0 or 1, `[tracks, labels]`
 * @throws RangeError when a track has no instrument, or the targets are no whole rows
 */
export function trackWeights(
  targets: Uint8Array,
  { statistic = "median", labels = INSTRUMENTS.length }: {
    statistic?: TrackStatistic;
    labels?: number;
  } = {},
): Float64Array {
  if (targets.length % labels !== 0) {
    throw new RangeError(`${targets.length} targets are no rows of ${labels} labels`);
  }
  const weights = instrumentWeights(targets, { labels });
  return Float64Array.from({ length: targets.length / labels }, (_, track) => {
    const own = weights.filter((_, label) => targets[track * labels + label]).sort();
    if (own.length === 0) throw new RangeError(`cannot weigh track ${track}: it has no instrument`);
    const middle = (own.length - 1) / 2;
    return statistic === "maximum"
      ? own[own.length - 1]
      : (own[Math.floor(middle)] + own[Math.ceil(middle)]) / 2;
  });
}

/** Draws numbers with probabilities in proportion to weights. */
export class WeightedSampler {
  /** The sum of the weights up to and with each. */
  readonly #sums: Float64Array;

  /** @throws RangeError when a weight is negative or no number, or their sum is 0 or infinite */
  constructor(weights: ArrayLike<number>) {
    let sum = 0;
    this.#sums = Float64Array.from(weights, (weight, k) => {
      if (!(weight >= 0)) {
        throw new RangeError(`cannot draw by a weight of ${weight} (number ${k})`);
      }
      return sum += weight;
    });
    if (!(sum > 0 && sum < Infinity)) {
      throw new RangeError(`cannot draw by weights whose sum is ${sum}`);
    }
  }

  /** `count` numbers, each 0 to the number of weights - 1, with replacement. */
  draw(count: number, random: Random): Int32Array {
    return Int32Array.from({ length: count }, () => this.#find(random));
  }

  /** The first whose sum is above a number that is uniform below the whole sum. */
  #find(random: Random): number {
    const target = random.uniform(0, this.#sums[this.#sums.length - 1]);
    let low = 0, high = this.#sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sums[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
