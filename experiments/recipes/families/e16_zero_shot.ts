/**
 * Pretrained networks by their own AudioSet classes (M14, M25, M26), without any training.
 *
 *     ./lumen zero-shot --save
 *
 * Came out: YAMNet has a macro-F1 of 0.45 on the demo's songs, musicnn 0.28; naming every instrument each time 0.26.
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const zeroShot: Family = {
  title: "Zero-shot",
  question: "What do pretrained networks hear by their own classes?",
  presets: {},
  study: { command: "./lumen zero-shot --save", file: "experiments/zero_shot.json" },
  remark:
    "The document's AST needs weights that cannot be had here; YAMNet and musicnn stand for it.",
};
