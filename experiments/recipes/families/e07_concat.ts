/**
 * N clips one after the other (A3). The document needed it for AST's ten seconds; here ConvNeXt learns from the longer
 * pictures and is tried on clips of three seconds.
 *
 *     ./lumen experiment E7     a run takes 6 to 9 minutes on one core
 *
 * Came out: no gain was seen on mixtures; single clips are recognised worse.
 */
import type { Family } from "../../../lib/experiments/family.ts";
import { onSpectrograms } from "./e06_sum.ts";
import { onSound } from "./e08_augmentations.ts";

const concat = (clips: number) => onSpectrograms([{ kind: "concat", clips }]);

const variants = { "concat-2": concat(2), "concat-3": concat(3) };

export const concatenation: Family = {
  title: "Concat N",
  question: "Does it help to learn from several clips in a row?",
  variants: {
    ...variants,
    // clips that fill the ten seconds of the network, as the document has it
    "sound-concat-3": onSound({ kind: "concat", clips: 3 }),
  },
  presets: {
    real: [{ base: "screen+complete", variants: Object.keys(variants) }],
    paper: [{ base: "paper_ast", variants: ["sound-concat-3"] }],
  },
};
