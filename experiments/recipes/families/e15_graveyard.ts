/**
 * The networks that the document gave up (M15, M20 to M23), from random weights, beside ConvNeXt.
 *
 *     ./lumen experiment E15     a run takes 4 minutes on two cores, of rendered audio 5 to 10 on one
 *
 * Came out. Better: `irmas_mobnet`. None of the others was seen to be worse than ConvNeXt by macro-F1.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

export const graveyard: Family = {
  title: "Graveyard",
  question: "Were the networks that the document gave up worse than ConvNeXt?",
  variants: {
    // as wav2vec 2.0 is trained: the mixtures of sound are all that is done, and no epoch is the head's alone
    "all-at-once": change.top({
      headEpochs: 0,
      augment: { timeShift: false, mixProbability: 0 },
    }),
  },
  presets: {
    real: [{
      base: "irmas_scratch",
      variants: [
        "recipe:irmas_lstm",
        "recipe:irmas_conv_lstm",
        "recipe:irmas_good_boy",
        "recipe:irmas_mobnet",
      ],
    }],
    demo: [{ base: "demo_live+all-at-once", variants: ["recipe:demo_wav2vec2"] }],
    paper: [{
      base: "paper_convnext",
      variants: [
        "recipe:paper_lstm",
        "recipe:paper_conv_lstm",
        "recipe:paper_good_boy",
        "recipe:paper_mobnet",
        "recipe:paper_wav2vec2",
      ],
    }],
  },
  document: {
    measure: "validation F1, mean over batches",
    values: {
      base: 0.346,
      "irmas_lstm": 0.2,
      "irmas_good_boy": 0.35,
      "irmas_mobnet": 0.2433,
      "paper_lstm": 0.2,
      "paper_good_boy": 0.35,
      "paper_mobnet": 0.2433,
    },
  },
};
