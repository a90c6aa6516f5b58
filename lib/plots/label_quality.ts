/** Pictures of label quality: labels ranked from the most doubtful on, and how well the ranking finds wrong ones. */
import { lineChart, type LineSeries } from "./charts.ts";
import type { Figure, FigureOptions, Numbers } from "./figure.ts";
import { SERIES_COLOURS } from "./style.ts";

/** Points of a ranked line, at most: more than a screen has pixels says nothing. */
const POINTS = 1000;

/**
 * Draws qualities from the lowest on, with a line at each cut.
 *
 * @param quality one a label, in [0, 1]
 */
export function rankedQuality(
  quality: Numbers,
  { cuts, ...options }: FigureOptions & { cuts: readonly number[] },
): Figure {
  const ranked = Float64Array.from(quality).sort(), step = Math.ceil(ranked.length / POINTS);
  const ranks = [...ranked.keys()].filter((k) => k % step === 0 || k === ranked.length - 1);
  const lines = cuts.map((cut, k): LineSeries => {
    const below = ranked.filter((q) => q < cut).length;
    return {
      name: `${below} below ${Number(cut.toPrecision(2))}`,
      x: [0, ranked.length],
      y: [cut, cut],
      colour: SERIES_COLOURS[(k + 1) % 11],
      dash: "dash",
    };
  });
  const curve = { name: "labels", x: ranks, y: ranks.map((k) => ranked[k]) };
  return lineChart([curve, ...lines], { xTitle: "rank", yTitle: "label quality", ...options });
}

/** A way to find wrong labels. */
export interface FindingCurve {
  name: string;
  precision: Numbers;
  recall: Numbers;
}

/**
 * Draws precision over recall, one line a curve, with a line at what chance reaches.
 *
 * @param share of wrong labels among all: the precision of chance
 */
export function precisionRecall(
  curves: readonly FindingCurve[],
  { share, ...options }: FigureOptions & { share: number },
): Figure {
  const lines = curves.map(({ name, precision, recall }) => ({ name, x: recall, y: precision }));
  const chance: LineSeries = { name: "chance", x: [0, 1], y: [share, share], dash: "dash" };
  return lineChart([...lines, chance], {
    xTitle: "recall",
    yTitle: "precision",
    ...options,
    layout: { xaxis: { range: [0, 1] }, yaxis: { range: [0, 1.02] }, ...options.layout },
  });
}
