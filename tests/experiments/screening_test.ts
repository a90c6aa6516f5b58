import assert from "node:assert/strict";
import type { FamilyEvidence } from "lib/experiments/family_evidence.ts";
import { screenedVariants } from "lib/experiments/screening.ts";
import { screeningFigure } from "lib/plots/screening.ts";

const difference = (value: number) => ({ value, low: value - 0.01, high: value + 0.02 });

/** Evidence that has what this asks for and no more. */
const evidence = (base: string, values: Record<string, number>) =>
  ({
    base,
    comparison: {
      variants: Object.keys(values).map((name) => ({ name })),
      measures: [{
        measure: "mixturesOfTwo.macroF1",
        variants: Object.entries(values).map(([name, value]) => ({
          name,
          difference: difference(value),
        })),
      }],
    },
  }) as unknown as FamilyEvidence;

const found = new Map([
  ["E1", [
    evidence("screen", { "positive-weights": 0.01 }),
    evidence("irmas_scratch", { "positive-weights": 0.02 }),
  ]],
  ["E4", [
    evidence("screen", { deep: 0.5, "fluffy-deep": -0.01 }),
    evidence("irmas_scratch", { irmas_fluffy: 0.1, "fluffy-deep": 0 }),
  ]],
  ["E6", [
    evidence("screen", { "sum-2": 0.1, "sum-3": 0.2 }),
    evidence("irmas_scratch", { "sum-2": 0.3, "sum-3": 0.4, "sum-5": 0.1 }),
    evidence("another", { "sum-3": 0.1 }),
  ]],
  ["E20", [evidence("irmas_scratch", { irmas_after_masked: 0.1 })]],
]);

Deno.test("variants of both settings are found; others are left out", () => {
  const screened = screenedVariants(found, "mixturesOfTwo.macroF1");
  assert.deepEqual(
    screened.map(({ variant, small, whole }) => [variant, small.value, whole.value]),
    [
      ["positive-weights", 0.01, 0.02],
      ["fluffy-deep", -0.01, 0],
      ["sum-2", 0.1, 0.3],
      ["sum-3", 0.2, 0.4],
    ],
  );
  assert.deepEqual(screenedVariants(found, "heldOut.accuracy"), []);
});

Deno.test("the figure has both differences and intervals of each, and says how alike the orders are", () => {
  const screened = screenedVariants(found, "mixturesOfTwo.macroF1");
  const { data: [, points], text } = screeningFigure(screened, { measure: "macro-F1" });
  assert.deepEqual([points.x, points.y], [[0.01, -0.01, 0.1, 0.2], [0.02, 0, 0.3, 0.4]]);
  const { array, arrayminus } = points.error_x as Record<string, number[]>;
  assert.deepEqual([array, arrayminus], [new Array(4).fill(0.02), new Array(4).fill(0.01)]);
  // the same order; of 24 orders of four, two are as far from 0
  assert.match(text, /rank correlation of 1\.00 \(p 0\.08\)/);
  assert.match(screeningFigure(screened.slice(0, 3), { measure: "F1" }).text, /too few/);
});
