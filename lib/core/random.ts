/**
 * Seeded random numbers. A generator is always passed in; nothing here is global.
 *
 * `randomFrom(seed, "epoch", 3)` gives the generator of that place in that experiment: it depends on
 * nothing that ran before, so work can be done in any order, on any number of workers, or resumed.
 */

const TWO_32 = 2 ** 32;

/** xoshiro128** (Blackman and Vigna, 2018), seeded by MurmurHash3's finaliser over the key's text. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param key any text; equal keys give equal sequences. */
  constructor(readonly key: string) {
    let h = 0x9e3779b9 ^ key.length;
    for (let k = 0; k < key.length; k++) {
      h = Math.imul(h ^ key.charCodeAt(k), 0xcc9e2d51);
      h = (h << 13) | (h >>> 19);
    }
    const next = () => {
      h = (h + 0x9e3779b9) | 0;
      let t = h ^ (h >>> 16);
      t = Math.imul(t, 0x85ebca6b);
      t ^= t >>> 13;
      t = Math.imul(t, 0xc2b2ae35);
      return (t ^ (t >>> 16)) >>> 0;
    };
    [this.#a, this.#b, this.#c, this.#d] = [next(), next(), next(), next()];
  }

  /** A 32-bit unsigned integer. */
  uint32(): number {
    const rotate = (x: number, k: number) => (x << k) | (x >>> (32 - k));
    const result = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = rotate(this.#d, 11);
    return result;
  }

  /** A number in [low, high), with 32 bits of resolution. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.uint32() / TWO_32);
  }

  /** An integer in [low, high). @throws RangeError when the range is empty. */
  integer(low: number, high: number): number {
    if (!(high > low)) throw new RangeError(`cannot draw an integer from [${low}, ${high})`);
    return low + Math.floor(this.uniform() * (high - low));
  }

  /** A normally distributed number (Box and Muller, 1958). */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One item, by weight where weights are given. @throws RangeError when there is none. */
  choice<T>(items: readonly T[], weights?: readonly number[]): T {
    if (items.length === 0) throw new RangeError("cannot choose from an empty list");
    if (!weights) return items[this.integer(0, items.length)];
    let left = this.uniform() * weights.reduce((sum, w) => sum + w, 0);
    for (let k = 0; k < items.length; k++) {
      left -= weights[k];
      if (left < 0) return items[k];
    }
    return items[items.length - 1];
  }

  /** A shuffled copy (Fisher and Yates). */
  shuffle<T>(items: Iterable<T>): T[] {
    const out = [...items];
    for (let k = out.length - 1; k > 0; k--) {
      const j = this.integer(0, k + 1);
      [out[k], out[j]] = [out[j], out[k]];
    }
    return out;
  }

  /** `count` distinct items in random order. @throws RangeError when there are too few. */
  sample<T>(items: readonly T[], count: number): T[] {
    if (count > items.length) {
      throw new RangeError(`cannot draw ${count} distinct items from ${items.length}`);
    }
    return this.shuffle(items).slice(0, count);
  }

  /** An independent generator for a part of the work. */
  fork(...parts: (string | number)[]): Random {
    return new Random([this.key, ...parts].join("/"));
  }
}

/** The generator that belongs to a place in an experiment: `randomFrom(seed, "epoch", 3)`. */
export function randomFrom(...parts: (string | number)[]): Random {
  return new Random(parts.join("/"));
}
