/**
 * A quarter and a half of the training recordings, against all: do data beat models?
 *
 *     ./lumen experiment E27
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

export const data: Family = {
  title: "How much data",
  question: "What do twice as many recordings bring?",
  variants: {
    "quarter": change.data({ share: 0.25 }),
    "half": change.data({ share: 0.5 }),
  },
  presets: { real: [{ base: "screen", variants: ["quarter", "half"] }] },
  remark: "The document adds AudioSet and OpenMIC; here parts of IRMAS are left out.",
};
