/** Samples of several channels that take turns, as files keep them, brought apart by a WebAssembly kernel. */
import { Pool } from "../core/pool.ts";
import { bits, compileModule, f32x4, Heap, i32, i32x4, type Local } from "../core/wasm.ts";

/** How a sample is kept, little-endian. */
export interface Encoding {
  /** Bytes of a sample: 4 of floats, 1 to 4 of integers. */
  bytes: number;
  kind: "signed" | "unsigned" | "float";
}

/** Frames that are converted at once, four at a time, and bytes of such a block at most: they stay in the cache. */
const BLOCK = 4096, LANES = 4, ROOM = 1 << 17;

/** Bytes of what a kernel writes, and of what it reads of each sample. */
const SINGLE = 4;

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
});

/** Memory for a block, before and after. */
class Workshop {
  readonly #heap = new Heap();
  readonly #run = instantiate(this.#heap.memory);
  // the last sample of a block is read with the bytes behind it
  readonly #from = this.#heap.take(ROOM + LANES * SINGLE);
  readonly #to = this.#heap.take(BLOCK * SINGLE);
  readonly #bytes = new Uint8Array(this.#heap.memory.buffer, this.#from, ROOM);
  readonly #samples = this.#heap.singles(this.#to, BLOCK);

  /** One channel of some frames. Good until the next call. */
  convert(frames: number, { bytes, kind }: Encoding, { at, step }: { at: number; step: number }) {
    const end = this.#to + frames * SINGLE;
    if (kind === "float") this.#run.floats(this.#from + at, step, this.#to, end);
    else {
      const flip = kind === "unsigned" ? 1 << 31 : 0;
      this.#run.integers(this.#from + at, step, this.#to, end, 32 - 8 * bytes, flip);
    }
    return this.#samples.subarray(0, frames);
  }

  load(bytes: Uint8Array): void {
    this.#bytes.set(bytes);
  }
}

const workshops = new Pool(() => new Workshop());

/**
 * Brings channels apart.
 *
 * @param bytes whole frames: a sample of each channel in turn
 * @param channels arrays of as many samples as there are frames
 */
export function deinterleave(
  bytes: Uint8Array,
  channels: readonly Float32Array[],
  encoding: Encoding,
): void {
  const step = channels.length * encoding.bytes;
  workshops.with(undefined, (workshop) => {
    for (let start = 0; start < channels[0].length; start += BLOCK) {
      const frames = Math.min(BLOCK, channels[0].length - start);
      workshop.load(bytes.subarray(start * step, (start + frames) * step));
      channels.forEach((channel, c) =>
        channel.set(workshop.convert(frames, encoding, { at: c * encoding.bytes, step }), start)
      );
    }
  });
}
