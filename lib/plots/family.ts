/** A family of experiments as figures: one for each base that its variants are held against. */
import type { Family } from "../experiments/family.ts";
import type { FamilyEvidence } from "../experiments/family_evidence.ts";
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
