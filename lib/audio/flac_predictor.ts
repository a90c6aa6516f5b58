/** Linear prediction in FLAC's whole numbers (RFC 9639, section 9.2.6), as a WebAssembly kernel. */
import { compileModule, type FunctionBuilder, Heap, i32, i64 } from "../core/wasm.ts";

/** The longest predictor, and the steps in which kernels are made for shorter ones. */
const LONGEST = 32, STEP = 4;

/** Samples of a frame at most. */
const LARGEST_BLOCK = 65536;

/** Bytes of a number. */
const INTEGER = 4;

/**
 * Adds to each number the prediction from those before it, for predictors of up to `order` numbers. In transposed
 * form: each number, once known, is added to the predictions that it takes part in, which are variables. 25 bits of
 * a sample times 15 of a coefficient need more than 32.
 */
function kernel(order: number) {
  return {
    parameters: 5,
    build(f: FunctionBuilder) {
      const [at, warm, end, coefficients, shift] = [0, 1, 2, 3, 4].map((k) => f.parameter(k));
      const bits = f.let("i64", i64.extend(shift.get)), x = f.local("i64");
      const predictions = Array.from({ length: order }, () => f.let("i64", i64.const(0)));
      const factors = predictions.map((_, k) =>
        f.let("i64", i64.load32(coefficients.get, k * INTEGER))
      );
      const contribute = () =>
        predictions.forEach((prediction, k) => {
          const part = i64.mul(factors[k].get, x.get);
          f.run(prediction.set(k + 1 < order ? i64.add(predictions[k + 1].get, part) : part));
        });
      f.loop(at, { below: warm.get, step: i32.const(INTEGER) }, () => {
        f.run(x.set(i64.load32(at.get)));
        contribute();
      });
      f.loop(at, { below: end.get, step: i32.const(INTEGER) }, () => {
        const predicted = i64.shiftRight(predictions[0].get, bits.get);
        f.run(x.set(i64.add(i64.load32(at.get), predicted)), i64.store32(at.get, x.get));
        contribute();
      });
    },
  };
}

const instantiate = compileModule(Object.fromEntries(
  Array.from({ length: LONGEST / STEP }, (_, k) => (k + 1) * STEP)
    .map((order) => [order, kernel(order)]),
));

/** A predictor. */
export interface Prediction {
  /** Weights of the number before, the one before that, and so on: 32 at most. */
  coefficients: ArrayLike<number>;
  /** Bits by which the weighted sum is shifted to the right. */
  shift: number;
}

/** Memory for a frame's samples, in which predictions are added. */
export class FlacPredictor {
  /** By channel. */
  readonly samples: Int32Array[];
  readonly #kernels: ReturnType<typeof instantiate>;
  readonly #places: number[];
  readonly #coefficients: { at: number; numbers: Int32Array };

  constructor(channels: number) {
    const heap = new Heap(), { memory } = heap;
    this.#places = Array.from({ length: channels }, () => heap.take(INTEGER * LARGEST_BLOCK));
    const at = heap.take(INTEGER * LONGEST);
    this.samples = this.#places.map((at) => new Int32Array(memory.buffer, at, LARGEST_BLOCK));
    this.#coefficients = { at, numbers: new Int32Array(memory.buffer, at, LONGEST) };
    this.#kernels = instantiate(memory);
  }

  /**
   * Turns what predictions missed into samples.
   *
   * @param channel whose samples begin with as many true ones as there are coefficients
   * @param options.size of the frame
   */
  predict(
    channel: number,
    { coefficients, shift, size }: Prediction & { size: number },
  ): void {
    const order = coefficients.length, at = this.#places[channel];
    if (order === 0) return;
    this.#coefficients.numbers.fill(0).set(coefficients);
    const run = this.#kernels[Math.ceil(order / STEP) * STEP];
    const [warm, end] = [order, size].map((count) => at + INTEGER * count);
    run(at, warm, end, this.#coefficients.at, shift);
  }
}
