/**
 * Lengths of pieces, overlaps and aggregations (F8) on the demo's songs, and what enters for three seconds of real clips.
 *
 *     ./lumen chunking --save
 *     ./lumen joined-clips --save
 *
 * Came out: of 49 other ways one is better than the demo's network's usual one, the maximum over pieces half as long, by 0.02,
 * and one than YAMNet's, by 0.04; about half of them are worse. What enters for 3 s of 18 is heard better in pieces than on the
 * whole.
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const chunking: Family = {
  title: "Pieces and aggregation",
  question: "How should a song be cut, and its pieces put together again?",
  presets: {},
  study: { command: "./lumen chunking --save", file: "experiments/chunking.json" },
  remark:
    "The demo's instruments play throughout; what becomes of one that enters for a moment, `./lumen joined-clips` asks of real clips.",
};
