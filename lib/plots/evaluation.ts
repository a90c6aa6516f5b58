/** Pictures of scores: hits over false alarms, whether probabilities mean what they say, F1 of single clips. */
import { groupedBars, lineChart, type LineSeries } from "./charts.ts";
import type { Figure, FigureOptions, Numbers } from "./figure.ts";
import { MUTED } from "./style.ts";

/** Square, so that the diagonal is one, with room for the legend. */
const SQUARE = { width: 620, height: 480 };

const diagonal = (name: string): LineSeries => ({
  name,
  x: [0, 1],
  y: [0, 1],
  colour: MUTED,
  dash: "dot",
});

const unit = { range: [-0.01, 1.01], constrain: "domain" };

/** One curve of {@link rocCurves}. */
export interface NamedRoc extends Pick<LineSeries, "name" | "colour" | "dash"> {
  falsePositiveRate: Numbers;
  truePositiveRate: Numbers;
}

/** Draws receiver operating characteristics, from the point that takes nothing, with chance beside them. */
export function rocCurves(curves: readonly NamedRoc[], options: FigureOptions): Figure {
  const lines = curves.map(({ falsePositiveRate, truePositiveRate, ...line }): LineSeries => ({
    ...line,
    x: [0, ...Array.from(falsePositiveRate)],
    y: [0, ...Array.from(truePositiveRate)],
  }));
  return lineChart([...lines, diagonal("chance")], {
    xTitle: "share of false alarms",
    yTitle: "share of hits",
    ...SQUARE,
    ...options,
    layout: { xaxis: unit, yaxis: { ...unit, scaleanchor: "x" }, ...options.layout },
  });
}

/** One line of {@link reliabilityDiagram}: intervals of probability. */
export interface NamedReliability {
  name: string;
  bins: readonly { confidence: number; share: number }[];
}

/** Draws what share is true over what probability was said; on the diagonal both are one. */
export function reliabilityDiagram(
  series: readonly NamedReliability[],
  options: FigureOptions,
): Figure {
  const lines = series.map(({ name, bins }): LineSeries => ({
    name,
    x: bins.map(({ confidence }) => confidence),
    y: bins.map(({ share }) => share),
    markers: true,
  }));
  return lineChart([...lines, diagonal("calibrated")], {
    xTitle: "probability that was said",
    yTitle: "share that is true",
    ...SQUARE,
    ...options,
    layout: { xaxis: unit, yaxis: { ...unit, scaleanchor: "x" }, ...options.layout },
  });
}

/** Rows by their F1, as `f1Spread` counts them. */
interface Spread {
  rows: number;
  values: readonly number[];
  byLabels: readonly { labels: number; counts: readonly number[] }[];
}

/** Draws the share of rows that have each F1, by the number of instruments in them. */
export function f1Bars({ rows, values, byLabels }: Spread, options: FigureOptions): Figure {
  return groupedBars(
    values.map((value) => Number(value.toFixed(2)).toString()),
    byLabels.map(({ labels, counts }) => ({
      name: labels === 1 ? "1 instrument" : `${labels} instruments`,
      values: counts.map((count) => count / rows),
    })),
    {
      xTitle: "F1 of the clip",
      yTitle: "share of the clips",
      ...options,
      layout: {
        barmode: "stack",
        // the values are names of bars: as numbers they would lie upon each other
        xaxis: { type: "category" },
        ...options.layout,
      },
    },
  );
}
