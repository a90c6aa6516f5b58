/** A network that learns from rows of features, few enough to be in memory as one tensor. */
import { rowCount, type Rows } from "../baselines/rows.ts";
import { randomFrom } from "../core/random.ts";
import { tf } from "../nn/engine/mod.ts";
import { INFERENCE, type Layer } from "../nn/layer.ts";
import { binaryCrossEntropy } from "../nn/losses/binary_cross_entropy.ts";
import { AdamW, type AdamWOptions } from "./adamw.ts";
import { Parameters, weightsOf } from "./parameters.ts";
import { type OneCycle, oneCycle } from "./schedule.ts";
import { trainingStep } from "./step.ts";

/** How {@link fitRows} trains. */
export interface FitRowsOptions {
  seed: number;
  epochs: number;
  /** Rows of a step; those at an epoch's end that fill no batch are left out of it. */
  batchSize: number;
  schedule: OneCycle;
  optimizer: AdamWOptions;
}

/** Rows of a matrix as a tensor, [rows, columns]. */
const tensorOf = (values: ArrayLike<number>, columns: number) =>
  tf.tensor2d(Float32Array.from(values), [values.length / columns, columns]);

/**
 * Trains with binary cross-entropy. Equal arguments give an equal network.
 *
 * @param network [batch, columns] to logits [batch, labels]
 * @param learn.targets 0 or 1, `rows x labels`
 * @returns what gives rows their probabilities, `rows x labels`
 * @throws RangeError where there is less than a batch; Error where the loss is no number any more
 */
export async function fitRows(
  network: Layer,
  { rows, targets }: { rows: Rows; targets: Uint8Array },
  { seed, epochs, batchSize, schedule, optimizer }: FitRowsOptions,
): Promise<(rows: Rows) => Float64Array> {
  const count = rowCount(rows), perEpoch = Math.floor(count / batchSize);
  if (perEpoch === 0) throw new RangeError(`${count} rows do not fill a batch of ${batchSize}`);
  const random = randomFrom(seed, "rows");
  const parameters = new Parameters(network.parameters, random.fork("parameters"));
  const adam = new AdamW(optimizer);
  const update = trainingStep({
    model: network,
    parameters,
    optimizer: adam,
    loss: binaryCrossEntropy,
  });
  const all = [tensorOf(rows.values, rows.columns), tensorOf(targets, targets.length / count)];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = random.fork("order", epoch).shuffle(Array(count).keys());
    for (let k = 0; k < perEpoch; k++) {
      const members = tf.tensor1d(order.slice(k * batchSize, (k + 1) * batchSize), "int32");
      const step = epoch * perEpoch + k, rate = oneCycle(step, epochs * perEpoch, schedule);
      const batch = all.map((values) => tf.gather(values, members));
      const further = [tf.scalar(rate), tf.scalar(step + 1)] as const;
      const seeds = tf.tensor1d([seed, step], "int32");
      const [loss] = await update.inBackground(batch[0], batch[1], ...further, seeds);
      const [value] = await loss.data();
      tf.dispose([members, ...batch, ...further, seeds, loss]);
      if (!Number.isFinite(value)) {
        throw new Error(
          `the loss is ${value} at step ${step + 1} (learning rate ${
            rate.toPrecision(3)
          }): train with a lower rate`,
        );
      }
    }
  }
  const weights = parameters.values();
  tf.dispose(all);
  for (const held of [parameters, adam, update]) held.dispose();
  return ({ values, columns }) => {
    const probabilities = tf.tidy(() => {
      const given = new Map([...weights].map(([k, v]) => [k, tf.tensor(v.data, v.shape)]));
      return network.apply(weightsOf(given), tensorOf(values, columns), INFERENCE).sigmoid();
    });
    const answer = Float64Array.from(probabilities.dataSync());
    probabilities.dispose();
    return answer;
  };
}
