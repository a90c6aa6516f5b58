/**
 * A matrix of rows times a few weight vectors, and back: what every step of a linear model's fit asks for.
 *
 * Both products are done block by block, so that the rows come from memory once a step; the kernels are WebAssembly
 * (SIMD, doubles).
 */
import {
  type Code,
  compileModule,
  f64,
  f64x2,
  type FunctionBuilder,
  Heap,
  i32,
  type Local,
} from "../core/wasm.ts";
import { rowAt, rowCount, type Rows } from "./rows.ts";

/** Rows of a block: few enough for the cache nearest to the core, many enough to keep sums in registers. */
const BLOCK = 32;
/** Rows and vectors that a kernel takes at once, and doubles of a row that one turn of its loop handles. */
const ROWS = 4, VECTORS = 2, DOUBLES = 8;

/** Bytes that are more than what the scores take. */
const MARGIN = 2 ** 20;

const times = (count: number) => Array.from({ length: count }, (_, k) => k);
const roundUp = (x: number, step: number) => Math.ceil(x / step) * step;

/** Pointers to neighbouring rows of a matrix, each `stride` bytes after the one before. */
function pointers(
  f: FunctionBuilder,
  first: Code,
  { count, stride }: { count: number; stride: Code },
) {
  const all: Local[] = [];
  for (const k of times(count)) {
    all.push(f.let("i32", k === 0 ? first : i32.add(all[k - 1].get, stride)));
  }
  return all;
}

/**
 * What both kernels are told, in bytes: where the rows begin and end and how long one is; where the vectors (or the
 * totals) are, as long as the rows; where the scores (or the factors) are and how long a row of them is.
 */
function parametersOf(f: FunctionBuilder) {
  const [x, xEnd, rowBytes, vectors, scores, scoreBytes] = times(6).map((k) => f.parameter(k));
  return { x, xEnd, rowBytes, vectors, scores, scoreBytes };
}

/** scores[row, vector] = the row's dot product with the vector. */
function buildScores(f: FunctionBuilder): void {
  const { x, xEnd, rowBytes, vectors, scores, scoreBytes } = parametersOf(f);
  const row = f.let("i32", x.get), out = f.let("i32", scores.get);
  const vector = f.local("i32"), place = f.local("i32"), k = f.local("i32");
  const sums = times(ROWS * VECTORS).map(() => f.local("v128"));
  const values = times(VECTORS).map(() => f.local("v128")), value = f.local("v128");
  const several = (bytes: Local, count: number) => i32.mul(bytes.get, i32.const(count));
  f.loop(row, { below: xEnd.get, step: several(rowBytes, ROWS) }, () => {
    f.run(vector.set(vectors.get), place.set(i32.const(0)));
    f.loop(place, { below: scoreBytes.get, step: i32.const(8 * VECTORS) }, () => {
      const rowAt = pointers(f, row.get, { count: ROWS, stride: rowBytes.get });
      const vectorAt = pointers(f, vector.get, { count: VECTORS, stride: rowBytes.get });
      for (const sum of sums) f.run(sum.set(f64x2.const(0)));
      f.run(k.set(i32.const(0)));
      f.loop(k, { below: rowBytes.get, step: i32.const(8 * DOUBLES) }, () => {
        for (const offset of times(DOUBLES / 2).map((pair) => 16 * pair)) {
          const load = (at: Local) => f64x2.load(i32.add(at.get, k.get), offset);
          vectorAt.forEach((at, v) => f.run(values[v].set(load(at))));
          rowAt.forEach((at, r) => {
            f.run(value.set(load(at)));
            values.forEach((own, v) => {
              const sum = sums[VECTORS * r + v];
              f.run(sum.set(f64x2.add(sum.get, f64x2.mul(value.get, own.get))));
            });
          });
        }
      });
      const outAt = pointers(f, i32.add(out.get, place.get), {
        count: ROWS,
        stride: scoreBytes.get,
      });
      sums.forEach((sum, s) => {
        const total = f64.add(f64x2.lane(sum.get, 0), f64x2.lane(sum.get, 1));
        f.run(f64.store(outAt[Math.floor(s / VECTORS)].get, total, 8 * (s % VECTORS)));
      });
      f.run(vector.set(i32.add(vector.get, several(rowBytes, VECTORS))));
    });
    f.run(out.set(i32.add(out.get, several(scoreBytes, ROWS))));
  });
}

/** totals[vector] += the rows' sum, each times its entry of factors[row, vector]. */
function buildTotals(f: FunctionBuilder): void {
  const { x, xEnd, rowBytes, vectors: totals, scores: factors, scoreBytes } = parametersOf(f);
  const k = f.let("i32", i32.const(0)), place = f.local("i32"), row = f.local("i32");
  const total = f.local("i32"), factor = f.local("i32");
  const pairs = DOUBLES / 2, sums = times(VECTORS * pairs).map(() => f.local("v128"));
  const splats = times(VECTORS).map(() => f.local("v128")), value = f.local("v128");
  f.loop(k, { below: rowBytes.get, step: i32.const(8 * DOUBLES) }, () => {
    f.run(total.set(i32.add(totals.get, k.get)), place.set(i32.const(0)));
    f.loop(place, { below: scoreBytes.get, step: i32.const(8 * VECTORS) }, () => {
      const totalAt = pointers(f, total.get, { count: VECTORS, stride: rowBytes.get });
      const placeOf = (s: number) =>
        [totalAt[Math.floor(s / pairs)].get, 16 * (s % pairs)] as const;
      sums.forEach((sum, s) => f.run(sum.set(f64x2.load(...placeOf(s)))));
      f.run(factor.set(i32.add(factors.get, place.get)), row.set(i32.add(x.get, k.get)));
      f.loop(row, { below: xEnd.get, step: rowBytes.get }, () => {
        splats.forEach((splat, v) => f.run(splat.set(f64x2.loadSplat(factor.get, 8 * v))));
        for (const pair of times(pairs)) {
          f.run(value.set(f64x2.load(row.get, 16 * pair)));
          splats.forEach((splat, v) => {
            const sum = sums[v * pairs + pair];
            f.run(sum.set(f64x2.add(sum.get, f64x2.mul(value.get, splat.get))));
          });
        }
        f.run(factor.set(i32.add(factor.get, scoreBytes.get)));
      });
      sums.forEach((sum, s) => {
        const [at, offset] = placeOf(s);
        f.run(f64x2.store(at, sum.get, offset));
      });
      f.run(total.set(i32.add(total.get, i32.mul(rowBytes.get, i32.const(VECTORS)))));
    });
  });
}

const instantiate = compileModule({
  scores: { parameters: 6, build: buildScores },
  totals: { parameters: 6, build: buildTotals },
});

/** Turns the scores of one row into the factors with which the row goes into the totals, in place. */
export type Turn = (scores: Float64Array, row: number) => void;

/** Rows that are kept where the kernels reach them. */
export class RowProducts {
  readonly #heap = new Heap();
  readonly #kernels = instantiate(this.#heap.memory);
  readonly #rows: number;
  readonly #columns: number;
  readonly #width: number;
  readonly #vectors: number;
  readonly #stride: number;
  readonly #x: number;
  readonly #weights: number;
  readonly #totals: number;
  readonly #scores: number;

  /**
   * @param vectors how many weight vectors there are
   * @throws RangeError when the rows take 2 GiB or more, which the kernels' addresses do not reach
   */
  constructor(rows: Rows, vectors: number) {
    this.#rows = rowCount(rows);
    this.#columns = rows.columns;
    this.#width = roundUp(rows.columns, DOUBLES);
    this.#vectors = vectors;
    this.#stride = roundUp(vectors, VECTORS);
    const table = this.#stride * this.#width;
    // columns are filled up with zeros, which leave every sum as it is, rows with what the scores' kernel may read
    const size = roundUp(this.#rows, ROWS) * this.#width;
    if (8 * (size + 2 * table) + MARGIN >= 2 ** 31) {
      throw new RangeError(
        `cannot take ${this.#rows} rows of ${this.#columns} columns: they need 2 GiB or more; take fewer`,
      );
    }
    this.#x = this.#heap.take(8 * size);
    this.#weights = this.#heap.take(8 * table);
    this.#totals = this.#heap.take(8 * table);
    this.#scores = this.#heap.take(8 * BLOCK * this.#stride);
    const x = this.#heap.view(this.#x, size);
    for (let row = 0; row < this.#rows; row++) x.set(rowAt(rows, row), row * this.#width);
  }

  /**
   * Scores every row, has `turn` make factors of the scores, and sums up the rows by them.
   *
   * @param weights `vectors x columns`
   * @param options.totals `vectors x columns`, where the sums go
   */
  pass(weights: Float64Array, { totals, turn }: { totals: Float64Array; turn: Turn }): void {
    const table = this.#stride * this.#width, rowBytes = 8 * this.#width;
    const [w, sums] = [this.#weights, this.#totals].map((at) => this.#heap.view(at, table));
    const scores = this.#heap.view(this.#scores, BLOCK * this.#stride);
    const views = times(BLOCK).map((k) =>
      scores.subarray(k * this.#stride, k * this.#stride + this.#vectors)
    );
    for (let v = 0; v < this.#vectors; v++) {
      w.set(weights.subarray(v * this.#columns, (v + 1) * this.#columns), v * this.#width);
    }
    sums.fill(0);
    for (let first = 0; first < this.#rows; first += BLOCK) {
      const count = Math.min(BLOCK, this.#rows - first);
      const x = this.#x + first * rowBytes, end = x + count * rowBytes;
      const factors = [this.#scores, 8 * this.#stride];
      this.#kernels.scores(x, end, rowBytes, this.#weights, ...factors);
      for (let k = 0; k < count; k++) turn(views[k], first + k);
      this.#kernels.totals(x, end, rowBytes, this.#totals, ...factors);
    }
    for (let v = 0; v < this.#vectors; v++) {
      const own = sums.subarray(v * this.#width, v * this.#width + this.#columns);
      totals.set(own, v * this.#columns);
    }
  }
}
