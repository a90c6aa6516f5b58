/**
 * The document's support vector machines and other classical models on the real protocol (M19).
 *
 *     ./lumen svm --save
 *
 * Came out: the document's have less macro-F1 than naming every instrument each time; scaled as the training part the best was
 * not seen to have more. An RBF kernel is better than a linear one, of scaled features.
 */
import type { Family } from "../../../lib/experiments/family.ts";

export const classical: Family = {
  title: "Classical models",
  question:
    "What do support vector machines reach on the real protocol, and is it more than nothing?",
  presets: {},
  study: { command: "./lumen svm --save", file: "experiments/svm.json" },
};
