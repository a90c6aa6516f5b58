/**
 * ConvNeXt-atto after patch pretraining (M13), masked autoencoding (X2) and metric learning (X5) on its own training clips.
 *
 *     ./lumen experiment E20     a run takes 20 minutes on one core with its pretraining, YAMNet's 8 on two
 *
 * Came out. Better: `irmas_yamnet`, by 0.09 than the same from random weights. Patches and masks help with single clips, by
 * 0.031 and 0.045 of accuracy; on mixtures no pretraining on the clips themselves was seen to help.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

export const pretraining: Family = {
  title: "Pretraining",
  question: "Does it help to learn from the clips without, or with other, labels first?",
  variants: { "head-3": change.top({ headEpochs: 3 }) },
  presets: {
    real: [{
      base: "irmas_scratch",
      variants: [
        "recipe:irmas_after_patches",
        "recipe:irmas_after_masked",
        "recipe:irmas_after_metric",
      ],
    }, {
      base: "irmas_yamnet_scratch",
      variants: ["recipe:irmas_yamnet"],
    }, {
      base: "irmas_yamnet",
      variants: ["head-3"],
    }],
  },
  remark:
    "The document built patch pretraining and did not use it; its program could not learn (notebook 03).",
};
