/** How long networks take for sounds of any length: with random weights, as numbers take the same time whatever they are. */
import { randomFrom } from "../core/random.ts";
import type { Spectrogram } from "../dsp/mel.ts";
import { networkInput } from "../features/bytes.ts";
import { chunk, chunkFrames } from "../features/chunks.ts";
import { type FrontEnd, melOf } from "../features/front_end.ts";
import { forwardCost } from "../nn/cost.ts";
import { binding, compile, type Compiled, tf } from "../nn/engine/mod.ts";
import { INFERENCE, parameterCount } from "../nn/layer.ts";
import type { RunConfig } from "../train/config.ts";
import { buildNetwork, type Network } from "../train/model.ts";
import { weightsOf } from "../train/parameters.ts";

/** A network and what it hears. */
export interface TimedSettings {
  model: RunConfig["model"];
  frontEnd: FrontEnd;
}

/** What a network is and needs, whatever machine it runs on. */
export interface NetworkCost {
  parameters: number;
  /** Of one piece. */
  multiplyAccumulates: number;
  /** Length of a piece, s. */
  pieceSeconds: number;
}

/**
 * Counts a network, head and all.
 *
 * @throws Error where there is no native library
 */
export function networkCost({ model, frontEnd }: TimedSettings): NetworkCost {
  const network = buildNetwork(model), frames = chunkFrames(frontEnd);
  const { multiplyAccumulates } = forwardCost(network, [1, frontEnd.nMels, frames, 1]);
  const pieceSeconds = frames * frontEnd.hopLength / frontEnd.sampleRate;
  return { parameters: parameterCount(network), multiplyAccumulates, pieceSeconds };
}

/** Sound that goes through a network at once, s: what fills the device, and not its memory. */
const AT_ONCE = { processor: 24, gpu: 192 };

/** Pieces of a length that go through a network at once on the device that is in use, at least one. */
export function timedBatch(pieceSeconds: number): number {
  const seconds = binding?.isUsingGpuDevice() ? AT_ONCE.gpu : AT_ONCE.processor;
  return Math.max(1, Math.floor(seconds / pieceSeconds + 1e-6));
}

/**
 * Rows that `rows` pieces are computed as. A GPU's libraries search for the fastest way of every convolution at every new
 * number of rows, which takes seconds; there a power of two is filled up with zeros, so that there are few numbers.
 */
export function rowsAtOnce(
  rows: number,
  batch: number,
  fillsUp = binding?.isUsingGpuDevice() ?? false,
): number {
  return fillsUp ? Math.min(batch, 2 ** Math.ceil(Math.log2(rows))) : rows;
}

/** A network that is ready to be timed. */
export class TimedNetwork implements Disposable {
  readonly #network: Network;
  readonly #frontEnd: FrontEnd;
  readonly #weights: ReadonlyMap<string, tf.Tensor>;
  readonly #compiled: Compiled<[tf.Tensor], tf.Tensor[]>;
  readonly #batch: number;
  readonly #fillsUp: boolean | undefined;

  /**
   * @param options.batch pieces at once
   * @param options.fillsUp whether the last ones are filled up ({@link rowsAtOnce}). Default: on a GPU
   */
  constructor(
    { model, frontEnd }: TimedSettings,
    { batch, fillsUp }: { batch: number; fillsUp?: boolean },
  ) {
    this.#network = buildNetwork(model);
    this.#frontEnd = frontEnd;
    this.#batch = batch;
    this.#fillsUp = fillsUp;
    const random = randomFrom("timed network");
    this.#weights = new Map(
      this.#network.parameters.map(({ name, shape, initial }) => [
        name,
        tf.tensor(initial(shape, random.fork(name)), shape),
      ]),
    );
    const weights = weightsOf(this.#weights);
    this.#compiled = compile((x: tf.Tensor) => [this.#network.apply(weights, x, INFERENCE)]);
  }

  /**
   * The logits of a spectrogram's pieces, `[pieces, 11]`: full batches, then one of what is left.
   *
   * @param heard a spectrogram of the front end, or samples at its rate, which are analysed first
   */
  async hear(heard: Spectrogram | Float32Array): Promise<Float32Array> {
    const frontEnd = this.#frontEnd;
    const mel = heard instanceof Float32Array ? melOf(heard, frontEnd) : heard;
    const pieces = chunk([mel], frontEnd), { count, nMels, chunkFrames } = pieces;
    const input = networkInput(pieces.data, frontEnd), size = nMels * chunkFrames;
    let logits = new Float32Array(0);
    for (let from = 0; from < count; from += this.#batch) {
      const rows = Math.min(this.#batch, count - from);
      const computed = rowsAtOnce(rows, this.#batch, this.#fillsUp);
      let values = input.subarray(from * size, (from + rows) * size);
      if (computed > rows) {
        const filled = new Float32Array(computed * size);
        filled.set(values);
        values = filled;
      }
      const x = tf.tensor4d(values, [computed, nMels, chunkFrames, 1]);
      const [y] = await this.#compiled.inBackground(x);
      const own = await y.data() as Float32Array, outputs = own.length / computed;
      if (from === 0) logits = new Float32Array(count * outputs);
      logits.set(own.subarray(0, rows * outputs), from * outputs);
      tf.dispose([x, y]);
    }
    return logits;
  }

  [Symbol.dispose](): void {
    this.#compiled.dispose();
    tf.dispose([...this.#weights.values()]);
  }
}
