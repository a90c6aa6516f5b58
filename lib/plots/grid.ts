/** Many small pictures of one kind side by side, on the same scales. */
import { type Figure, figure, type FigureOptions, type Trace } from "./figure.ts";
import { packedBytes } from "./packing.ts";
import { axisStyle, type ColourScale, DEFAULT_SIZE, MAGMA_SCALE, MARGIN } from "./style.ts";

/** One small picture: a matrix, row 0 at the bottom. */
export interface Panel {
  title: string;
  /** [rows, columns], columns fastest. */
  values: ArrayLike<number>;
  rows: number;
  columns: number;
}

/** Options of {@link heatmapGrid}. */
export interface GridOptions extends FigureOptions {
  /** Pictures in a row. Default: 4. */
  across?: number;
  /** Ends of the colour scale, for all panels. */
  range: [number, number];
  scale?: ColourScale;
  /** What stands at the left of every row of pictures, at these rows of the matrices. */
  ticks?: { rows: readonly number[]; labels: readonly string[] };
}

/** Bytes that the range is spread over: a colour scale has no more. */
const STEPS = 120;
/** Parts of the picture between the panels. */
const GAP_X = 0.02, GAP_Y = 0.08;

/**
 * Draws matrices as colours, each with a trace and axes of its own, a byte a cell. Neighbouring columns that would share
 * a pixel are averaged.
 */
export function heatmapGrid(panels: readonly Panel[], options: GridOptions): Figure {
  const { across = 4, range: [low, high], scale = MAGMA_SCALE, ticks, ...rest } = options;
  const down = Math.ceil(panels.length / across);
  const pixels = (rest.width ?? DEFAULT_SIZE.width) - MARGIN.l - MARGIN.r;
  const width = (1 - GAP_X * (across - 1)) / across, height = (1 - GAP_Y * down) / down;
  const traces: Trace[] = [], layout: Record<string, unknown> = {}, annotations: unknown[] = [];
  panels.forEach((panel, k) => {
    const { title, values, rows, columns } = mergeColumns(panel, Math.floor(width * pixels));
    const column = k % across, row = Math.floor(k / across), name = k === 0 ? "" : String(k + 1);
    const left = column * (width + GAP_X), bottom = 1 - (row + 1) * (height + GAP_Y);
    const bytes = Float32Array.from(values, (v) => STEPS * (v - low) / (high - low));
    traces.push({
      type: "heatmap",
      z: packedBytes(bytes, [rows, columns]),
      zmin: 0,
      zmax: STEPS,
      colorscale: scale,
      showscale: false,
      xaxis: `x${name}`,
      yaxis: `y${name}`,
      hoverinfo: "skip",
    });
    const bare = { showgrid: false, ticks: "", showline: false, title: { text: "" } };
    layout[`xaxis${name}`] = {
      ...axisStyle(),
      ...bare,
      domain: [left, left + width],
      anchor: `y${name}`,
      showticklabels: false,
    };
    layout[`yaxis${name}`] = {
      ...axisStyle(),
      ...bare,
      domain: [bottom, bottom + height],
      anchor: `x${name}`,
      range: [-0.5, rows - 0.5],
      autorange: false,
      showticklabels: column === 0 && ticks !== undefined,
      tickvals: ticks?.rows,
      ticktext: ticks?.labels,
    };
    annotations.push({
      text: title,
      x: left,
      y: bottom + height,
      xref: "paper",
      yref: "paper",
      xanchor: "left",
      yanchor: "bottom",
      showarrow: false,
      font: { size: 11 },
    });
  });
  return figure(traces, {
    height: 60 + 150 * down,
    ...rest,
    layout: { ...layout, annotations, ...rest.layout },
  });
}

/** A panel of no more columns than wanted: each is the mean of so many neighbours. */
function mergeColumns(panel: Panel, most: number): Panel {
  const { values, rows, columns } = panel, size = Math.ceil(columns / most);
  if (size <= 1) return panel;
  const merged = Math.ceil(columns / size), means = new Float32Array(rows * merged);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < merged; column++) {
      const from = column * size, to = Math.min(columns, from + size);
      let sum = 0;
      for (let k = from; k < to; k++) sum += values[row * columns + k];
      means[row * merged + column] = sum / (to - from);
    }
  }
  return { ...panel, values: means, columns: merged };
}
