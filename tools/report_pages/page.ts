/** The frame of every page of the report. */
import { escapeHtml } from "../../lib/plots/table.ts";
import type { Figure } from "../../lib/plots/figure.ts";
import { DEFAULT_SIZE } from "../../lib/plots/style.ts";

/** A page to be written. */
export interface Page {
  /** File name in the report's folder. */
  file: string;
  title: string;
  /** HTML of the main part. */
  body: string;
}

/** A link in the bar at the top. */
export interface Link {
  file: string;
  title: string;
}

/** A whole HTML page. @param links the pages of the report, for the bar at the top */
export function pageHtml({ file, title, body }: Page, links: readonly Link[]): string {
  const bar = links.map((link) =>
    `<a href="${link.file}"${link.file === file ? ' aria-current="page"' : ""}>${
      escapeHtml(link.title)
    }</a>`
  ).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/style.css">
<script defer src="assets/plotly.min.js"></script>
<script defer src="assets/plots.js"></script>
</head>
<body>
<header class="bar"><nav><a class="brand" href="index.html">Lumen</a>
${bar}
</nav></header>
<main>
${body}
</main>
</body>
</html>
`;
}

/**
 * A figure in a page: its still picture at once, the live one when it comes into view.
 *
 * @param still base64 of a PNG
 */
export function figureHtml({ data, layout, text }: Figure, still: string): string {
  const { width, height } = { ...DEFAULT_SIZE, ...layout };
  const json = JSON.stringify({ data, layout }).replaceAll("<", "\\u003c");
  return `<figure class="plot">
<div class="canvas" style="max-width:${width}px;aspect-ratio:${width}/${height}">
<img alt="${escapeHtml(text)}" src="data:image/png;base64,${still.trim()}">
<script type="application/json">${json}</script>
</div>
<figcaption>${escapeHtml(text)}</figcaption>
</figure>`;
}
