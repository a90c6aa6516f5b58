/**
 * Inference time against length, of every backbone, ten runs each: of more than a minute as many as make ten minutes of sound.
 * On a machine that does nothing else, in pieces; `--dry-run` says how long in all:
 *
 *     ./lumen inference-time --minutes 15 --save
 *
 * Came out: of 23 networks on two cores 22 hear ten minutes in 0.5 to 18 s, AST-base in 91 s. Slopes follow the products (rank
 * correlation 0.94) and the parameters (0.85); which of the two more, 23 networks do not tell.
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const inferenceTime: Family = {
  title: "Inference time",
  question:
    "Does time grow linearly with length, and its slope with the parameters or with the arithmetic?",
  presets: {},
  study: { command: "./lumen inference-time --save", file: "experiments/inference_time.json" },
};
