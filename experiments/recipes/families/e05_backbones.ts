/**
 * The document's four backbones at their published sizes, from random weights and in one regime; ConvNeXt-tiny stands for
 * small, which takes twice as long.
 *
 *     ./lumen experiment E5     a run takes 5 (MobileNetV3) to 26 minutes (ResNeXt) on one core
 *
 * Came out. Better: `screen+resnext50`, than ConvNeXt-atto on mixtures by 0.03 of macro-F1 and on single clips by 0.08 of
 * accuracy. The others were not seen to differ by macro-F1.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

const drop = { stochasticDepthRate: 0 };

const variants = {
  "mobilenet-v3-large": change.backbone({ backbone: "mobilenet-v3", size: "large" }),
  "resnext50": change.backbone({ backbone: "resnext", size: "50-32x4d" }),
  "efficientnet-v2-s": change.backbone({ backbone: "efficientnet-v2", size: "s", ...drop }),
  "convnext-tiny": change.model({ size: "tiny" }),
};

/** They pad what does not fill their last cells, and need no completed picture. */
const others = ["resnext50", "efficientnet-v2-s", "mobilenet-v3-large"]
  .map((name) => `recipe:screen+${name}`);

export const backbones: Family = {
  title: "Backbones",
  question: "Which backbone is best when all are trained alike?",
  variants,
  presets: {
    real: [
      {
        base: "screen+complete",
        variants: [...others, "convnext-tiny"],
      },
      {
        base: "screen+complete+convnext-tiny",
        variants: others,
      },
    ],
    paper: [{
      base: "paper_convnext",
      variants: ["recipe:paper_resnext", "recipe:paper_efficientnet", "recipe:paper_mobilenet"],
    }],
  },
  document: {
    measure: "validation F1, mean over batches",
    values: {
      base: 0.346,
      "screen+resnext50": 0.316,
      "screen+efficientnet-v2-s": 0.342,
      "screen+mobilenet-v3-large": 0.318,
      "paper_resnext": 0.316,
      "paper_efficientnet": 0.342,
      "paper_mobilenet": 0.318,
    },
  },
  remark:
    "On real spectrograms all begin with random weights: published ones cannot be had without a network, and the document's begin with ImageNet's.",
};
