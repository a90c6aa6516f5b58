/** Differences on the small setting beside those on whole spectrograms. */
import { rankCorrelation } from "../evaluation/rank_correlation.ts";
import type { ScreenedVariant } from "../experiments/screening.ts";
import { intervalBars } from "./charts.ts";
import { type Figure, figure, plain, type Trace } from "./figure.ts";
import { MUTED, SERIES_COLOURS } from "./style.ts";

/** Fewer have no order worth telling. */
const LEAST_FOR_ORDER = 4;

const bars = (differences: readonly ScreenedVariant["small"][]) => ({
  ...intervalBars(differences.map(({ value }) => value), {
    low: differences.map(({ low }) => low),
    high: differences.map(({ high }) => high),
  }),
  color: MUTED,
  thickness: 1.2,
  width: 3,
});

/** A point a variant, with both 95 % intervals; on the dashed line both settings say the same. */
export function screeningFigure(
  screened: readonly ScreenedVariant[],
  { measure }: { measure: string },
): Figure {
  const small = screened.map((variant) => variant.small);
  const whole = screened.map((variant) => variant.whole);
  const ends = [...small, ...whole].flatMap(({ low, high }) => [low, high]);
  const from = Math.min(0, ...ends), to = Math.max(0, ...ends);
  const alike: Trace = {
    type: "scatter",
    mode: "lines",
    x: [from, to],
    y: [from, to],
    line: { color: MUTED, width: 1, dash: "dash" },
    hoverinfo: "skip",
  };
  const points: Trace = {
    type: "scatter",
    mode: "markers+text",
    x: plain(small.map(({ value }) => value)),
    y: plain(whole.map(({ value }) => value)),
    text: screened.map(({ variant }) => variant),
    textposition: "top left",
    marker: { color: SERIES_COLOURS[0], size: 9 },
    error_x: bars(small),
    error_y: bars(whole),
    hovertemplate:
      "%{text}: %{x:+.3f} on the small setting, %{y:+.3f} on the whole one<extra></extra>",
  };
  return figure([alike, points], {
    text:
      `Differences of ${screened.length} variants in ${measure}, on the small setting and on whole spectrograms; ${
        orderOf(screened)
      }.`,
    title: `Small setting and whole spectrograms: ${measure}`,
    xTitle: "difference on the small setting (screen)",
    yTitle: "difference on whole spectrograms (irmas_scratch)",
    width: 720,
    height: 520,
    layout: { showlegend: false },
  });
}

/** How alike both orders are, in words. */
function orderOf(screened: readonly ScreenedVariant[]): string {
  if (screened.length < LEAST_FOR_ORDER) return "too few to have an order";
  const { rho, p } = rankCorrelation(
    screened.map(({ small }) => small.value),
    screened.map(({ whole }) => whole.value),
  );
  return `their orders have a rank correlation of ${rho.toFixed(2)} (p ${p.toFixed(2)})`;
}
