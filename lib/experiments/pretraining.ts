/** How well what a backbone was trained for is done on clips that are held out. */
import { joined } from "../core/joined.ts";
import { randomFrom } from "../core/random.ts";
import { Batcher } from "../train/batches.ts";
import type { RunConfig } from "../train/config.ts";
import { objectiveOf, type Task } from "../train/objectives/objective.ts";
import type { Predictor } from "../train/predictor.ts";
import { inPieces, measuresOfEmbedding } from "./embedding_quality.ts";
import type { TrainingData } from "./training_data.ts";

/** Clips whose task is made at once, at most. */
const PIECE = 256;

/** What a run measures after an epoch, and at the end. */
export interface Measures {
  validate(predict: Predictor): Promise<Record<string, number>>;
  evaluate(predict: Predictor): Promise<Record<string, unknown>>;
}

/** What a run with an objective measures. @param config with an objective */
export function measuresOf(config: RunConfig, data: TrainingData): Measures {
  const task = objectiveOf(config)?.task;
  return task ? measuresOfTask(task, config, data) : measuresOfEmbedding(config, data);
}

/** The scores of the held-out clips' task, which is the same every time, whatever the seed. */
function measuresOfTask(
  task: Task,
  config: RunConfig,
  { clips, held }: Pick<TrainingData, "clips" | "held">,
): Measures {
  const { bands, frames } = clips, batcher = new Batcher(clips, config.frontEnd);
  // in an order in which a clip's neighbours are not its recording's
  const order = randomFrom("held-out task").shuffle(held);
  const score = async (predict: Predictor) => {
    const answers: Float32Array[] = [], labels: Float32Array[] = [];
    for (const [piece, indices] of inPieces(order, PIECE).entries()) {
      const count = indices.length;
      const { input } = batcher.plain(indices);
      const random = randomFrom("held-out task", piece);
      const posed = task.pose({ input, count, bands, frames }, random);
      const shape = { count, bands, frames: task.frames(frames) };
      answers.push(await predict(posed.input, shape));
      labels.push(posed.labels);
    }
    return task.score(joined(answers), joined(labels));
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
