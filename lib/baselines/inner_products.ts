/** Inner products of many rows, in WebAssembly SIMD. */
import { compileModule, f64, f64x2, Heap, i32 } from "../core/wasm.ts";
import { rowCount, type Rows } from "./rows.ts";

const DOUBLE = 8, PAIR = 16;

const instantiate = compileModule({
  /** Of one row with those from `rows` on, all `bytes` long. */
  products: {
    parameters: 5,
    build(f) {
      const [row, rows, to, end, bytes] = [0, 1, 2, 3, 4].map((k) => f.parameter(k));
      const at = f.local("i32"), rowEnd = f.let("i32", i32.add(row.get, bytes.get));
      const sum = f.local("v128");
      f.loop(to, { below: end.get, step: i32.const(DOUBLE) }, () => {
        f.run(at.set(row.get), sum.set(f64x2.const(0)));
        f.loop(at, { below: rowEnd.get, step: i32.const(PAIR) }, () => {
          const product = f64x2.mul(f64x2.load(at.get), f64x2.load(rows.get));
          f.run(sum.set(f64x2.add(sum.get, product)));
          f.run(rows.set(i32.add(rows.get, i32.const(PAIR))));
        });
        f.run(f64.store(to.get, f64.add(f64x2.lane(sum.get, 0), f64x2.lane(sum.get, 1))));
      });
    },
  },
});

/** Rows that stay, to be multiplied with others. */
export class InnerProducts {
  readonly #heap = new Heap();
  readonly #run = instantiate(this.#heap.memory);
  readonly #width: number;
  readonly #rows: number;
  readonly #row: number;
  readonly #out: number;

  constructor(rows: Rows) {
    const count = rowCount(rows), { columns, values } = rows;
    this.#width = columns + columns % 2;
    this.#rows = this.#heap.take(count * this.#width * DOUBLE);
    this.#row = this.#heap.take(this.#width * DOUBLE);
    this.#out = this.#heap.take(count * DOUBLE);
    const kept = this.#heap.view(this.#rows, count * this.#width);
    for (let k = 0; k < count; k++) {
      kept.set(values.subarray(k * columns, (k + 1) * columns), k * this.#width);
    }
  }

  /** The products of a row with the first `count` of those that stay. Good until the next call. */
  with(row: Float64Array, count: number): Float64Array {
    this.#heap.view(this.#row, this.#width).set(row);
    const end = this.#out + count * DOUBLE;
    this.#run.products(this.#row, this.#rows, this.#out, end, this.#width * DOUBLE);
    return this.#heap.view(this.#out, count);
  }
}
