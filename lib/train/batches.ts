/** Batches of spectrograms, made on the processor while the step before them runs. */
import type { Random } from "../core/random.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { drawPartners, mixInto } from "../datasets/mixtures.ts";
import { byteInputs } from "../features/bytes.ts";
import type { FrontEnd } from "../features/front_end.ts";
import type { RunConfig } from "./config.ts";

/** Spectrograms of equal size, decibels as bytes, with their labels. */
export interface Clips {
  /** [clips, bands, frames] */
  bytes: Uint8Array;
  bands: number;
  frames: number;
  /** [clips, 11], 0 or 1 */
  targets: Uint8Array;
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

/** Makes batches of a set of clips. */
export class Batcher {
  readonly #clips: Clips;
  readonly #inputs: Float32Array;

  constructor(clips: Clips, frontEnd: FrontEnd) {
    this.#clips = clips;
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
      mixInto(batch.input, { targets, partners });
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
