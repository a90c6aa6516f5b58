/**
 * N clips one after the other (A3). The document needed it for AST's ten seconds; here ConvNeXt learns from the longer
 * pictures and is tried on clips of three seconds.
 *
 *     ./lumen experiment E7
 */
import { parseWaveSteps } from "../../../lib/augment/steps.ts";
import { type Change, change, type Family } from "../../../lib/experiments/family.ts";
import { onSpectrograms } from "./e06_sum.ts";

const concat = (clips: number) => onSpectrograms([{ kind: "concat", clips }]);

/** Clips that fill the ten seconds of the network, as the document has it. */
const soundConcat = (clips: number): Change =>
  change.top({
    live: { waveform: parseWaveSteps([{ kind: "concat", clips }]), spectrogram: [] },
    augment: { timeShift: false, mixProbability: 0 },
  });

const variants = { "concat-2": concat(2), "concat-3": concat(3) };

export const concatenation: Family = {
  title: "Concat N",
  question: "Does it help to learn from several clips in a row?",
  variants: { ...variants, "sound-concat-3": soundConcat(3) },
  presets: {
    real: [{ base: "screen+complete", variants: Object.keys(variants) }],
    paper: [{ base: "paper_ast", variants: ["sound-concat-3"] }],
  },
};
