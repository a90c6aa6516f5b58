/** Samples as files keep them, brought into arrays of their channels and looked at by WebAssembly kernels. */
import { Pool } from "../core/pool.ts";
import { bits, compileModule, f32x4, Heap, i32, i32x4, type Local } from "../core/wasm.ts";

/** How a sample is kept, little-endian. */
export interface Encoding {
  /** Bytes of a sample: 4 of floats, 1 to 4 of integers. */
  bytes: number;
  kind: "signed" | "unsigned" | "float";
}

/** Magnitude from which on a sample is damage, not sound; full scale is 1. */
const ABSURD = 4;

/** Frames that are converted at once, four at a time, and bytes of such a block at most: they stay in the cache. */
const BLOCK = 4096, LANES = 4, ROOM = 1 << 17;

/** Bytes of what a kernel writes, and of what it reads of each sample. */
const SINGLE = 4;

/** All bits of two singles but their signs. */
const MAGNITUDES = bits.const(0x7fffffff_7fffffffn);

/** Every `step` bytes, four bytes of memory: of four frames. The bytes behind a shorter sample are anything. */
function gather(from: Local, step: Local) {
  const place = (lane: number) => i32.add(from.get, i32.mul(step.get, i32.const(lane)));
  let four = f32x4.const(0);
  for (let lane = 0; lane < LANES; lane++) four = f32x4.loadLane(place(lane), four, lane);
  return four;
}

const instantiate = compileModule({
  /** Integers, shifted to the top of 32 bits, and the sign bit turned for unsigned ones, in units of 2^31. */
  integers: {
    parameters: 6,
    build(f) {
      const [from, step, to, end, shift, flip] = [0, 1, 2, 3, 4, 5].map((k) => f.parameter(k));
      const turned = f.let("v128", i32x4.splat(flip.get));
      f.loop(to, { below: end.get, step: i32.const(LANES * SINGLE) }, () => {
        const high = bits.xor(i32x4.shiftLeft(gather(from, step), shift.get), turned.get);
        f.run(f32x4.store(to.get, f32x4.mul(i32x4.toSingles(high), f32x4.const(2 ** -31))));
        f.run(from.set(i32.add(from.get, i32.mul(step.get, i32.const(LANES)))));
      });
    },
  },
  floats: {
    parameters: 4,
    build(f) {
      const [from, step, to, end] = [0, 1, 2, 3].map((k) => f.parameter(k));
      f.loop(to, { below: end.get, step: i32.const(LANES * SINGLE) }, () => {
        f.run(f32x4.store(to.get, gather(from, step)));
        f.run(from.set(i32.add(from.get, i32.mul(step.get, i32.const(LANES)))));
      });
    },
  },
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

/** Memory for a block: as it is kept, and one channel of it. */
class Workshop {
  readonly #heap = new Heap();
  readonly #run = instantiate(this.#heap.memory);
  // the last sample of a block is read with the bytes behind it
  readonly #from = this.#heap.take(ROOM + LANES * SINGLE);
  readonly #to = this.#heap.take(BLOCK * SINGLE);
  readonly #most = this.#heap.take(LANES * SINGLE);
  readonly #bytes = new Uint8Array(this.#heap.memory.buffer, this.#from, ROOM);
  readonly #samples = this.#heap.singles(this.#to, BLOCK);
  readonly #largest = this.#heap.singles(this.#most, LANES);

  /** Takes whole frames. */
  load(bytes: Uint8Array): void {
    this.#bytes.set(bytes);
  }

  /** One channel of the frames. Good until the next call. */
  convert(frames: number, { bytes, kind }: Encoding, { at, step }: { at: number; step: number }) {
    const from = this.#from + at, end = this.#to + frames * SINGLE;
    if (kind === "float") this.#run.floats(from, step, this.#to, end);
    else {
      const flip = kind === "unsigned" ? 1 << 31 : 0;
      this.#run.integers(from, step, this.#to, end, 32 - 8 * bytes, flip);
    }
    return this.#samples.subarray(0, frames);
  }

  /** Takes samples as they are. */
  copy(samples: Float32Array): Float32Array {
    this.#samples.set(samples);
    return this.#samples.subarray(0, samples.length);
  }

  /** @param samples what {@link convert} or {@link copy} gave */
  isSound(samples: Float32Array): boolean {
    const padded = Math.ceil(samples.length / LANES) * LANES;
    this.#samples.fill(0, samples.length, padded);
    this.#run.largest(this.#to, this.#to + padded * SINGLE, this.#most);
    return Math.max(...this.#largest) < ABSURD; // of NaN it is NaN
  }
}

const workshops = new Pool(() => new Workshop());

function refuse(samples: Float32Array, first: number): never {
  const t = samples.findIndex((x) => !(Math.abs(x) < ABSURD));
  throw new Error(
    `sample ${first + t} is ${samples[t]}, and not within ${ABSURD} times full scale`,
  );
}

/**
 * Brings channels apart.
 *
 * @param bytes whole frames: a sample of each channel in turn
 * @param channels arrays of as many samples as there are frames
 * @param first number of the first frame, for the error
 * @throws Error when a sample is no number, or four times full scale or more
 */
export function deinterleave(
  bytes: Uint8Array,
  channels: readonly Float32Array[],
  { first = 0, ...encoding }: Encoding & { first?: number },
): void {
  const step = channels.length * encoding.bytes;
  workshops.with(undefined, (workshop) => {
    for (let start = 0; start < channels[0].length; start += BLOCK) {
      const frames = Math.min(BLOCK, channels[0].length - start);
      workshop.load(bytes.subarray(start * step, (start + frames) * step));
      channels.forEach((channel, c) => {
        const samples = workshop.convert(frames, encoding, { at: c * encoding.bytes, step });
        if (encoding.kind === "float" && !workshop.isSound(samples)) refuse(samples, first + start);
        channel.set(samples, start);
      });
    }
  });
}

/** @throws Error when a sample is no number, or four times full scale or more */
export function checkSamples(channels: readonly Float32Array[]): void {
  workshops.with(undefined, (workshop) => {
    for (const channel of channels) {
      for (let start = 0; start < channel.length; start += BLOCK) {
        const samples = workshop.copy(channel.subarray(start, start + BLOCK));
        if (!workshop.isSound(samples)) refuse(samples, start);
      }
    }
  });
}
