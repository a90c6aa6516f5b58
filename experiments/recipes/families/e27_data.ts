/**
 * A quarter and a half of the training recordings, against all: do data beat models?
 *
 *     ./lumen experiment E27     a run takes 4 to 8 minutes on one core
 *
 * Came out. Worse: `half`, `quarter`.
 */
import { type Change, change, type Family } from "../../../lib/experiments/family.ts";

/** A share of the recordings, in as many more epochs: as many updates, at the same rates. */
const part = (share: number): Change => (settings) => ({
  ...change.data({ share })(settings),
  epochs: settings.epochs / share,
});

export const data: Family = {
  title: "How much data",
  question: "What do twice as many recordings bring?",
  variants: {
    "quarter": part(0.25),
    "half": part(0.5),
  },
  presets: { real: [{ base: "screen", variants: ["quarter", "half"] }] },
  remark: "The document adds AudioSet and OpenMIC; here parts of IRMAS are left out.",
};
