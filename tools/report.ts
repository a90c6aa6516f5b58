/**
 * Writes the report: a start page and the notebooks as pages with live plots. It needs no server and no
 * network: `report/index.html` opens in a browser as it is.
 *
 *     deno run -A tools/report.ts
 */
import { basename, join } from "node:path";
import { exists, writeAtomically } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";
import { readLedger } from "../lib/experiments/ledger.ts";
import { listNotebooks } from "./notebooks.ts";
import { notebookPage } from "./report_pages/notebook_page.ts";
import { type Page, pageHtml } from "./report_pages/page.ts";
import { readExperiments } from "./report_pages/results.ts";
import { startPage } from "./report_pages/start_page.ts";

/** What the report is made from and where it goes. */
export interface ReportOptions {
  /** Default: `report/`. */
  out?: string;
  /** Notebooks with their outputs. Default: all of `notebooks/`. */
  notebooks?: readonly string[];
  /** Folder of runs. Default: `experiments/runs/` and `data/runs/`. */
  runs?: string;
  /** Default: `experiments/ledger.json`. */
  ledger?: string;
}

const ASSETS = [
  ["node_modules", "plotly.js-dist-min", "plotly.min.js"],
  ["node_modules", "@expo-google-fonts", "inter", "400Regular", "Inter_400Regular.ttf"],
  ["node_modules", "@expo-google-fonts", "inter", "700Bold", "Inter_700Bold.ttf"],
  ["tools", "report_pages", "plots.js"],
  ["tools", "report_pages", "style.css"],
];

/** What {@link writeReport} made. */
export interface Report {
  /** Full path of the start page. */
  start: string;
  pages: number;
  /** Runs that could not be read, with the reason. */
  broken: string[];
}

/** Writes the report. @throws Error when a notebook cannot be read */
export async function writeReport(
  { out = projectPath("report"), notebooks = listNotebooks(), runs, ledger }: ReportOptions = {},
): Promise<Report> {
  for (const parts of ASSETS) {
    const from = projectPath(...parts);
    if (exists(from)) writeAtomically(join(out, "assets", basename(from)), Deno.readFileSync(from));
  }
  const pages = [];
  for (const path of notebooks) pages.push(await notebookPage(path));
  const { experiments, broken } = readExperiments(runs);
  const rows = readLedger(ledger ? { path: ledger } : {});
  const start = await startPage({ notebooks: pages, experiments, ledger: rows });
  const all: Page[] = [start, ...pages];
  const links = all.map(({ file, title }) => ({
    file,
    title: file === "index.html" ? "Start" : title.split(":")[0],
  }));
  for (const page of all) writeAtomically(join(out, page.file), pageHtml(page, links));
  return { start: join(out, "index.html"), pages: all.length, broken };
}

if (import.meta.main) {
  const { start, pages, broken } = await writeReport();
  for (const line of broken) console.error(`left out, cannot be read: ${line}`);
  console.log(`${pages} pages: ${start}`);
}
