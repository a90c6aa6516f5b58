/**
 * Inference time against length, of every backbone, ten runs each: of more than a minute as many as make ten minutes of sound.
 * On a machine that does nothing else, in pieces; `--dry-run` says how long in all:
 *
 *     ./lumen inference-time --minutes 15 --save
 *
 * Came out: every network hears ten minutes in less than six seconds on two cores. Slopes follow the products (rank correlation
 * 0.89) and the parameters (0.76); which of the two more, 18 networks do not tell.
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const inferenceTime: Family = {
  title: "Inference time",
  question:
    "Does time grow linearly with length, and its slope with the parameters or with the arithmetic?",
  presets: {},
  study: { command: "./lumen inference-time --save", file: "experiments/inference_time.json" },
};
