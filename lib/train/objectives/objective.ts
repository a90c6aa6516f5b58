/** What a network is pretrained for, without labels: a task that is made of spectrograms alone. */
import { z } from "zod";
import { type Random, randomFrom } from "../../core/random.ts";
import type { FrontEnd } from "../../features/front_end.ts";
import type { ConvNext } from "../../nn/backbones/convnext.ts";
import { tileHeads } from "../../nn/heads/tiles.ts";
import type { Backbone, Layer } from "../../nn/layer.ts";
import { sequence } from "../../nn/layer.ts";
import { crossEntropyOfAsked, squaredErrorOfAsked } from "../../nn/losses/asked.ts";
import type { Loss } from "../../nn/losses/loss.ts";
import { maskedAutoencoder } from "../../nn/masked_autoencoder.ts";
import type { Batch, BatchSource } from "../batches.ts";
import { hideSquares, maskedFrames, maskScores } from "./masked.ts";
import { type Pictures, scrambleTiles, TILE_GRID, TILE_STATES, tileScores } from "./patches.ts";

const share = z.number().min(0).max(1);

/** What a configuration's objective may be. */
export const OBJECTIVE = z.discriminatedUnion("name", [
  z.strictObject({
    /** Which tiles of a spectrogram were shuffled, or replaced by another's? (patches.ts) */
    name: z.literal("patches"),
    shuffle: share,
    replace: share,
    black: share,
  }).refine(({ shuffle, replace, black }) => shuffle + replace + black <= 1, {
    message: "shuffle, replace and black are more than 1 together",
  }),
  z.strictObject({
    /** What was in the hidden squares? (masked.ts) For ConvNeXt. */
    name: z.literal("masked"),
    share: z.number().gt(0).lt(1),
    patch: z.literal([4, 8, 16, 32]),
  }),
]);

/** See the schema above for what each field means. */
export type ObjectiveConfig = z.infer<typeof OBJECTIVE>;

/** A task, and how it is learnt. */
export interface Objective {
  /** The backbone with what answers; parameters besides the backbone's begin with "head.". */
  network(backbone: Backbone): Layer;
  loss: Loss;
  /** Frames of the task's spectrograms, from those of the clips. */
  frames(frames: number): number;
  /** Makes the task of spectrograms. */
  pose(pictures: Pictures, random: Random): Batch;
  /** Scores answers. */
  score(answers: Float32Array, labels: Float32Array): Record<string, number>;
}

/** The objective that a configuration describes. */
export function makeObjective(config: ObjectiveConfig, frontEnd: FrontEnd): Objective {
  switch (config.name) {
    case "patches": {
      // what the front end makes of silence
      const floor = (-frontEnd.topDb - frontEnd.networkMean) / frontEnd.networkDeviation;
      return {
        network: (backbone) =>
          sequence(
            backbone,
            tileHeads("head.tiles", {
              features: backbone.features,
              outputs: TILE_STATES.length,
              grid: TILE_GRID,
            }),
          ),
        loss: crossEntropyOfAsked,
        frames: (frames) => frames,
        pose: (pictures, random) => scrambleTiles(pictures, { ...config, floor, random }),
        score: tileScores,
      };
    }
    case "masked":
      return {
        network: (backbone) => maskedAutoencoder(backbone as ConvNext),
        loss: squaredErrorOfAsked,
        frames: maskedFrames,
        pose: (pictures, random) => hideSquares(pictures, { ...config, random }),
        score: maskScores,
      };
  }
}

/** Batches of an objective's task, made of other batches' spectrograms; their labels are not looked at. */
export class TaskBatches implements BatchSource {
  readonly examples: number;
  readonly targets: Uint8Array;
  readonly bands: number;
  readonly frames: number;
  readonly #source: BatchSource;
  readonly #objective: Objective;
  readonly #seed: number;

  constructor(
    source: BatchSource,
    { objective, seed }: { objective: Objective; seed: number },
  ) {
    ({ examples: this.examples, targets: this.targets, bands: this.bands } = source);
    this.frames = objective.frames(source.frames);
    this.#source = source;
    this.#objective = objective;
    this.#seed = seed;
  }

  async at(step: number): Promise<Batch> {
    const { input } = await this.#source.at(step), { bands, frames } = this.#source;
    const count = input.length / (bands * frames);
    const random = randomFrom(this.#seed, "task", step);
    return this.#objective.pose({ input, count, bands, frames }, random);
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }
}
