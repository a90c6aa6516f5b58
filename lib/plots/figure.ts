/**
 * A picture as data: Plotly traces, a layout, and the sentence that says what is to be seen.
 *
 * Everything in a figure is plain JSON: it goes into a notebook, a page or a static picture as it is.
 */
import { axisStyle, DEFAULT_SIZE, layoutStyle } from "./style.ts";

/** One Plotly trace. */
export type Trace = { type: string } & Record<string, unknown>;

/** A picture: Plotly JSON and one plain line of text. */
export interface Figure {
  data: Trace[];
  /** Always has `width` and `height` in pixels. */
  layout: Record<string, unknown>;
  /** What the picture shows, for those who cannot see it and for text-only places. */
  text: string;
}

/** What every helper takes. */
export interface FigureOptions {
  /** One line that says what the picture shows. */
  text: string;
  title?: string;
  xTitle?: string;
  yTitle?: string;
  /** Pixels. */
  width?: number;
  /** Pixels. */
  height?: number;
  /** Merged into the layout at the end, one level deep. */
  layout?: Record<string, unknown>;
}

/** Numbers as a helper takes them. */
export type Numbers = ArrayLike<number>;

/** Rounds to significant digits and turns what JSON cannot hold (NaN, infinity) into gaps. */
export function plain(values: Numbers, digits = 6): (number | null)[] {
  return Array.from(values, (v) => Number.isFinite(v) ? Number(v.toPrecision(digits)) : null);
}

/**
 * Puts traces into a figure in the house style.
 *
 * @throws TypeError when there is no text: a picture without words says nothing to many readers
 */
export function figure(data: Trace[], options: FigureOptions): Figure {
  const { text, title, xTitle, yTitle, width, height, layout = {} } = options;
  if (!text?.trim()) throw new TypeError("a figure needs a line of text that says what it shows");
  const merged: Record<string, unknown> = {
    ...layoutStyle(title),
    xaxis: axisStyle(xTitle),
    yaxis: axisStyle(yTitle),
    width: width ?? DEFAULT_SIZE.width,
    height: height ?? DEFAULT_SIZE.height,
  };
  for (const [key, value] of Object.entries(layout)) {
    const before = merged[key];
    merged[key] = isRecord(before) && isRecord(value) ? { ...before, ...value } : value;
  }
  merged.title = titleWithin(merged as unknown as Laid);
  return { data, layout: merged, text: text.replace(/\s+/g, " ").trim() };
}

/** What of a layout says where a title is. */
interface Laid {
  title: { text: string };
  width: number;
  margin: { l: number };
}

/** Pixels that a letter of a title is wide, about, and that a title keeps from the picture's left. */
const TITLE_LETTER = 8.1, TITLE_LEFT = 20;

/** A title above the plot, or, where it would not fit there, from the picture's left on. */
function titleWithin({ title, width, margin }: Laid): Record<string, unknown> {
  const letters = Math.max(...title.text.split("<br>").map((line) => line.length));
  const fits = margin.l + TITLE_LETTER * letters <= width;
  return fits ? title : { ...title, xref: "container", x: TITLE_LEFT / width };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
