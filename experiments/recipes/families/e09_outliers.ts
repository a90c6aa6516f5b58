/**
 * Training without the clips that confident learning doubts (D16): classical models on several data sets in the study of label
 * quality, and a network here. A network's doubts come from YAMNet's embeddings of its own training clips.
 *
 *     ./lumen experiment E9     a run takes 4 minutes on one core
 *     ./lumen quality --save
 *
 * Came out: no gain was seen for the network. In the study nearest neighbours and models on pretrained embeddings gain; a
 * linear model on the 28 features loses on songs.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

export const outliers: Family = {
  title: "Doubtful clips left out",
  question: "Is it worth leaving out clips that confident learning doubts?",
  variants: {
    "without-share": change.data({ cleaning: "share" }),
    "without-cut": change.data({ cleaning: "cut" }),
    "without-random": change.data({ cleaning: "random" }),
  },
  presets: {
    real: [{ base: "screen", variants: ["without-share", "without-cut", "without-random"] }],
  },
  study: { command: "./lumen quality --save", file: "experiments/label_quality.json" },
  remark:
    "Left out: the document's share (7.4 %), what lies below the document's cut (0.11), or as many at random as lie below it.",
};
