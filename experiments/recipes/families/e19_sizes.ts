/**
 * How large a picture the network sees, how a spectrogram is brought to a size (stretched to a square, put on a canvas of 20 s,
 * or stretched in height alone), and how many clips make a batch.
 *
 *     ./lumen experiment E19     a run takes 3 to 7 minutes on one core, on whole spectrograms 10
 *
 * Came out: no size was seen to matter on mixtures. On a canvas single clips are recognised worse, by 0.08.
 */
import { type Change, change, type Family } from "../../../lib/experiments/family.ts";

const batch = (batchSize: number) => change.top({ batchSize });

/** As many frames as 20 s have. */
const onCanvas: Change = (settings) => {
  const { sampleRate, hopLength } = settings.frontEnd;
  return change.model({ canvas: Math.floor(20 * sampleRate / hopLength) + 1 })(settings);
};

const variants = {
  "batch-8": batch(8),
  "batch-16": batch(16),
  "batch-64": batch(64),
  "square": change.model({ width: 128 }),
  "canvas": onCanvas,
  "complete": change.model({ complete: 64 }),
  "complete-32": change.model({ complete: 32 }),
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
        variants: ["complete", "batch-8", "batch-16", "batch-64"],
      },
      { base: "screen+complete", variants: ["recipe:screen+square", "recipe:screen+canvas"] },
      { base: "irmas_scratch", variants: ["recipe:screen", "height-224", "complete-32"] },
    ],
    paper: [{ base: "paper_convnext", variants: ["batch-8", "batch-64", "canvas"] }],
  },
  remark:
    "ConvNeXt drops the columns that do not fill its last cells: of a clip's 94 it sees 64, of screen's 47 it sees 32; \"complete\" repeats a clip's first columns until all are seen. The document's pictures are 224 or 384 wide, of which nothing is dropped; their pieces are squares already.",
};
