/** Learning curves from the metrics that runs leave behind. */
import { lineChart, type LineSeries } from "./charts.ts";
import type { Figure, FigureOptions } from "./figure.ts";
import { SERIES_COLOURS } from "./style.ts";

/** One line of a run's metrics.jsonl. */
export interface MetricRow {
  name: string;
  step: number;
  epoch: number;
  value: number;
}

/** A run's metrics under the name it has in the picture; runs of one name are seeds of one experiment. */
export interface CurveRun {
  name: string;
  rows: readonly MetricRow[];
}

/** Options of {@link learningCurves}. */
export interface CurveOptions extends FigureOptions {
  /** The horizontal axis. Default epoch. */
  over?: "epoch" | "step";
}

const DASHES = ["solid", "dash", "dot", "dashdot"] as const;

/**
 * Draws metrics over epochs or steps: a colour for each name, a dash for each metric. Where several runs
 * have one name, the line is their mean and the band reaches from the least to the greatest.
 *
 * @param metrics names as they stand in the rows, e.g. ["train/loss", "validation/loss"]
 * @throws RangeError when no run has one of the metrics; the message lists those there are
 */
export function learningCurves(
  runs: readonly CurveRun[],
  metrics: readonly string[],
  { over = "epoch", ...options }: CurveOptions,
): Figure {
  const names = [...new Set(runs.map((run) => run.name))];
  const lines: LineSeries[] = [];
  for (const [k, name] of names.entries()) {
    const seeds = runs.filter((run) => run.name === name);
    for (const [m, metric] of metrics.entries()) {
      const curve = meanCurve(
        seeds.map((run) => run.rows.filter((row) => row.name === metric)),
        over,
      );
      if (!curve.x.length) continue;
      lines.push({
        name: metrics.length === 1 ? name : names.length === 1 ? metric : `${name}, ${metric}`,
        x: curve.x,
        y: curve.mean,
        colour: SERIES_COLOURS[k % 11],
        dash: DASHES[m % 4],
        band: seeds.length > 1 ? { low: curve.low, high: curve.high } : undefined,
      });
    }
  }
  const absent = metrics.filter((m) => !runs.some((run) => run.rows.some((row) => row.name === m)));
  if (absent.length) {
    const known = [...new Set(runs.flatMap((run) => run.rows.map((row) => row.name)))].join(", ");
    throw new RangeError(
      `cannot draw "${absent.join('", "')}": no run has it; there are ${known || "no metrics"}`,
    );
  }
  return lineChart(lines, { xTitle: over, yTitle: metrics.join(", "), ...options });
}

/** Mean and range at each place that any of the runs has; repeated rows of a run are averaged first. */
function meanCurve(runs: readonly (readonly MetricRow[])[], over: "epoch" | "step") {
  const places = new Map<number, number[]>();
  for (const rows of runs) {
    const own = new Map<number, number[]>();
    for (const row of rows) own.set(row[over], [...own.get(row[over]) ?? [], row.value]);
    for (const [x, values] of own) places.set(x, [...places.get(x) ?? [], mean(values)]);
  }
  const x = [...places.keys()].sort((a, b) => a - b);
  const at = (pick: (values: number[]) => number) => x.map((place) => pick(places.get(place)!));
  return { x, mean: at(mean), low: at((v) => Math.min(...v)), high: at((v) => Math.max(...v)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
