/**
 * Random tensors inside compiled functions, by TensorFlow's stateless operations (Philox, Salmon et al.
 * 2011): the seed is a tensor, so it can change from call to call; equal seeds give equal numbers.
 */
import { tf } from "./backend.ts";
import { attribute, runOperation } from "./operations.ts";
import { SourceLine } from "./source_line.ts";

/** TensorFlow.js's own random operations, by the names of the scopes that they open. */
const RANDOM_SCOPE = /^(dropout|multinomial|rand|random[A-Z]\w*|truncatedNormal)__op$/;

/**
 * Runs an action in which TensorFlow.js's own random operations are errors: they draw in JavaScript, once, and a
 * compiled function would give the numbers of its trace again at every call.
 */
export function withoutUnseededRandomness<T>(action: () => T): T {
  const engine = tf.engine(), startScope = engine.startScope;
  engine.startScope = (name?: string) => {
    const operation = name?.match(RANDOM_SCOPE)?.[1];
    if (operation) {
      throw new Error(
        `tf.${operation} is called at ${new SourceLine()} while the function is compiled: its numbers would be the ` +
          "same at every call; draw them from a RandomStream whose seed is an argument",
      );
    }
    startScope.call(engine, name);
  };
  try {
    return action();
  } finally {
    engine.startScope = startScope;
  }
}

/** Deals out independent random tensors; the k-th is the same whenever the seed is the same. */
export class RandomStream {
  readonly #seed: tf.Tensor1D;
  #dealt = 0;

  /** @param seed int32 [2] */
  constructor(seed: tf.Tensor1D) {
    if (seed.dtype !== "int32" || seed.shape[0] !== 2) {
      throw new TypeError(
        `a seed is an int32 tensor of shape [2], not ${seed.dtype} [${seed.shape}]`,
      );
    }
    this.#seed = seed;
  }

  /** Uniform on [0, 1), float32, of the given shape. */
  uniform(shape: number[]): tf.Tensor {
    return this.#draw("StatelessRandomUniform", shape);
  }

  /** Standard normal, float32, of the given shape. */
  normal(shape: number[]): tf.Tensor {
    return this.#draw("StatelessRandomNormal", shape);
  }

  #draw(operation: string, shape: number[]): tf.Tensor {
    // Philox mixes the whole seed, so neighbouring seeds give unrelated numbers
    const seed = tf.add(this.#seed, tf.tensor1d([0, 0x9e37 * ++this.#dealt], "int32"));
    return runOperation(operation, [tf.tensor1d(shape, "int32"), seed], {
      attributes: [
        attribute.type("dtype", "float32"),
        attribute.type("T", "int32"),
        attribute.type("Tseed", "int32"),
      ],
    })[0];
  }
}
