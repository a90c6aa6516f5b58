/** How well a pretraining's task is solved on clips that are held out. */
import { randomFrom } from "../core/random.ts";
import { Batcher } from "../train/batches.ts";
import type { RunConfig } from "../train/config.ts";
import { makeObjective } from "../train/objectives/objective.ts";
import type { Predictor } from "../train/predictor.ts";
import type { TrainingData } from "./training_data.ts";

/** Clips whose task is made at once, at most. */
const PIECE = 256;

/**
 * What a run with an objective measures after an epoch and at the end: the scores of the held-out clips' task, which is the
 * same every time, whatever the seed.
 *
 * @param config with an objective
 */
export function measuresOfTask(
  config: RunConfig,
  { clips, held }: Pick<TrainingData, "clips" | "held">,
): {
  validate(predict: Predictor): Promise<Record<string, number>>;
  evaluate(predict: Predictor): Promise<Record<string, unknown>>;
} {
  const objective = makeObjective(config.objective!, config.frontEnd);
  const { bands, frames } = clips, batcher = new Batcher(clips, config.frontEnd);
  // in an order in which a clip's neighbours are not its recording's
  const order = randomFrom("held-out task").shuffle(held);
  const score = async (predict: Predictor) => {
    const answers: Float32Array[] = [], labels: Float32Array[] = [];
    const pieces = Math.ceil(order.length / PIECE);
    for (let piece = 0; piece < pieces; piece++) {
      const ends = [piece, piece + 1].map((k) => Math.round(k * order.length / pieces));
      const indices = order.slice(...ends), count = indices.length;
      const { input } = batcher.plain(indices);
      const random = randomFrom("held-out task", piece);
      const task = objective.pose({ input, count, bands, frames }, random);
      const shape = { count, bands, frames: objective.frames(frames) };
      answers.push(await predict(task.input, shape));
      labels.push(task.labels);
    }
    return objective.score(joined(answers), joined(labels));
  };
  return {
    async validate(predict) {
      const scores = Object.entries(await score(predict));
      return Object.fromEntries(scores.map(([name, value]) => [`validation/${name}`, value]));
    },
    evaluate: async (predict) => ({
      objective: config.objective!.name,
      heldOut: { clips: held.length, ...await score(predict) },
    }),
  };
}

/** Arrays one after the other. */
function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
