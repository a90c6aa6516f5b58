/** A notebook as a page: text, code, outputs, live plots. */
import { basename } from "node:path";
import type { Figure } from "../../lib/plots/figure.ts";
import { escapeHtml } from "../../lib/plots/table.ts";
import { toPng } from "../../lib/plots/static.ts";
import { Buffer } from "node:buffer";
import { type Cell, type CellOutput, readCells } from "../notebooks.ts";
import { toHtml } from "./markup.ts";
import { figureHtml, type Page } from "./page.ts";

/** A page with what the start page says about it. */
export interface NotebookPage extends Page {
  /** The notebook's first paragraph, without its markup. */
  lead: string;
  /** Base64 of the first picture, where there is one. */
  picture?: string;
}

const PLOTLY = "application/vnd.plotly.v1+json";
// deno-lint-ignore no-control-regex -- terminal colours begin with the escape character
const COLOURS = /\u001b\[[0-9;]*m/g;

/** Turns a notebook into a page. @param path .ipynb file, with its outputs */
export async function notebookPage(path: string): Promise<NotebookPage> {
  const cells = readCells(path).filter((cell) => cell.source.trim());
  const html = await toHtml(cells.map(({ kind, source }) => ({
    kind: kind === "code" ? "typescript" : "markdown",
    text: source,
  })));
  const parts = await Promise.all(cells.map((cell, k) => cellHtml(cell, html[k])));
  const name = basename(path, ".ipynb");
  const [heading, lead] = openingOf(cells, name);
  return {
    file: `${name}.html`,
    title: heading,
    lead,
    picture: firstPicture(cells),
    body: parts.join("\n"),
  };
}

function openingOf(cells: readonly Cell[], name: string): [string, string] {
  const text = cells.find((cell) => cell.kind === "markdown")?.source ?? "";
  const heading = text.match(/^#\s+(.*)$/m)?.[1] ?? name;
  const paragraph = text.split(/\n\s*\n/).find((part) => part.trim() && !/^\s*#/.test(part)) ?? "";
  return [heading, paragraph.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[*_`]/g, "").trim()];
}

function firstPicture(cells: readonly Cell[]): string | undefined {
  for (const { outputs } of cells) {
    for (const output of outputs) {
      if (output.kind === "data" && output.data["image/png"]) {
        return String(output.data["image/png"]).trim();
      }
    }
  }
}

async function cellHtml(cell: Cell, html: string): Promise<string> {
  if (cell.kind !== "code") return html;
  const onlyImports = /^(import\b[^;]*;\s*)+$/.test(cell.source.trim());
  const source = onlyImports
    ? `<details class="source"><summary>imports</summary>${html}</details>`
    : html;
  const outputs = await Promise.all(cell.outputs.map(outputHtml));
  return [source, ...outputs].join("\n");
}

/** The richest form of an output that a page can show. */
async function outputHtml(output: CellOutput): Promise<string> {
  if (output.kind !== "data") return preformatted(output.text);
  const { data } = output;
  const text = String(data["text/plain"] ?? "");
  if (data[PLOTLY]) {
    const figure = { ...data[PLOTLY] as Omit<Figure, "text">, text } as Figure;
    const still = data["image/png"] ?? Buffer.from(await toPng(figure)).toString("base64");
    return figureHtml(figure, String(still));
  }
  if (data["text/html"]) return `<div class="output">${data["text/html"]}</div>`;
  if (data["image/png"]) return stillHtml(output);
  return preformatted(text);
}

/** A still picture at the size it is meant for, and the sentence that says what it shows. */
function stillHtml({ data, metadata }: CellOutput & { kind: "data" }): string {
  const { width } = (metadata["image/png"] ?? {}) as { width?: number };
  const text = escapeHtml(String(data["text/plain"] ?? ""));
  const source = `data:image/png;base64,${String(data["image/png"]).trim()}`;
  return `<figure class="output"><img alt="${text}"${
    width ? ` width="${width}"` : ""
  } src="${source}">
<figcaption>${text}</figcaption></figure>`;
}

/** A sentence wraps; of several lines, columns may stand below each other. */
function preformatted(text: string): string {
  const shown = text.replace(COLOURS, "").trimEnd(),
    kind = shown.includes("\n") ? "" : ' class="line"';
  return `<div class="output"><pre${kind}>${escapeHtml(shown)}</pre></div>`;
}
