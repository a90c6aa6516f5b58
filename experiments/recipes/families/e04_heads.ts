/**
 * One head for all instruments, or one for each (Fluffy, M7); with and without attention over time (M5, M6).
 *
 * A layer norm, a ReLU and one linear layer are the same function for all instruments together and for each alone, but for
 * where the ReLU bends; so one head and Fluffy are held against each other with two linear layers.
 *
 * Attention needs moments to choose among. ConvNeXt divides time by 32, which leaves one step of `screen`'s 47 columns, two of
 * a whole spectrogram's 94, and nine of the document's 300; so attention is asked about on columns drawn out to 188, five steps.
 *
 *     ./lumen experiment E4     a run takes 4 minutes on one core, on larger spectrograms 10
 *
 * Came out: neither Fluffy nor attention was seen to change anything.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

const variants = {
  "deep": change.model({ head: "deep" }),
  "attention": change.model({ head: "attention" }),
  "fluffy-deep": change.model({ head: "fluffy-deep" }),
  "fluffy-attention": change.model({ head: "fluffy-attention" }),
};

/** As many cells as a whole spectrogram has, more of them in time. */
const wide = change.model({ shrink: undefined, height: 64, width: 188 });

export const heads: Family = {
  title: "Heads",
  question:
    "Is a head for each instrument better than one for all, and attention better than the mean over time?",
  variants: { ...variants, wide, "two-layers": change.model({ hidden: [128] }) },
  presets: {
    real: [
      { base: "screen", variants: ["deep"] },
      { base: "screen+complete+two-layers+deep", variants: ["fluffy-deep"] },
      { base: "screen+wide+deep", variants: ["attention", "fluffy-attention"] },
      { base: "irmas_scratch", variants: ["recipe:irmas_fluffy"] },
    ],
    paper: [{ base: "paper_convnext+two-layers", variants: ["fluffy-deep", "fluffy-attention"] }],
  },
  remark:
    "A network on `screen`'s spectrograms gives one step of time, where attention has nothing to choose among; `wide` ones give five, the document's nine, `irmas_fluffy`'s two. With one linear layer a head for all and Fluffy are one function, so these have two.",
};
