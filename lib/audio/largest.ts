/** The largest magnitude of many samples, by a WebAssembly kernel. */
import { Pool } from "../core/pool.ts";
import { bits, compileModule, f32x4, Heap, i32, i32x4 } from "../core/wasm.ts";

/** Samples that are looked at in one go: they stay in the cache. */
const BLOCK = 16384, LANES = 4, SINGLE = 4;

/** All bits of two singles but their signs. */
const MAGNITUDES = bits.const(0x7fffffff_7fffffffn);

const instantiate = compileModule({
  /** As integers, the bits of larger magnitudes are larger, and those of infinity and NaN larger than any number's. */
  largest: {
    parameters: 3,
    build(f) {
      const [from, end, to] = [0, 1, 2].map((k) => f.parameter(k));
      const largest = f.let("v128", bits.const(0n));
      f.loop(from, { below: end.get, step: i32.const(LANES * SINGLE) }, () => {
        f.run(largest.set(i32x4.max(largest.get, bits.and(f32x4.load(from.get), MAGNITUDES))));
      });
      f.run(f32x4.store(to.get, largest.get));
    },
  },
});

class Workshop {
  readonly #heap = new Heap();
  readonly #run = instantiate(this.#heap.memory);
  readonly #from = this.#heap.take(BLOCK * SINGLE);
  readonly #to = this.#heap.take(LANES * SINGLE);
  readonly #samples = this.#heap.singles(this.#from, BLOCK);
  readonly #largest = this.#heap.singles(this.#to, LANES);

  /** @param samples BLOCK of them at most */
  largest(samples: Float32Array): number {
    this.#samples.set(samples);
    this.#samples.fill(0, samples.length, Math.ceil(samples.length / LANES) * LANES);
    this.#run.largest(this.#from, this.#from + samples.length * SINGLE, this.#to);
    return Math.max(...this.#largest); // NaN where one is
  }
}

const workshops = new Pool(() => new Workshop());

/** The largest magnitude; NaN where a sample is none, 0 of no samples. */
export function largestMagnitude(samples: Float32Array): number {
  return workshops.with(undefined, (workshop) => {
    let largest = 0;
    for (let at = 0; at < samples.length; at += BLOCK) {
      largest = Math.max(largest, workshop.largest(samples.subarray(at, at + BLOCK)));
    }
    return largest;
  });
}
