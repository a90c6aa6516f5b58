/**
 * The house style of every picture: one set of colours, one font, sizes that fit a notebook's column.
 *
 * The eleven colours were found by a search that makes the closest pair as far apart as possible
 * (OKLab) for full colour vision and for protanopia, deuteranopia and tritanopia together (Machado,
 * Oliveira and Fernandes, 2009). Scatter plots add a symbol of its own for each, line plots a dash.
 */
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";

/** An instrument's colour, the same in every picture. */
export const INSTRUMENT_COLOURS: Readonly<Record<Instrument, string>> = {
  cel: "#985413",
  cla: "#3f410f",
  flu: "#40dc9a",
  gac: "#edb300",
  gel: "#2394ee",
  org: "#835ba5",
  pia: "#133d9b",
  sax: "#809a15",
  tru: "#bbb2ee",
  vio: "#e16a94",
  voi: "#6b095b",
};

/** Plotly symbols, one an instrument, so that a scatter plot can be read without colour. */
export const INSTRUMENT_SYMBOLS: Readonly<Record<Instrument, string>> = {
  cel: "circle",
  cla: "square",
  flu: "diamond",
  gac: "triangle-up",
  gel: "triangle-down",
  org: "pentagon",
  pia: "star",
  sax: "cross",
  tru: "x",
  vio: "hexagon",
  voi: "bowtie",
};

/** Colours of series that are not instruments, in the order in which they are given out. */
export const SERIES_COLOURS = [
  "#133d9b",
  "#e16a94",
  "#edb300",
  "#2394ee",
  "#6b095b",
  "#809a15",
  "#985413",
  "#40dc9a",
  "#835ba5",
  "#3f410f",
  "#bbb2ee",
] as const;

/** What stays in the background: a baseline, another's number, a guide. */
export const MUTED = "#8b90a0";

const INK = "#1f2433";
const GRID = "#e7e9f0";
const AXIS = "#c3c8d6";

/** First the font that comes with the project, then what a reader's machine has. */
export const FONT_FAMILY = "Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif";

/** Width and height of a picture in pixels, where a figure does not say otherwise. */
export const DEFAULT_SIZE = { width: 760, height: 400 } as const;

/** Pixels around what is plotted; above it more where there is a title. */
export const MARGIN = { l: 60, r: 24, t: 24, b: 52 } as const;

/** A Plotly colour scale: pairs of position in 0..1 and colour. */
export type ColourScale = [number, string][];

const evenly = (colours: string[]): ColourScale =>
  colours.map((colour, k) => [k / (colours.length - 1), colour]);

/** For amounts on paper: from nearly white to the first series colour. Prints well. */
export const PAPER_SCALE = evenly([
  "#f4f6fb",
  "#cdd8f0",
  "#94aede",
  "#557fc6",
  "#133d9b",
  "#0a1f52",
]);

/** For spectrograms: from black to light, lightness rises evenly (Matplotlib's magma, CC0). */
export const MAGMA_SCALE = evenly([
  "#000004",
  "#1d1147",
  "#51127c",
  "#832681",
  "#b73779",
  "#e75263",
  "#fc8961",
  "#fec488",
  "#fcfdbf",
]);

/** For numbers on both sides of zero: pink below, white, navy above. */
export const DIVERGING_SCALE = evenly([
  "#9c2457",
  "#e16a94",
  "#f6d5e0",
  "#f7f7fa",
  "#c9d6ef",
  "#4f7bc4",
  "#133d9b",
]);

/** The colours of the eleven instruments in label order. */
export const INSTRUMENT_COLOUR_LIST: readonly string[] = INSTRUMENTS.map((code) =>
  INSTRUMENT_COLOURS[code]
);

/** An axis in the house style. */
export function axisStyle(title = ""): Record<string, unknown> {
  return {
    title: { text: title, standoff: 10, font: { size: 13, color: INK } },
    gridcolor: GRID,
    linecolor: AXIS,
    zerolinecolor: AXIS,
    tickcolor: AXIS,
    tickfont: { size: 12, color: "#4a5064" },
    ticks: "outside",
    ticklen: 4,
    showline: true,
    zeroline: false,
    automargin: true,
  };
}

/** The part of a layout that all pictures share. */
export function layoutStyle(title = ""): Record<string, unknown> {
  return {
    title: {
      text: title,
      font: { size: 16, color: INK },
      x: 0,
      xref: "paper",
      xanchor: "left",
      y: 0.96,
    },
    font: { family: FONT_FAMILY, size: 13, color: INK },
    colorway: [...SERIES_COLOURS],
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    margin: { ...MARGIN, t: title ? 60 : MARGIN.t },
    hoverlabel: { font: { family: FONT_FAMILY, size: 12 } },
    legend: { traceorder: "normal", font: { size: 12 }, bgcolor: "rgba(255,255,255,0.75)" },
    bargap: 0.25,
  };
}
