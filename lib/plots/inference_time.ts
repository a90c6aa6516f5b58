/** How long networks take, and what that follows. */
import { lineChart, scatter } from "./charts.ts";
import type { Figure, FigureOptions } from "./figure.ts";
import { SERIES_COLOURS } from "./style.ts";

/** A network's time for sounds of some lengths. */
export interface TimeCurve {
  network: string;
  lengths: readonly { seconds: number; median: number; low: number; high: number }[];
}

const LOGARITHMIC = { type: "log", rangemode: "normal", dtick: 1 };
/** Lengths that are marked on a logarithmic axis. */
const LENGTHS = [10, 20, 50, 100, 200, 500];
const DASHES = ["solid", "dash", "dot"] as const;

/**
 * Draws seconds of computing over seconds of sound, both on logarithmic axes, on which proportional times are parallel
 * lines; the bands reach from quartile to quartile.
 */
export function timeCurves(curves: readonly TimeCurve[], options: FigureOptions): Figure {
  const seconds = (milliseconds: number) => milliseconds / 1000;
  const lines = curves.map(({ network, lengths }, k) => ({
    name: network,
    x: lengths.map(({ seconds }) => seconds),
    y: lengths.map(({ median }) => seconds(median)),
    band: {
      low: lengths.map(({ low }) => seconds(low)),
      high: lengths.map(({ high }) => seconds(high)),
    },
    colour: SERIES_COLOURS[k % 11],
    dash: DASHES[Math.floor(k / 11) % 3],
  }));
  return lineChart(lines, {
    xTitle: "length of the sound, s",
    yTitle: "time, s",
    ...options,
    layout: { xaxis: { ...LOGARITHMIC, tickvals: LENGTHS }, yaxis: LOGARITHMIC, ...options.layout },
  });
}

/** Draws medians over lengths, and the line through each network's. */
export function fittedTimes(
  curves: readonly (TimeCurve & { fit: { slope: number; intercept: number } })[],
  options: FigureOptions,
): Figure {
  const points = scatter(
    curves.map(({ network, lengths }) => ({
      name: network,
      x: lengths.map(({ seconds }) => seconds),
      y: lengths.map(({ median }) => median / 1000),
    })),
    { xTitle: "length of the sound, s", yTitle: "time, s", ...options },
  );
  const lines = lineChart(
    curves.map(({ network, lengths, fit: { slope, intercept } }) => {
      const ends = [0, lengths.at(-1)!.seconds];
      return { name: network, x: ends, y: ends.map((x) => (intercept + slope * x) / 1000) };
    }),
    options,
  );
  return {
    ...points,
    data: [...lines.data.map((line) => ({ ...line, showlegend: false })), ...points.data],
  };
}

/** A network's slope, and what it may follow. */
export interface SlopePoint {
  network: string;
  /** Of a quantity that the network has. */
  amount: number;
  /** Milliseconds for a second of sound. */
  slope: number;
}

/**
 * Draws slopes over a quantity, both on logarithmic axes, with the line on which slopes would be proportional to it.
 *
 * @param groups points by the name that they have in the picture; those that are `named` with their networks' names
 */
export function slopesOver(
  groups: readonly { name: string; points: readonly SlopePoint[]; named?: boolean }[],
  options: FigureOptions,
): Figure {
  const points = groups.flatMap(({ points }) => points);
  const amounts = points.map(({ amount }) => amount);
  const logarithms = points.map(({ slope, amount }) => Math.log(slope / amount));
  const rate = Math.exp(logarithms.reduce((sum, x) => sum + x, 0) / points.length);
  const ends = [Math.min(...amounts), Math.max(...amounts)];
  const layout = { xaxis: LOGARITHMIC, yaxis: LOGARITHMIC, ...options.layout };
  const figure = scatter(
    groups.map(({ name, points }) => ({
      name,
      x: points.map(({ amount }) => amount),
      y: points.map(({ slope }) => slope),
      labels: points.map(({ network }) => network),
    })),
    { size: 9, yTitle: "ms for a second of sound", ...options, layout },
  );
  const proportional = lineChart([{
    name: "proportional",
    x: ends,
    y: ends.map((amount) => rate * amount),
    dash: "dot",
  }], options);
  const named = figure.data.map((trace, k) =>
    groups[k].named
      ? {
        ...trace,
        mode: "markers+text",
        textposition: "bottom right",
        textfont: { size: 11 },
        cliponaxis: false,
      }
      : trace
  );
  return { ...figure, data: [...proportional.data, ...named] };
}
