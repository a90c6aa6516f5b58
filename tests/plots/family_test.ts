import assert from "node:assert/strict";
import { recipeConfig, resolveRecipe } from "experiments/recipes/mod.ts";
import { compareFamily } from "lib/experiments/comparison.ts";
import { type IrmasResult, readRuns } from "lib/experiments/evidence.ts";
import type { Family } from "lib/experiments/family.ts";
import { gatherEvidence } from "lib/experiments/family_evidence.ts";
import { familyFigures, measureBars, noiseCurves, noiseSides } from "lib/plots/mod.ts";

/** Of runs that are committed; some of them were scored in noise. */
const FAMILY: Family = {
  title: "Made",
  question: "Is it?",
  measure: "relabelled.macroF1",
  presets: { real: [{ base: "irmas_scratch", variants: ["recipe:irmas_yamnet"] }] },
};
const [evidence] = (await gatherEvidence({ E0: FAMILY }, { resolve: resolveRecipe })).get("E0")!;

Deno.test("a family is drawn by the measure that it is judged by", () => {
  const [{ layout }] = familyFigures(FAMILY, [evidence]);
  const title = Object(layout.xaxis).title.text;
  assert.match(title, /^macro-F1, relabelled clips: variant less irmas_scratch/);
});

Deno.test("bars of several measures are the runs' means, with the runs behind them", async () => {
  const runsOf = async (recipe: string) =>
    (await readRuns<IrmasResult>(recipeConfig(recipe))).filter(({ result }) => result.noise);
  const [base, runs] = [await runsOf("irmas_scratch"), await runsOf("irmas_yamnet")];
  const comparison = compareFamily({ base, variants: [{ name: "yamnet", runs }] });
  const wanted = ["mixturesOfTwo.macroF1", "mixturesOfTwo.recall"] as const;
  const { data, text } = measureBars(comparison, wanted, { title: "Bars" });
  assert.deepEqual(data.map(({ name }) => name), ["irmas_scratch", "yamnet"]);
  [base, runs].forEach((side, k) => {
    const mean = side.reduce((sum, { result }) => sum + result.mixturesOfTwo.macroF1.value, 0) /
      side.length;
    // scores of mixtures are kept with three digits
    assert.ok(Math.abs((data[k].y as number[])[0] - mean) < 0.004);
    for (const { name } of side) assert.ok(String(data[k].hovertemplate).includes(name));
  });
  assert.match(text, /^yamnet: macro-F1 0\.\d+ \(more\), recall/);
  assert.throws(
    () => measureBars(comparison, ["songs.macroF1"], { title: "" }),
    /no songs\.macroF1/,
  );
});

Deno.test("curves in noise: a point for each ratio, without noise at the left, and bands from least to greatest", () => {
  const sides = noiseSides(evidence);
  assert.deepEqual(sides.map(({ name }) => name), ["irmas_scratch", "irmas_yamnet"]);
  assert.ok(sides.every(({ runs }) => runs.length >= 3));
  const { data } = noiseCurves(sides, { text: "In noise." });
  // two measures by two colours, for each side two edges and a line
  assert.equal(data.length, 4 * 2 * 3);
  const lines = data.filter(({ name }) => name === "irmas_yamnet");
  const pinkF1 = lines.find(({ xaxis }) => xaxis === "x4")!;
  const edges = data.slice(data.indexOf(pinkF1) - 2, data.indexOf(pinkF1));
  const { runs } = sides[1];
  [undefined, 20, 10, 0].forEach((ratio, place) => {
    const values = runs.map(({ mixturesOfTwo, noise }) =>
      ratio === undefined
        ? mixturesOfTwo.macroF1.value
        : noise.find(({ color, snr }) => color === "pink" && snr === ratio)!.mixturesOfTwo
    );
    // drawn numbers are rounded to six digits
    const near = (drawn: unknown, value: number) =>
      assert.ok(Math.abs((drawn as number[])[place] - value) < 1e-6);
    near(pinkF1.y, values.reduce((sum, value) => sum + value, 0) / values.length);
    near(edges[0].y, Math.min(...values));
    near(edges[1].y, Math.max(...values));
  });
  assert.deepEqual(data.filter(({ showlegend }) => showlegend).map(({ name }) => name), [
    "irmas_scratch",
    "irmas_yamnet",
  ]);
  assert.throws(() => noiseCurves([], { text: "Nothing." }), /no run hears in noise/);
});
