/** Showing things in a notebook: pictures that are alive there and still there where it is read as a page. */
import { Buffer } from "node:buffer";
import type { Figure } from "../plots/figure.ts";
import { packTrace } from "../plots/packing.ts";
import { sizeOf, toPng } from "../plots/static.ts";
import type { Html } from "../plots/table.ts";
import { type Bundle, send } from "./kernel.ts";

/** What can be shown. */
export type Showable = Figure | Html | string;

/**
 * Shows a figure, a table or HTML, or a text as the cell's output. Await it, else the output may be lost.
 *
 * A figure is sent as Plotly JSON, as PNG and as its line of text together: JupyterLab draws the first,
 * code hosts show the second, and a screen reader reads the third. One with nothing to tell the pointer,
 * as all its traces skip it, is sent without the first and with twice the pixels: sharper, and half the bytes.
 *
 * @throws Error when the figure cannot be drawn
 */
export async function show(what: Showable): Promise<void> {
  await send(await bundleOf(what));
}

/** What {@link show} sends. */
export async function bundleOf(what: Showable): Promise<Bundle> {
  if (typeof what === "string") return { data: { "text/plain": what } };
  if ("html" in what) return { data: { "text/html": what.html, "text/plain": what.text } };
  const { width, height } = sizeOf(what);
  const png = async (scale: number) => Buffer.from(await toPng(what, { scale })).toString("base64");
  const metadata = { "image/png": { width, height } };
  if (what.data.every(({ hoverinfo }) => hoverinfo === "skip")) {
    return { data: { "image/png": await png(2), "text/plain": what.text }, metadata };
  }
  return {
    data: {
      "application/vnd.plotly.v1+json": {
        data: what.data.map(packTrace),
        layout: what.layout,
        config: { responsive: true, displaylogo: false },
      },
      // at the size it is shown: JupyterLab shows it pixel by pixel until the pointer comes over it
      "image/png": await png(1),
      "text/plain": what.text,
    },
    metadata,
  };
}
