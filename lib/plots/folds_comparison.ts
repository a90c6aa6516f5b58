/** Two ways to train by one run a fold, as tables. */
import { intervalText } from "../evaluation/bootstrap.ts";
import type { FoldsComparison, FoldsMeasure } from "../experiments/folds_comparison.ts";
import { TITLES } from "../experiments/scored_rows.ts";
import { type Html, table } from "./table.ts";

const STATISTICS: Readonly<Record<FoldsMeasure["statistic"], string>> = {
  accuracy: "accuracy",
  macroF1: "macro-F1",
};

/** The rows of {@link foldsTable}: measure, both ways and their difference with 95 % intervals, and the trivial score. */
export const foldsRows = ({ measures }: FoldsComparison) =>
  measures.map(({ part, statistic, base, variant, difference, trivial }) => ({
    measure: `${STATISTICS[statistic]}, ${TITLES[part]}`,
    variant: intervalText(variant),
    base: intervalText(base),
    difference: intervalText(difference),
    trivial,
  }));

/** A row a measure. @param names of the ways, for the columns' heads */
export function foldsTable(
  comparison: FoldsComparison,
  { base, variant }: { base: string; variant: string },
): Html {
  return table(foldsRows(comparison), {
    caption: `folds ${comparison.folds.join(", ")}, one run each; 95 % intervals over recordings`,
    columns: { measure: "", variant, base, difference: "difference", trivial: "trivial" },
  });
}
