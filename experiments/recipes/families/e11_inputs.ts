/**
 * Mel spectrogram, chroma, scalogram and MFCC (F4 to F7), alone, as channels of one picture, or each with a network of its own
 * (X4), on rendered audio.
 *
 *     ./lumen experiment E11     a run takes 8 minutes on one core, of stems 20
 *
 * Came out. Better: `stems`. Worse: `chroma`. Scalogram and MFCC alone rank the instruments worse; channels were not seen to
 * differ.
 */
import { type Change, change, type Family } from "../../../lib/experiments/family.ts";

const input = (...of: string[]) => change.model({ inputs: { of, join: "channels" } });

const variants = {
  "chroma": input("chroma"),
  "scalogram": input("scalogram"),
  "mfcc": input("mfcc"),
  "channels": input("mel", "chroma", "scalogram"),
  "stems": change.model({ inputs: { of: ["mel", "chroma", "scalogram"], join: "stems" } }),
};

/** As many bands as the picture has rows, in place of stretching it: inputs of several kinds are not stretched. */
const asManyBands = (nMels: number): Change => (settings) => ({
  ...change.model({ height: undefined })(settings),
  frontEnd: { ...settings.frontEnd, nMels },
});

export const inputs: Family = {
  title: "Inputs",
  question: "What should the network look at?",
  variants: {
    ...variants,
    "unmixed": change.augment({ mixProbability: 0 }),
    "bands-224": asManyBands(224),
  },
  presets: {
    demo: [{ base: "demo+unmixed", variants: Object.keys(variants) }],
    paper: [{ base: "paper_convnext+bands-224", variants: Object.keys(variants) }],
  },
  remark:
    "Chroma, scalogram and MFCC need sound; sums of clips are not known in them, so clips are not mixed.",
};
