/** Whether the small setting on which variants are screened puts them into the order that whole spectrograms would. */
import type { Difference } from "../evaluation/difference.ts";
import type { Measure } from "./comparison.ts";
import { comparedVariant, type FamilyEvidence } from "./family_evidence.ts";

/** The bases of the two settings. */
const SMALL = "screen", WHOLE = "irmas_scratch";

/** A variant that was held against both bases. */
export interface ScreenedVariant {
  variant: string;
  small: Difference;
  whole: Difference;
}

/**
 * All variants of families that both settings have runs of.
 *
 * @param measure of the difference from the setting's own base
 */
export function screenedVariants(
  evidence: ReadonlyMap<string, readonly FamilyEvidence[]>,
  measure: Measure,
): ScreenedVariant[] {
  return [...evidence.values()].flatMap((comparisons) => {
    const of = (wanted: string) => comparisons.filter(({ base }) => base === wanted);
    return of(WHOLE).flatMap(({ comparison }) =>
      comparison.variants.flatMap(({ name: variant }) => {
        const small = comparedVariant(of(SMALL), variant, measure)?.difference;
        const whole = comparedVariant(of(WHOLE), variant, measure)?.difference;
        return small && whole ? [{ variant, small, whole }] : [];
      })
    );
  });
}
