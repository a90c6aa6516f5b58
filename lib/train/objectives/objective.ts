/** What a backbone is trained for in place of naming instruments. */
import { z } from "zod";
import { type Random, randomFrom } from "../../core/random.ts";
import type { FrontEnd } from "../../features/front_end.ts";
import type { ConvNext } from "../../nn/backbones/convnext.ts";
import { embeddingHead } from "../../nn/heads/embedding.ts";
import { tileHeads } from "../../nn/heads/tiles.ts";
import type { Backbone, Layer } from "../../nn/layer.ts";
import { sequence } from "../../nn/layer.ts";
import { crossEntropyOfAsked, squaredErrorOfAsked } from "../../nn/losses/asked.ts";
import { contrastiveLoss } from "../../nn/losses/contrastive.ts";
import { FAMILY_PART } from "../../nn/losses/family.ts";
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
  z.strictObject({
    /** Which clips share instruments and families? (contrastive.ts) From labels. */
    name: z.literal("metric"),
    dimensions: z.int().positive(),
    temperature: z.number().positive(),
    /** Adds the level of families. */
    family: FAMILY_PART,
  }),
]);

/** See the schema above for what each field means. */
export type ObjectiveConfig = z.infer<typeof OBJECTIVE>;

/** What is learnt, and how. */
export interface Objective {
  /** The backbone with what answers; parameters besides the backbone's begin with "head.". */
  network(backbone: Backbone): Layer;
  loss: Loss;
  /** What is asked; undefined where batches are learnt from as they are, with their labels. */
  task?: Task;
}

/** A task that is made of spectrograms alone. */
export interface Task {
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
        task: {
          frames: (frames) => frames,
          pose: (pictures, random) => scrambleTiles(pictures, { ...config, floor, random }),
          score: tileScores,
        },
      };
    }
    case "masked":
      return {
        network: (backbone) => maskedAutoencoder(backbone as ConvNext),
        loss: squaredErrorOfAsked,
        task: {
          frames: maskedFrames,
          pose: (pictures, random) => hideSquares(pictures, { ...config, random }),
          score: maskScores,
        },
      };
    case "metric": {
      const { dimensions } = config;
      return {
        network: (backbone) =>
          sequence(backbone, embeddingHead("head", { features: backbone.features, dimensions })),
        loss: (embeddings, labels) => contrastiveLoss(embeddings, labels, config),
      };
    }
  }
}

/** The objective of a run; undefined where it is to name instruments. */
export function objectiveOf(
  { objective, frontEnd }: { objective?: ObjectiveConfig; frontEnd: FrontEnd },
): Objective | undefined {
  return objective && makeObjective(objective, frontEnd);
}

/** Batches of a task, made of other batches' spectrograms; their labels are not looked at. */
export class TaskBatches implements BatchSource {
  readonly examples: number;
  readonly targets: Uint8Array;
  readonly bands: number;
  readonly frames: number;
  readonly #source: BatchSource;
  readonly #task: Task;
  readonly #seed: number;

  constructor(
    source: BatchSource,
    { task, seed }: { task: Task; seed: number },
  ) {
    ({ examples: this.examples, targets: this.targets, bands: this.bands } = source);
    this.frames = task.frames(source.frames);
    this.#source = source;
    this.#task = task;
    this.#seed = seed;
  }

  async at(step: number): Promise<Batch> {
    const { input } = await this.#source.at(step), { bands, frames } = this.#source;
    const count = input.length / (bands * frames);
    const random = randomFrom(this.#seed, "task", step);
    return this.#task.pose({ input, count, bands, frames }, random);
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }
}
