/**
 * How many augmentations at once, and the highest learning rate.
 *
 *     ./lumen experiment E26     a run takes 4 to 5 minutes on one core
 *
 * Came out. Better: `sum-2`, `augmentations-2`, `augmentations-3`, `augmentations-4`, `augmentations-5`, all of which sum. More
 * than three were not seen to be worse, and no rate to differ on mixtures.
 */
import { type Change, change, type Family } from "../../../lib/experiments/family.ts";
import { onSpectrograms } from "./e06_sum.ts";

/** None of them does harm by itself (E8), so that the last ones can do it by their number alone. */
const STEPS = [
  { kind: "sum", clips: 2 },
  { kind: "time-shift" },
  { kind: "time-mask" },
  { kind: "reverse" },
  { kind: "erase" },
] as const;

const several = Object.fromEntries(
  STEPS.slice(1).map((_, k): [string, Change] => [
    `augmentations-${k + 2}`,
    (settings) =>
      onSpectrograms(STEPS.slice(0, k + 2))(change.augment({ timeShift: false })(settings)),
  ]),
);

/** The first alone is E6's sum with 2. */
const atOnce = ["sum-2", ...Object.keys(several)];

const rates = Object.fromEntries(
  [0.0005, 0.001, 0.004, 0.008].map((rate) => [
    `rate-${rate}`,
    change.schedule({ maxLearningRate: rate, warmLearningRate: rate }),
  ]),
);

/** Of the published weights, around the document's own highest, 5e-4; the head's rate at first stays. */
const paperRates = Object.fromEntries(
  [0.0001, 0.00025, 0.002].map((rate) => [
    `highest-${rate}`,
    change.schedule({ maxLearningRate: rate }),
  ]),
);

export const strength: Family = {
  title: "Augmentations at once, rate",
  question: "Do more than three augmentations hurt, and what is the best learning rate?",
  variants: { ...several, ...rates, ...paperRates },
  presets: {
    real: [
      { base: "screen+complete+no-shift", variants: atOnce },
      { base: "screen", variants: Object.keys(rates) },
    ],
    paper: [{ base: "paper_convnext", variants: [...atOnce, ...Object.keys(paperRates)] }],
  },
};
