/**
 * Lengths of pieces, overlaps and aggregations (F8) on the demo's songs, and what enters for three seconds of real clips.
 *
 *     ./lumen chunking --save
 *     ./lumen joined-clips --save
 *
 * Came out: the maximum over short pieces is hardly beaten, and means of logits are worse. What enters for 3 s of 18 is heard
 * better in pieces than on the whole.
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
