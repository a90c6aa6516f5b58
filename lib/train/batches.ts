/** Batches of spectrograms, made on the processor while the step before them runs. */
import { type Random, randomFrom } from "../core/random.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { drawPartners, mixInto } from "../datasets/mixtures.ts";
import { trackWeights, WeightedSampler } from "../datasets/sampler.ts";
import { takeRows } from "../evaluation/threshold.ts";
import { byteInputs } from "../features/bytes.ts";
import type { FrontEnd } from "../features/front_end.ts";
import { AugmentedClips } from "./augmented_clips.ts";
import type { RunConfig } from "./config.ts";

/** Spectrograms of equal size, decibels as bytes, with their labels. */
export interface Clips {
  /** [clips, bands, frames] */
  bytes: Uint8Array;
  bands: number;
  frames: number;
  /** [clips, 11], 0 or 1 */
  targets: Uint8Array;
  /** Each clip's genre, and its beats a minute; left out, or undefined, where they are not known. */
  genres?: readonly (string | undefined)[];
  tempi?: readonly (number | undefined)[];
  /** What each clip is called, and the recording or song that it comes from. */
  names: string[];
  recordings: string[];
}

/** A batch: what the network sees and what it should say. */
export interface Batch {
  /** [size, bands, frames, 1] */
  input: Float32Array;
  /** [size, 11] */
  labels: Float32Array;
}

/**
 * The batches of a run. What step k sees depends on the seed and on k alone, so a run can go on anywhere. Disposing of
 * it ends what makes them.
 */
export interface BatchSource extends Disposable {
  /** Examples of an epoch. */
  examples: number;
  /** Their labels before any mixing, [examples, 11], 0 or 1. */
  targets: Uint8Array;
  /** Of the spectrograms. */
  bands: number;
  frames: number;
  /** The batch of a step, 0 for the first. Steps are asked for in their order. */
  at(step: number): Promise<Batch>;
}

/** Makes batches of a set of clips. */
export class Batcher {
  readonly #clips: Clips;
  readonly #frontEnd: FrontEnd;
  readonly #inputs: Float32Array;

  constructor(clips: Clips, frontEnd: FrontEnd) {
    this.#clips = clips;
    this.#frontEnd = frontEnd;
    this.#inputs = byteInputs(frontEnd);
  }

  /** Clips as they are. */
  plain(indices: readonly number[]): Batch {
    return this.#make(indices, 0);
  }

  /** Clips for training: shifted in time, and some of them summed with others of the batch (A7, A1). */
  augmented(
    indices: readonly number[],
    { augment, random }: { augment: RunConfig["augment"]; random: Random },
  ): Batch {
    // one shift for the whole batch, as the baseline has it
    const shift = augment.timeShift ? random.integer(0, this.#clips.frames) : 0;
    const batch = this.#make(indices, shift);
    if (augment.mixProbability > 0) {
      const targets = Uint8Array.from(batch.labels);
      const partners = drawPartners(targets, {
        rows: indices.length,
        count: 1,
        probability: augment.mixProbability,
        random,
      });
      mixInto(batch.input, { targets, partners, scaling: this.#frontEnd });
      batch.labels.set(targets);
    }
    return batch;
  }

  #make(indices: readonly number[], shift: number): Batch {
    const { bands, frames, bytes, targets } = this.#clips;
    const size = bands * frames, n = INSTRUMENTS.length;
    const input = new Float32Array(indices.length * size);
    const labels = new Float32Array(indices.length * n);
    let k = 0;
    indices.forEach((index, row) => {
      for (let start = index * size; start < (index + 1) * size; start += frames) {
        for (let t = frames - shift; t < frames; t++) input[k++] = this.#inputs[bytes[start + t]];
        for (let t = 0; t < frames - shift; t++) input[k++] = this.#inputs[bytes[start + t]];
      }
      labels.set(targets.subarray(index * n, (index + 1) * n), row * n);
    });
    return { input, labels };
  }
}

/** Batches of clips whose spectrograms are there. */
export class ReadyBatches implements BatchSource {
  readonly examples: number;
  readonly targets: Uint8Array;
  readonly bands: number;
  readonly frames: number;
  readonly #config: RunConfig;
  readonly #batcher: Batcher;
  readonly #augmented?: AugmentedClips;
  readonly #order: EpochOrder;

  /** @param train the clips to train on */
  constructor(
    clips: Clips,
    { train, config }: { train: readonly number[]; config: RunConfig },
  ) {
    this.examples = train.length;
    this.targets = takeRows(clips.targets, train);
    this.bands = clips.bands;
    const { frontEnd, augment: { spectrogram: steps } } = config;
    this.#config = config;
    this.#batcher = new Batcher(clips, frontEnd);
    if (steps) this.#augmented = new AugmentedClips(clips, { train, steps, frontEnd });
    this.frames = this.#augmented?.frames ?? clips.frames;
    this.#order = new EpochOrder(train, { config, targets: this.targets });
  }

  at(step: number): Promise<Batch> {
    const { seed, augment } = this.#config;
    const options = { augment, random: randomFrom(seed, "batch", step) };
    const maker = this.#augmented ?? this.#batcher;
    return Promise.resolve(maker.augmented(this.#order.at(step), options));
  }

  /** Nothing runs beside: there is nothing to end. */
  [Symbol.dispose](): void {}
}

/**
 * Which examples each step sees: every epoch deals them anew, or draws as many with the sampler. The last batch of an
 * epoch is left out where it is not full.
 */
export class EpochOrder {
  readonly #examples: readonly number[];
  readonly #config: OrderConfig;
  readonly #sampler?: WeightedSampler;
  readonly #perEpoch: number;
  #epoch = -1;
  #order: number[] = [];

  /** @param options.targets the labels of each of the examples, 0 or 1, `[examples, 11]` */
  constructor(
    examples: readonly number[],
    { config, targets }: { config: OrderConfig; targets: Uint8Array },
  ) {
    this.#examples = examples;
    this.#config = config;
    if (config.sampler) {
      const statistic = config.sampler === "weighted-median" ? "median" : "maximum";
      this.#sampler = new WeightedSampler(trackWeights(targets, { statistic }));
    }
    this.#perEpoch = Math.floor(examples.length / config.batchSize);
  }

  at(step: number): number[] {
    const { batchSize } = this.#config;
    const epoch = Math.floor(step / this.#perEpoch), from = (step % this.#perEpoch) * batchSize;
    if (epoch !== this.#epoch) {
      this.#order = this.#deal(randomFrom(this.#config.seed, "epoch", epoch));
      this.#epoch = epoch;
    }
    return this.#order.slice(from, from + batchSize);
  }

  #deal(random: Random): number[] {
    if (!this.#sampler) return random.shuffle(this.#examples);
    return Array.from(
      this.#sampler.draw(this.#examples.length, random),
      (k) => this.#examples[k],
    );
  }
}

/** What decides the order of examples. */
type OrderConfig = Pick<RunConfig, "seed" | "batchSize" | "sampler">;
