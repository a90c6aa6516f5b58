/** The report's first page: the main table, figures, the ledger, the way to the notebooks. */
import { Buffer } from "node:buffer";
import { type LedgerRow, type LedgerValue, verdict } from "../../lib/experiments/ledger.ts";
import { INSTRUMENT_NAMES, INSTRUMENTS } from "../../lib/datasets/labels.ts";
import { barChart } from "../../lib/plots/charts.ts";
import type { Figure } from "../../lib/plots/figure.ts";
import { overSeeds } from "../../lib/evaluation/over_seeds.ts";
import { toPng } from "../../lib/plots/static.ts";
import { INSTRUMENT_COLOUR_LIST } from "../../lib/plots/style.ts";
import { escapeHtml } from "../../lib/plots/table.ts";
import { learningCurves } from "../../lib/plots/training.ts";
import type { NotebookPage } from "./notebook_page.ts";
import { figureHtml, type Page } from "./page.ts";
import {
  byInstrument,
  type Experiment,
  type ScoreRow,
  scoreRows,
  scoreTable,
  words,
} from "./results.ts";

/** What the start page is made from. */
export interface StartPageData {
  notebooks: readonly NotebookPage[];
  experiments: readonly Experiment[];
  ledger: readonly LedgerRow[];
}

/** Makes the start page. */
export async function startPage({ notebooks, experiments, ledger }: StartPageData): Promise<Page> {
  const figures = [instrumentFigure(experiments), curveFigure(experiments)];
  const drawn: string[] = [];
  for (const figure of figures) {
    if (!figure) continue;
    drawn.push(figureHtml(figure, Buffer.from(await toPng(figure)).toString("base64")));
  }
  return {
    file: "index.html",
    title: "Lumen: recognising musical instruments",
    body: `<h1>Which instruments are playing?</h1>
<p class="lead">Lumen is a notebook environment for musical instrument recognition, in TypeScript: from a
sound to its mel spectrogram, a ConvNeXt trained on it, and numbers that can be traced to where they come
from. This report was made from the runs, the ledger and the notebooks in the project's folder.</p>
<h2>Results</h2>
${resultsTable(scoreRows(experiments))}
${drawn.join("\n")}
<h2>Notebooks</h2>
<div class="cards">
${notebooks.map(card).join("\n")}
</div>
<h2>Ledger: the document's numbers and ours</h2>
${ledgerTable(ledger)}`,
  };
}

function resultsTable(rows: readonly ScoreRow[]): string {
  if (!rows.length) {
    return `<p class="note">No run is finished yet. <code>./lumen demo</code> trains on demo audio, and on
real spectrograms where they are there.</p>`;
  }
  const { head, lines } = scoreTable(rows);
  const body = lines.map(({ labels, numbers }) => {
    const cells = numbers.map(({ value, interval }) =>
      `<td style="text-align:right">${value}${
        interval && `<div class="why">${interval}</div>`
      }</td>`
    );
    return `<tr>${labels.map((text) => `<td>${escapeHtml(text)}</td>`).join("")}${
      cells.join("")
    }</tr>`;
  });
  return `<div class="wide"><table>
<thead><tr>${
    head.map((text, k) => `<th style="text-align:${k < 4 ? "left" : "right"}">${text}</th>`).join(
      "",
    )
  }</tr></thead>
<tbody>${body.join("\n")}</tbody></table></div>
<p class="why">Below a number: its 95 % interval, of one run over recordings or songs, of a mean over seeds Student's.</p>`;
}

/** Of the newest experiment that has numbers by instrument. */
function instrumentFigure(experiments: readonly Experiment[]): Figure | undefined {
  for (const { results, recipe, data } of [...experiments].reverse()) {
    const found = results.flatMap((result) => byInstrument(result) ?? []);
    if (found.length === 0) continue;
    const [{ on }] = found;
    const values = INSTRUMENTS.map((_, k) => overSeeds(found.map(({ values }) => values[k])).mean);
    const where = words(on.split(", ")[0]);
    const best = values.indexOf(Math.max(...values)), worst = values.indexOf(Math.min(...values));
    const names = INSTRUMENTS.map((code) => INSTRUMENT_NAMES[code]);
    const labels = names.map((name) => name.replace(" ", "<br>"));
    return barChart(labels, values, {
      title: "F1 by instrument",
      yTitle: "F1",
      colour: INSTRUMENT_COLOUR_LIST,
      decimals: 2,
      text:
        `F1 of ${recipe} (${data}) on ${where}, mean of ${found.length} ${
          found.length === 1 ? "seed" : "seeds"
        }: best for ${names[best]} (${values[best].toFixed(2)}), ` +
        `least for ${names[worst]} (${values[worst].toFixed(2)}).`,
    });
  }
}

/** The quality on held-out recordings, epoch by epoch; where no run measured that, the loss. */
function curveFigure(experiments: readonly Experiment[]): Figure | undefined {
  const runs = experiments.flatMap(({ curves, recipe, data }) =>
    curves.map(({ rows }) => ({ name: `${recipe}, ${data}`, rows }))
  );
  const names = [...new Set(runs.flatMap(({ rows }) => rows.map(({ name }) => name)))];
  const wanted = [/valid.*(accuracy|f1)/i, /(accuracy|f1)/i, /valid.*loss/i, /loss/i];
  const metric = wanted.map((pattern) => names.find((name) => pattern.test(name))).find(Boolean);
  if (!metric) return undefined;
  const shown = runs.filter(({ rows }) => rows.some(({ name }) => name === metric));
  return learningCurves(shown, [metric], {
    title: "Learning curves",
    text: `${words(metric)} over epochs of ${shown.length} runs; a band reaches over the seeds.`,
  });
}

function card({ file, title, lead, picture }: NotebookPage): string {
  const image = picture
    ? `<img alt="" src="data:image/png;base64,${picture}">`
    : '<div class="blank"></div>';
  return `<a class="card" href="${file}">${image}<div><strong>${escapeHtml(title)}</strong><span>${
    escapeHtml(lead)
  }</span></div></a>`;
}

function ledgerTable(rows: readonly LedgerRow[]): string {
  if (!rows.length) return `<p class="note">The ledger is empty: the notebooks fill it.</p>`;
  const compared = rows.filter((row) => row.agrees !== null);
  const agreeing = compared.filter((row) => row.agrees).length;
  const lines = rows.map((row) => {
    const word = verdict(row);
    const kind = row.agrees ? "agrees" : word === "DIFFERS" ? "differs" : "";
    const why = row.explanation ? `<div class="why">${escapeHtml(row.explanation)}</div>` : "";
    return `<tr><td>${escapeHtml(row.id)}</td><td>${escapeHtml(row.what)}${why}</td>` +
      `<td style="text-align:right">${valueText(row.document)}</td>` +
      `<td style="text-align:right">${valueText(row.ours)}</td>` +
      `<td class="${kind}">${word.toLowerCase()}</td><td>${row.on}</td></tr>`;
  });
  return `<p>${rows.length} numbers; of ${compared.length} that both sides give, ${agreeing} agree.</p>
<div class="wide"><table class="ledger"><thead><tr><th style="text-align:left">id</th><th style="text-align:left">what</th>
<th style="text-align:right">document</th><th style="text-align:right">ours</th><th></th>
<th style="text-align:left">computed on</th></tr></thead>
<tbody>${lines.join("\n")}</tbody></table></div>`;
}

function valueText(value: LedgerValue | null): string {
  if (value === null) return "–";
  return escapeHtml(Array.isArray(value) ? value.join(" / ") : String(value));
}
