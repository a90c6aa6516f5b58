/** Medians of a window that slides along an axis of a matrix. */
import { bits, compileModule, f32x4, type FunctionBuilder, Heap, i32 } from "../core/wasm.ts";
import { Pool } from "../core/pool.ts";

/** Bytes of a number in each of four signals that are filtered at once. */
const QUAD = 16, LANES = 4;

const instantiate = compileModule({
  /**
   * For each of `steps` numbers: takes the number `size` places before it out of a sorted window, puts it in, and
   * writes the window's element at `rank`. The window ends with infinity. Removing and inserting are one sweep of
   * comparisons without a branch, so that four signals can share it.
   */
  slide: {
    parameters: 6,
    build(f: FunctionBuilder) {
      const [window, size, rank, signal, to, steps] = [0, 1, 2, 3, 4, 5].map((k) => f.parameter(k));
      const bytes = (count: typeof size) => i32.mul(count.get, i32.const(QUAD));
      const ahead = f.let("i32", bytes(size));
      const end = f.let("i32", i32.add(to.get, bytes(steps)));
      const windowEnd = f.let("i32", i32.add(window.get, ahead.get));
      const middle = f.let("i32", i32.add(window.get, bytes(rank)));
      const at = f.local("i32");
      const [old, fresh, current, next, kept, before] = Array.from(
        { length: 6 },
        () => f.local("v128"),
      );
      f.loop(to, { below: end.get, step: i32.const(QUAD) }, () => {
        f.run(
          old.set(f32x4.load(signal.get)),
          fresh.set(f32x4.load(i32.add(signal.get, ahead.get))),
          before.set(fresh.get), // nothing lies before the first: max(fresh, before) is to be fresh
          current.set(f32x4.load(window.get)),
          at.set(window.get),
        );
        f.loop(at, { below: windowEnd.get, step: i32.const(QUAD) }, () => {
          f.run(
            next.set(f32x4.load(at.get, QUAD)),
            kept.set(bits.select(current.get, next.get, f32x4.less(current.get, old.get))),
            f32x4.store(at.get, f32x4.min(f32x4.max(fresh.get, before.get), kept.get)),
            before.set(kept.get),
            current.set(next.get),
          );
        });
        f.run(
          f32x4.store(to.get, f32x4.load(middle.get)),
          signal.set(i32.add(signal.get, i32.const(QUAD))),
        );
      });
    },
  },
});

/** Filters four signals at once. */
class QuadFilter {
  readonly #heap = new Heap();
  readonly #slide = instantiate(this.#heap.memory).slide;
  readonly #window: number;
  #places = { signal: 0, out: 0, length: 0 };

  constructor(readonly size: number) {
    this.#window = this.#heap.take(QUAD * (size + 1));
  }

  /** The signals' numbers, alternating, behind a window of infinities; and their medians, `size - 1` late. */
  views(length: number): { signals: Float32Array; medians: Float32Array } {
    const { size } = this;
    if (this.#places.length < length) {
      const signal = this.#heap.take(QUAD * (length + size)), out = this.#heap.take(QUAD * length);
      this.#places = { signal, out, length };
    }
    const view = (at: number, count: number) =>
      new Float32Array(this.#heap.memory.buffer, at, LANES * count);
    view(this.#window, size + 1).fill(Infinity);
    view(this.#places.signal, size).fill(Infinity);
    return {
      signals: view(this.#places.signal + QUAD * size, length),
      medians: view(this.#places.out + QUAD * (size - 1), length - size + 1),
    };
  }

  run(length: number): void {
    const { signal, out } = this.#places;
    this.#slide(this.#window, this.size, this.size >> 1, signal, out, length);
  }
}

const filters = new Pool((size: number) => new QuadFilter(size));

/** Which way the window slides over a matrix whose rows lie one after the other. */
export interface RunningMedianOptions {
  rows: number;
  columns: number;
  /** Numbers in the window, at least 1. Of an even number the upper middle one counts, and it lies to the right. */
  size: number;
  /** 0: down each column; 1: along each row. */
  axis: 0 | 1;
}

/**
 * The running median of every column or row, mirrored at its ends (the last number twice), as
 * `scipy.ndimage.median_filter` with a window of one line and its default mode.
 *
 * @param x [rows, columns], rows one after the other, no NaN
 * @returns as many medians
 * @throws RangeError when the size is no whole number above 0
 */
export function runningMedian(
  x: Float32Array,
  { rows, columns, size, axis }: RunningMedianOptions,
): Float32Array {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`cannot take medians of ${size} numbers`);
  }
  const [length, step] = axis === 0 ? [rows, columns] : [columns, 1];
  const [signals, apart] = axis === 0 ? [columns, 1] : [rows, columns];
  const source = mirrored(length, size), out = new Float32Array(x.length);
  filters.with(size, (filter) => {
    for (let first = 0; first < signals; first += LANES) {
      const count = Math.min(LANES, signals - first);
      const { signals: quad, medians } = filter.views(source.length);
      for (let lane = 0; lane < count; lane++) {
        const base = (first + lane) * apart;
        for (let t = 0, to = lane; t < source.length; t++, to += LANES) {
          quad[to] = x[base + step * source[t]];
        }
      }
      filter.run(source.length);
      for (let lane = 0; lane < count; lane++) {
        for (let t = 0, at = (first + lane) * apart; t < length; t++, at += step) {
          out[at] = medians[LANES * t + lane];
        }
      }
    }
  });
  return out;
}

/** Where each number of a signal comes from that is continued on both sides: ... b a | a b c | c b ... */
function mirrored(length: number, size: number): Int32Array {
  const before = size >> 1, period = 2 * length;
  return Int32Array.from({ length: length + size - 1 }, (_, t) => {
    const place = (((t - before) % period) + period) % period;
    return place < length ? place : period - 1 - place;
  });
}
