/** Batches of clips whose spectrograms are augmented while the network trains (A1 to A3, A7 to A13). */
import { applyToMel, type MelExample } from "../augment/apply_spectrogram.ts";
import { drawEffects } from "../augment/draw.ts";
import { PartnerPool } from "../augment/partners.ts";
import { fitFrames, shiftFrames } from "../augment/spectrogram.ts";
import { framesAfter, type MelStep } from "../augment/steps.ts";
import type { Random } from "../core/random.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { networkInput } from "../features/bytes.ts";
import type { FrontEnd } from "../features/front_end.ts";
import type { Batch, Clips } from "./batches.ts";
import type { RunConfig } from "./config.ts";

/**
 * Augments clips, with partners from the whole training part: a batch of 32 lacks the rare instruments, and what an
 * example is mixed with would depend on the batch's size.
 */
export class AugmentedClips {
  /** Of every example: more than a clip's where clips are put one after the other. */
  readonly frames: number;
  readonly #clips: Clips;
  readonly #steps: readonly MelStep[];
  readonly #frontEnd: FrontEnd;
  readonly #train: readonly number[];
  readonly #places: ReadonlyMap<number, number>;
  readonly #partners: PartnerPool;

  /** @param options.train the clips to train on */
  constructor(
    clips: Clips,
    { train, steps, frontEnd }: {
      train: readonly number[];
      steps: readonly MelStep[];
      frontEnd: FrontEnd;
    },
  ) {
    this.frames = framesAfter(steps, clips.frames);
    this.#clips = clips;
    this.#steps = steps;
    this.#frontEnd = frontEnd;
    this.#train = train;
    this.#places = new Map(train.map((clip, place) => [clip, place]));
    this.#partners = new PartnerPool(train.map((clip) => ({
      labels: this.#labels(clip),
      recording: clips.recordings[clip],
      genre: clips.genres?.[clip],
      tempo: clips.tempi?.[clip],
    })));
  }

  /**
   * Augments some clips of the training part. What becomes of one depends on its row and the generator alone; one that
   * came out shorter than others is repeated from its beginning. `augment.timeShift` rolls the finished batch.
   */
  augmented(
    indices: readonly number[],
    { augment, random }: { augment: RunConfig["augment"]; random: Random },
  ): Batch {
    const { frames } = this, size = this.#clips.bands * frames, count = INSTRUMENTS.length;
    const shift = augment.timeShift ? random.integer(0, frames) : 0;
    const input = new Float32Array(indices.length * size);
    const labels = new Float32Array(indices.length * count);
    const clip = (place: number) => this.#example(this.#train[place]);
    indices.forEach((index, row) => {
      const effects = drawEffects(this.#steps, {
        random: random.fork(row, "spectrogram"),
        clip: this.#places.get(index),
        partners: this.#partners,
      });
      const example = applyToMel(this.#example(index), effects, { clip, frontEnd: this.#frontEnd });
      const whole = fitFrames(example.mel, frames);
      input.set((shift === 0 ? whole : shiftFrames(whole, shift)).data, row * size);
      labels.set(example.labels, row * count);
    });
    return { input, labels };
  }

  #example(clip: number): MelExample {
    const { bytes, bands, frames } = this.#clips, size = bands * frames;
    const data = networkInput(bytes.subarray(clip * size, (clip + 1) * size), this.#frontEnd);
    return { mel: { data, nMels: bands, frames }, labels: this.#labels(clip) };
  }

  #labels(clip: number): Uint8Array {
    return this.#clips.targets.subarray(clip * INSTRUMENTS.length, (clip + 1) * INSTRUMENTS.length);
  }
}
