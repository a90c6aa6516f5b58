/** A network that answers: batches of spectrograms to logits. */
import { binding, compile, tf } from "../nn/engine/mod.ts";
import { INFERENCE, type Layer } from "../nn/layer.ts";
import { weightsOf } from "./parameters.ts";

/** Gives the outputs (logits, [count, 11], unless the network is another one) of `count` spectrograms [count, bands, frames, 1]. */
export type Predictor = (
  input: Float32Array,
  shape: { count: number; bands: number; frames: number },
) => Promise<Float32Array>;

/** Spectrograms in one call of the network. */
const BATCH = 64;

/**
 * Compiles the network for inference where the native engine runs, and runs it operation by operation elsewhere.
 *
 * @param readWeights the weights: tensors that stay as they are, or variables read anew at every call
 */
export function makePredictor(
  network: Layer,
  readWeights: () => ReadonlyMap<string, tf.Tensor>,
): Predictor {
  const forward = (x: tf.Tensor) => network.apply(weightsOf(readWeights()), x, INFERENCE);
  const compiled = binding && compile((x: tf.Tensor) => [forward(x)], { name: "predict" });
  const run = async (x: tf.Tensor) =>
    compiled ? (await compiled.inBackground(x))[0] : tf.tidy(() => forward(x));

  return async (input, { count, bands, frames }) => {
    const size = bands * frames;
    let all = new Float32Array(0);
    for (let from = 0; from < count; from += BATCH) {
      const rows = Math.min(BATCH, count - from);
      // the last batch is filled up where there were full ones before: one trace serves all
      const padded = count > BATCH ? BATCH : rows;
      const values = new Float32Array(padded * size);
      values.set(input.subarray(from * size, (from + rows) * size));
      const x = tf.tensor4d(values, [padded, bands, frames, 1]);
      const y = await run(x);
      const own = await y.data() as Float32Array;
      const outputs = own.length / padded;
      if (from === 0) all = new Float32Array(count * outputs);
      all.set(own.subarray(0, rows * outputs), from * outputs);
      tf.dispose([x, y]);
    }
    return all;
  };
}

/** Probabilities of logits. */
export function sigmoid(logits: Float32Array): Float32Array {
  return logits.map((z) => 1 / (1 + Math.exp(-z)));
}
