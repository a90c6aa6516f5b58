/**
 * The whole data set resampled once, against resampling in the loop (F2).
 *
 *     ./lumen bench resampling --save
 *
 * Came out: batches are there twice as fast, which an epoch of ConvNeXt-atto on two cores gains 4 to 8 % of.
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const resampling: Family = {
  title: "Resampling once",
  question: "What is a data set worth that was resampled once?",
  presets: {},
  study: { command: "./lumen bench resampling --save", file: "bench/results/resampling.json" },
};
