/** The updates of a run, one after the other, and the batches that each of them takes. */
import type { Batch, BatchSource } from "./batches.ts";
import type { RunConfig } from "./config.ts";
import type { BatchOptions, Learner } from "./learner.ts";

/** Updates of an epoch and of the whole run, and batches of an epoch. */
export interface StepCounts {
  perEpoch: number;
  all: number;
  /** Some may be left over, where an update takes several. */
  batchesPerEpoch: number;
}

/**
 * Counts what a run takes. The last update of an epoch is left out where it is not full.
 *
 * @param clips examples of an epoch
 * @throws RangeError where there is not one full update
 */
export function countSteps(config: RunConfig, clips: number): StepCounts {
  const { accumulate = 1, batchSize, epochs } = config;
  const batchesPerEpoch = Math.floor(clips / batchSize);
  const perEpoch = Math.floor(batchesPerEpoch / accumulate);
  if (perEpoch === 0) {
    const [what, smaller] = accumulate === 1 ? [`one batch of ${batchSize}`, "batchSize"] : [
      `the ${accumulate} batches of ${batchSize} that make an update`,
      "batchSize or accumulate",
    ];
    throw new RangeError(`${clips} clips do not fill ${what}; set a smaller ${smaller}`);
  }
  return { perEpoch, all: perEpoch * epochs, batchesPerEpoch };
}

/** Makes the updates of a run in their order. */
export class Updates {
  readonly #learner: Learner;
  readonly #batches: BatchSource;
  readonly #accumulate: number;
  readonly #shape: BatchOptions["shape"];
  readonly #numbers: Iterator<number>;
  #step: number;
  #coming?: { batch: Promise<Batch>; number: number };

  /** @param options.first updates that were made before */
  constructor(
    learner: Learner,
    batches: BatchSource,
    { config, first }: { config: RunConfig; first: number },
  ) {
    const { accumulate = 1, batchSize } = config;
    this.#learner = learner;
    this.#batches = batches;
    this.#accumulate = accumulate;
    this.#shape = [batchSize, batches.bands, batches.frames, 1];
    this.#step = first;
    const steps = countSteps(config, batches.examples);
    this.#numbers = batchNumbers({ steps, accumulate, first });
    this.#begin();
  }

  /**
   * Makes the next one. The batch after each is made while the network learns from it.
   *
   * @returns the mean loss of its batches
   */
  async make(options: Pick<BatchOptions, "learningRate" | "headOnly">): Promise<number> {
    let loss = 0;
    for (let k = 0; k < this.#accumulate; k++) {
      const { batch, number } = this.#coming!;
      const learning = this.#learner.learn(await batch, {
        ...options,
        shape: this.#shape,
        step: this.#step,
        number,
        last: k === this.#accumulate - 1,
      });
      this.#begin();
      loss += await learning / this.#accumulate;
    }
    this.#step++;
    return loss;
  }

  /** Begins with the next batch, if any. */
  #begin(): void {
    const { value: number, done } = this.#numbers.next();
    this.#coming = done ? undefined : { number, batch: this.#batches.at(number) };
    this.#coming?.batch.catch(() => {}); // its failure is told when it is awaited
  }
}

/** The numbers of the batches from an update on. What an epoch has left over is left out. */
function* batchNumbers(
  { steps: { perEpoch, all, batchesPerEpoch }, accumulate, first }: {
    steps: StepCounts;
    accumulate: number;
    first: number;
  },
): Generator<number, void> {
  for (let step = first; step < all; step++) {
    const start = Math.floor(step / perEpoch) * batchesPerEpoch + (step % perEpoch) * accumulate;
    for (let k = 0; k < accumulate; k++) yield start + k;
  }
}
