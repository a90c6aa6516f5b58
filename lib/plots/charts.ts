/** The common pictures in the house style: bars, lines, points, cells, distributions. */
import {
  type Figure,
  figure,
  type FigureOptions,
  type Numbers,
  plain,
  type Trace,
} from "./figure.ts";
import { type ColourScale, PAPER_SCALE, SERIES_COLOURS } from "./style.ts";

function sameLength(what: string, labels: ArrayLike<unknown>, values: ArrayLike<unknown>): void {
  if (labels.length !== values.length) {
    throw new RangeError(
      `cannot draw ${what}: ${labels.length} labels for ${values.length} values`,
    );
  }
}

/** Half-widths of error bars, or both ends of an interval for each value. */
export type Errors = Numbers | { low: Numbers; high: Numbers };

/** Intervals around values as Plotly wants error bars, without their look. */
export const intervalBars = (values: Numbers, { low, high }: { low: Numbers; high: Numbers }) => ({
  type: "data",
  symmetric: false,
  array: plain(Array.from(values, (v, k) => high[k] - v)),
  arrayminus: plain(Array.from(values, (v, k) => v - low[k])),
});

function errorBars(
  values: Numbers,
  errors: Errors | undefined,
): Record<string, unknown> | undefined {
  if (!errors) return undefined;
  const look = { type: "data", visible: true, thickness: 1.2, width: 4, color: "#4a5064" };
  if (!("low" in errors)) return { ...look, array: plain(errors) };
  return { ...look, ...intervalBars(values, errors) };
}

/** Options of {@link barChart}. */
export interface BarOptions extends FigureOptions {
  /** One colour for all bars or one for each. */
  colour?: string | readonly string[];
  errors?: Errors;
  /** Bars to the right, the first on top: for long labels. */
  horizontal?: boolean;
  /** Decimals of the number on each bar; no number where it is not given. */
  decimals?: number;
}

/** Bars, one a label. @throws RangeError when labels and values differ in number. */
export function barChart(
  labels: readonly string[],
  values: Numbers,
  { colour, errors, ...options }: BarOptions,
): Figure {
  return groupedBars(labels, [{ name: "", values, colour, errors }], options);
}

/** One colour of {@link groupedBars}. */
export interface BarSeries {
  name: string;
  values: Numbers;
  colour?: string | readonly string[];
  errors?: Errors;
}

/** Bars side by side: for each label one of every series. */
export function groupedBars(
  labels: readonly string[],
  series: readonly BarSeries[],
  { horizontal, decimals, ...options }: Omit<BarOptions, "colour" | "errors">,
): Figure {
  const data = series.map(({ name, values, colour, errors }, k): Trace => {
    sameLength(`bars "${name || options.title || options.text}"`, labels, values);
    const [long, short] = horizontal ? ["x", "y"] : ["y", "x"];
    return {
      type: "bar",
      name,
      orientation: horizontal ? "h" : "v",
      [long]: plain(values),
      [short]: [...labels],
      [`error_${long}`]: errorBars(values, errors),
      marker: {
        color: typeof colour === "object" ? [...colour] : colour ?? SERIES_COLOURS[k % 11],
      },
      text: decimals === undefined
        ? undefined
        : Array.from(values, (v) => Number.isFinite(v) ? v.toFixed(decimals) : ""),
      textposition: decimals === undefined ? undefined : errors ? "inside" : "outside",
      insidetextanchor: "start",
      textfont: { size: 11 },
      cliponaxis: false,
    };
  });
  return figure(data, {
    ...options,
    layout: {
      barmode: "group",
      showlegend: series.length > 1,
      ...(horizontal
        ? {
          yaxis: { autorange: "reversed", ticks: "", showgrid: false },
          xaxis: { rangemode: "tozero" },
        }
        : { xaxis: { ticks: "", showgrid: false }, yaxis: { rangemode: "tozero" } }),
      ...options.layout,
    },
  });
}

/** One line of {@link lineChart}. */
export interface LineSeries {
  name: string;
  x: Numbers;
  y: Numbers;
  colour?: string;
  dash?: "solid" | "dash" | "dot" | "dashdot";
  /** A band around the line. */
  band?: { low: Numbers; high: Numbers };
  markers?: boolean;
}

/** Lines over a number axis. @throws RangeError when x and y differ in length. */
export function lineChart(lines: readonly LineSeries[], options: FigureOptions): Figure {
  const data = lines.flatMap(({ name, x, y, colour, dash, band, markers }, k): Trace[] => {
    sameLength(`line "${name}"`, x, y);
    const tint = colour ?? SERIES_COLOURS[k % 11];
    const line: Trace = {
      type: "scatter",
      mode: markers ? "lines+markers" : "lines",
      name,
      x: plain(x),
      y: plain(y),
      line: { color: tint, width: 2, dash: dash ?? "solid" },
      marker: { size: 6 },
    };
    if (!band) return [line];
    const edge = (values: Numbers, fill?: string): Trace => ({
      type: "scatter",
      mode: "lines",
      x: plain(x),
      y: plain(values),
      line: { width: 0 },
      fill,
      fillcolor: `${tint}26`,
      hoverinfo: "skip",
      showlegend: false,
    });
    return [edge(band.low), edge(band.high, "tonexty"), line];
  });
  return figure(data, { ...options, layout: { showlegend: lines.length > 1, ...options.layout } });
}

/** One group of points of {@link scatter}. */
export interface PointSeries {
  name: string;
  x: Numbers;
  y: Numbers;
  colour?: string;
  symbol?: string;
  /** What a point is called when the pointer is on it. */
  labels?: readonly string[];
}

/** Options of {@link scatter}. */
export interface ScatterOptions extends FigureOptions {
  /** Diameter of a point in pixels. */
  size?: number;
  /** Below 1 where points lie upon each other. */
  opacity?: number;
}

/** Groups of points. @throws RangeError when x and y differ in length. */
export function scatter(
  groups: readonly PointSeries[],
  { size = 6, opacity = 0.8, ...options }: ScatterOptions,
): Figure {
  const data = groups.map(({ name, x, y, colour, symbol, labels }, k): Trace => {
    sameLength(`points "${name}"`, x, y);
    return {
      type: "scatter",
      mode: "markers",
      name,
      x: plain(x, 4),
      y: plain(y, 4),
      text: labels && [...labels],
      marker: {
        color: colour ?? SERIES_COLOURS[k % 11],
        symbol: symbol ?? "circle",
        size,
        opacity,
        line: { width: 0 },
      },
    };
  });
  return figure(data, {
    ...options,
    layout: {
      showlegend: groups.length > 1,
      legend: { itemsizing: "constant" },
      ...options.layout,
    },
  });
}

/** Options of {@link heatmap}. */
export interface HeatmapOptions extends FigureOptions {
  x?: readonly (string | number)[];
  y?: readonly (string | number)[];
  scale?: ColourScale;
  /** Ends of the colour scale; those of the data where they are not given. */
  range?: [number, number];
  /** What the colours mean, with the unit. */
  colourTitle?: string;
  /** Writes each number into its cell with so many decimals. */
  decimals?: number;
  /** Row 0 at the bottom, as for frequencies. Default: on top, as for tables. */
  upward?: boolean;
}

/** A matrix as colours. @param rows one list a row, all of one length */
export function heatmap(rows: readonly Numbers[], options: HeatmapOptions): Figure {
  const columns = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== columns)) {
    throw new RangeError("cannot draw a heatmap: its rows differ in length");
  }
  return heatmapOf(rows.map((row) => plain(row, 4)), options);
}

/** As {@link heatmap}, of values in a form that Plotly knows, such as `packedBytes`. */
export function heatmapOf(z: unknown, options: HeatmapOptions): Figure {
  const { x, y, scale = PAPER_SCALE, range, colourTitle, decimals, upward, ...rest } = options;
  const trace: Trace = {
    type: "heatmap",
    z,
    x: x && [...x],
    y: y && [...y],
    colorscale: scale,
    zmin: range?.[0],
    zmax: range?.[1],
    colorbar: {
      title: { text: colourTitle ?? "", side: "top", font: { size: 12 } },
      thickness: 12,
      outlinewidth: 0,
      tickfont: { size: 11 },
    },
    texttemplate: decimals === undefined ? undefined : `%{z:.${decimals}f}`,
    textfont: { size: 11 },
  };
  return figure([trace], {
    ...rest,
    layout: {
      xaxis: { showgrid: false, ticks: "" },
      yaxis: { showgrid: false, ticks: "", autorange: upward ? true : "reversed" },
      ...rest.layout,
    },
  });
}

/** Options of {@link histogram}. */
export interface HistogramOptions extends FigureOptions {
  /** Number of equal bins over the whole range. Default 40. */
  bins?: number;
  colour?: string;
}

/** How often values fall into equal bins; counted here, so that a million values make a small picture. */
export function histogram(
  values: Numbers,
  { bins = 40, colour, ...options }: HistogramOptions,
): Figure {
  const { edges, counts } = binCounts(values, bins);
  const centre = counts.map((_, k) => (edges[k] + edges[k + 1]) / 2);
  const data: Trace[] = [{
    type: "bar",
    x: plain(centre),
    y: counts,
    width: edges[1] - edges[0],
    marker: { color: colour ?? SERIES_COLOURS[0], line: { color: "#ffffff", width: 0.5 } },
    hovertemplate: "%{x}: %{y}<extra></extra>",
  }];
  return figure(data, { yTitle: "count", ...options, layout: { bargap: 0, ...options.layout } });
}

/**
 * Counts values in equal bins between their least and their greatest; the last bin includes its end.
 *
 * @throws RangeError when no value is finite
 */
export function binCounts(values: Numbers, bins: number): { edges: number[]; counts: number[] } {
  let low = Infinity, high = -Infinity;
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k])) continue;
    low = Math.min(low, values[k]);
    high = Math.max(high, values[k]);
  }
  if (low > high) throw new RangeError("cannot count values in bins: none is finite");
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const edges = Array.from({ length: bins + 1 }, (_, k) => low + (high - low) * k / bins);
  const counts = new Array<number>(bins).fill(0);
  for (let k = 0; k < values.length; k++) {
    const v = values[k];
    if (Number.isFinite(v)) {
      counts[Math.min(bins - 1, Math.floor((v - low) / (high - low) * bins))]++;
    }
  }
  return { edges, counts };
}
