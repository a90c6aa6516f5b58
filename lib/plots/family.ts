/** A family of experiments as figures: one for each base that its variants are held against. */
import { overSeeds } from "../evaluation/over_seeds.ts";
import type { Comparison, Measure, Verdict } from "../experiments/comparison.ts";
import type { Family } from "../experiments/family.ts";
import type { FamilyEvidence } from "../experiments/family_evidence.ts";
import { type BarSeries, groupedBars } from "./charts.ts";
import { comparisonFigure } from "./comparison.ts";
import type { Figure } from "./figure.ts";

/** The document's differences from its base, by variant. */
function documentDifferences({ document }: Family): Record<string, number> {
  const { base, ...variants } = document?.values ?? {};
  if (base === undefined) return {};
  return Object.fromEntries(
    Object.entries(variants).map(([name, value]) => [name, value - base]),
  );
}

/** Forests of differences from each base, with the document's where it has any; the ranking is by the first measure. */
export function familyFigures(
  family: Family,
  evidence: readonly FamilyEvidence[],
): Figure[] {
  const document = documentDifferences(family);
  return evidence.map(({ comparison, base, preset }) =>
    comparisonFigure(comparison, {
      title: `${family.title}: variants of ${base} (${preset})`,
      document,
    })
  );
}

/** Bars of means over seeds with their 95 % intervals. @param values of each bar, one a seed */
export function seedBars(name: string, values: readonly (readonly number[])[]): BarSeries {
  const means = values.map((own) => overSeeds(own));
  return {
    name,
    values: means.map(({ mean }) => mean),
    errors: {
      low: means.map(({ low, mean }) => low ?? mean),
      high: means.map(({ high, mean }) => high ?? mean),
    },
  };
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  better: "more",
  worse: "less",
  "no evidence": "no evidence of either",
};

/**
 * A base and its variants by several measures of one part, e.g. macro-F1, recall and precision on mixtures of two; 95 %
 * intervals over seeds.
 *
 * @throws RangeError where the comparison lacks one of them
 */
export function measureBars(
  { base, variants, measures }: Comparison,
  wanted: readonly Measure[],
  { title }: { title: string },
): Figure {
  const found = wanted.map((name) => {
    const measure = measures.find(({ measure }) => measure === name);
    if (!measure) throw new RangeError(`${base.name} and its variants have no ${name}`);
    return measure;
  });
  const [what, part] = [0, 1].map((k) => found.map((measure) => measure.title.split(", ")[k]));
  const picture = groupedBars(what, [
    seedBars(base.name, found.map((measure) => measure.base.values)),
    ...variants.map(({ name }, k) =>
      seedBars(name, found.map((measure) => measure.variants[k].values))
    ),
  ], {
    title,
    yTitle: part[0],
    decimals: 3,
    text: variants.map(({ name }, k) =>
      `${name}: ${
        found.map(({ variants }, m) =>
          `${what[m]} ${variants[k].difference.value.toFixed(3)} (${VERDICTS[variants[k].verdict]})`
        ).join(", ")
      }`
    ).join("; ") + `, against ${base.name}, on ${part[0]}.`,
  });
  for (const [k, { runs }] of [base, ...variants].entries()) {
    const folders = runs.map(({ name }) => `experiments/runs/${name}`).join("<br>");
    picture.data[k].hovertemplate = `%{y:.3f}<br>${folders}<extra></extra>`;
  }
  return picture;
}
