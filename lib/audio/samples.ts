/** Samples as files keep them, brought into arrays of their channels and looked at by WebAssembly kernels. */
import { bits, compileModule, f32x4, Heap, i32, i32x4, type Local } from "../core/wasm.ts";

/** How a sample is kept, little-endian. */
export interface Encoding {
  /** Bytes of a sample: 4 of floats, 1 to 4 of integers. */
  bytes: number;
  kind: "signed" | "unsigned" | "float";
}

/** Magnitude from which on a sample is damage, not sound; full scale is 1. */
const ABSURD = 4;

/** Bytes of a file that is read into memory which is kept: fresh memory costs more than reading into it. */
const MOST_KEPT = 2 ** 24;

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
  /**
   * Floats of two channels beside each other, the second one's written `behind` bytes after the first one's, and the
   * largest magnitudes of both, as `largest` finds them.
   */
  floats: {
    parameters: 6,
    build(f) {
      const [from, step, to, end, behind, most] = [0, 1, 2, 3, 4, 5].map((k) => f.parameter(k));
      const halves = [f.local("v128"), f.local("v128")];
      const largest = f.let("v128", bits.const(0n));
      f.loop(to, { below: end.get, step: i32.const(LANES * SINGLE) }, () => {
        for (const half of halves) {
          const one = f32x4.loadHalf(from.get, f32x4.const(0), 0);
          f.run(half.set(f32x4.loadHalf(i32.add(from.get, step.get), one, 1)));
          f.run(from.set(i32.add(from.get, i32.mul(step.get, i32.const(2)))));
          f.run(largest.set(i32x4.max(largest.get, bits.and(half.get, MAGNITUDES))));
        }
        const [a, b] = halves.map(({ get }) => get);
        f.run(f32x4.store(to.get, f32x4.everySecond(a, b, 0)));
        f.run(f32x4.store(i32.add(to.get, behind.get), f32x4.everySecond(a, b, 1)));
      });
      f.run(f32x4.store(most.get, largest.get));
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

const heap = new Heap(), kernels = instantiate(heap.memory);
// the last sample is read with the bytes behind it, and up to three frames too many
const FILE = heap.take(MOST_KEPT + ROOM), FROM = heap.take(2 * ROOM);
const TO = heap.take(2 * BLOCK * SINGLE), MOST = heap.take(LANES * SINGLE);

/** Room for a file: what lies here need not be copied to be brought apart. Good until the next file is read. */
export const fileRoom = new Uint8Array(heap.memory.buffer, FILE, MOST_KEPT);

const room = new Uint8Array(heap.memory.buffer, FROM, ROOM);
const converted = heap.singles(TO, 2 * BLOCK), largest = heap.singles(MOST, LANES);

/** Where in the kernels' memory some bytes lie, once they are there. */
function addressOf(bytes: Uint8Array): number {
  if (bytes.buffer === fileRoom.buffer) return bytes.byteOffset;
  room.set(bytes);
  return FROM;
}

/** A channel of some frames, and, of floats, the one beside it. Good until the next call. */
function convert(
  frames: number,
  { bytes, kind }: Encoding,
  { at, step }: { at: number; step: number },
): Float32Array[] {
  const end = TO + frames * SINGLE, channels = [converted.subarray(0, frames)];
  if (kind === "float") {
    kernels.floats(at, step, TO, end, BLOCK * SINGLE, MOST);
    return [...channels, converted.subarray(BLOCK, BLOCK + frames)];
  }
  kernels.integers(at, step, TO, end, 32 - 8 * bytes, kind === "unsigned" ? 1 << 31 : 0);
  return channels;
}

/** Whether the largest magnitudes that a kernel found are those of sound. */
const areSound = () => Math.max(...largest) < ABSURD; // of NaN it is NaN

/** @throws Error when a sample is no sound, which the kernels may suspect of what lies behind the samples */
function requireSound(samples: Float32Array, first: number): void {
  const t = samples.findIndex((x) => !(Math.abs(x) < ABSURD));
  if (t < 0) return;
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
  for (let start = 0; start < channels[0].length; start += BLOCK) {
    const frames = Math.min(BLOCK, channels[0].length - start);
    const block = addressOf(bytes.subarray(start * step, (start + frames) * step));
    for (let c = 0; c < channels.length;) {
      const own = convert(frames, encoding, { at: block + c * encoding.bytes, step });
      const suspect = encoding.kind === "float" && !areSound();
      for (const samples of own.slice(0, channels.length - c)) {
        if (suspect) requireSound(samples, first + start);
        channels[c++].set(samples, start);
      }
    }
  }
}

/** @throws Error when a sample is no number, or four times full scale or more */
export function checkSamples(channels: readonly Float32Array[]): void {
  for (const channel of channels) {
    for (let start = 0; start < channel.length; start += BLOCK) {
      const part = channel.subarray(start, start + BLOCK);
      converted.set(part);
      kernels.largest(TO, TO + Math.ceil(part.length / LANES) * LANES * SINGLE, MOST);
      if (!areSound()) requireSound(part, start);
    }
  }
}
