/**
 * Figures as still pictures, made without a browser: Plotly draws into a simulated page (jsdom), whose
 * text is measured on a canvas; resvg turns the SVG into pixels.
 *
 * Not possible this way: violin and 3-D plots.
 */
import { GlobalFonts } from "@napi-rs/canvas";
import { Resvg } from "@resvg/resvg-js";
import { JSDOM } from "jsdom";
import upng from "upng-js";
import { exists } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import type { Figure } from "./figure.ts";
import { installStubs } from "./simulated_page.ts";
import { DEFAULT_SIZE } from "./style.ts";

/** How a still picture is made. */
export interface StaticOptions {
  /** Pixels of the picture for each pixel of the figure. Default 1.5. */
  scale?: number;
}

/**
 * Draws a figure as SVG, as large as its layout says.
 *
 * @throws Error that names the figure when Plotly cannot draw it
 */
export async function toSvg(figure: Figure): Promise<string> {
  const page = await simulatedPage();
  const { width, height } = sizeOf(figure);
  try {
    const url = await page.draw(
      JSON.stringify({ data: figure.data, layout: { ...figure.layout, width, height } }),
    );
    // resvg does not accept the quotes that Plotly puts around references
    return decodeURIComponent(url.slice(url.indexOf(",") + 1))
      .replaceAll(/url\((?:&quot;|'|")(#[^)]*?)(?:&quot;|'|")\)/g, "url($1)");
  } catch (error) {
    throw new Error(`cannot draw the figure "${figure.text}": ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Colours of a PNG: as many as a palette takes. A pixel is then one byte, and pictures are a third as large. */
const COLOURS = 256;

/** upng-js has no types of its own. */
const encodePng = upng.encode as (
  frames: ArrayBuffer[],
  width: number,
  height: number,
  colours: number,
) => ArrayBuffer;

/**
 * Draws a figure as PNG, `scale` times as large as its layout says, with the figure's background, in at most 256
 * colours.
 */
export async function toPng(
  figure: Figure,
  { scale = 1.5 }: StaticOptions = {},
): Promise<Uint8Array> {
  const svg = await toSvg(figure);
  const { pixels, width, height } = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    imageRendering: 1, // else the cells of a heatmap run into each other
    font: FONTS.length
      ? {
        loadSystemFonts: false,
        fontFiles: FONTS,
        defaultFontFamily: "Inter",
        sansSerifFamily: "Inter",
      }
      : { loadSystemFonts: true, sansSerifFamily: "DejaVu Sans" },
  }).render();
  return new Uint8Array(encodePng([Uint8Array.from(pixels).buffer], width, height, COLOURS));
}

/** A figure's width and height in pixels. */
export function sizeOf(figure: Figure): { width: number; height: number } {
  const { width, height } = figure.layout as Partial<typeof DEFAULT_SIZE>;
  return { width: width ?? DEFAULT_SIZE.width, height: height ?? DEFAULT_SIZE.height };
}

/** The project's own font, so that pictures are the same on machines with other fonts or none. */
const FONTS = ["400Regular/Inter_400Regular.ttf", "700Bold/Inter_700Bold.ttf"]
  .map((file) => projectPath("node_modules/@expo-google-fonts/inter", file))
  .filter(exists);

/** A page with Plotly in it. */
interface Page {
  /** Draws a figure given as JSON; gives an SVG data URL. */
  draw(figure: string): Promise<string>;
}

let started: Promise<Page> | undefined;

/** The page, opened at the first picture (about a second) and kept. */
function simulatedPage(): Promise<Page> {
  return started ??= openPage();
}

async function openPage(): Promise<Page> {
  for (const file of FONTS) GlobalFonts.registerFromPath(file);
  const { window } = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
  });
  installStubs(window, FONTS.length ? "Inter" : "sans-serif");
  window.eval(
    await Deno.readTextFile(projectPath("node_modules/plotly.js-dist-min/plotly.min.js")),
  );
  window.eval(`globalThis.drawFigure = async (text) => {
    const { data, layout } = JSON.parse(text);
    const element = document.createElement("div");
    document.body.appendChild(element);
    try {
      await Plotly.newPlot(element, data, layout, { staticPlot: true });
      return await Plotly.toImage(element, { format: "svg", width: layout.width, height: layout.height });
    } finally {
      Plotly.purge(element);
      element.remove();
    }
  }`);
  return { draw: (figure) => window.drawFigure(figure) };
}
