/**
 * ConvNeXt-atto after patch pretraining (M13), masked autoencoding (X2) and metric learning (X5) on its own training clips.
 *
 *     ./lumen experiment E20
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
