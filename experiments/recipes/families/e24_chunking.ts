/**
 * Lengths of pieces, overlaps and aggregations (F8) on the demo's songs.
 *
 *     ./lumen chunking --save
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const chunking: Family = {
  title: "Pieces and aggregation",
  question: "How should a song be cut, and its pieces put together again?",
  presets: {},
  study: { command: "./lumen chunking --save", file: "experiments/chunking.json" },
};
