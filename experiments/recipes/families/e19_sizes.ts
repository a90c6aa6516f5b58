/**
 * How large a picture the network sees, how a spectrogram is brought to a size (stretched to a square, put on a canvas of 20 s,
 * or stretched in height alone), and how many clips make a batch.
 *
 *     ./lumen experiment E19
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

const batch = (batchSize: number) => change.top({ batchSize });

/** Frames of 20 s. */
const TWENTY_SECONDS = 626;

const variants = {
  "batch-8": batch(8),
  "batch-16": batch(16),
  "batch-64": batch(64),
  "square": change.model({ width: 128 }),
  "canvas": change.model({ canvas: TWENTY_SECONDS }),
  "height-224": change.model({ height: 224 }),
};

export const sizes: Family = {
  title: "Sizes of pictures and batches",
  question:
    "Does a larger picture help, does it matter how it is made, and how many clips make the best batch?",
  variants,
  presets: {
    real: [
      {
        base: "screen",
        variants: ["batch-8", "batch-16", "batch-64", "square", "canvas"],
      },
      { base: "irmas_scratch", variants: ["recipe:screen", "height-224"] },
    ],
    paper: [{ base: "paper_convnext", variants: ["batch-8", "batch-64", "square", "canvas"] }],
  },
};
