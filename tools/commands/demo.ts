/** `lumen demo`: from nothing to a finished study, step by step; what is there already is left as it is. */
import { basename } from "node:path";
import { type Command, Option } from "commander";
import { recipeConfig } from "../../experiments/recipes/mod.ts";
import { writeJson } from "../../lib/core/files.ts";
import { projectPath } from "../../lib/core/paths.ts";
import { showProgress } from "../../lib/core/progress.ts";
import { hasIrmasMels } from "../../lib/datasets/irmas_mels.ts";
import { compareClassical, formatClassical } from "../../lib/experiments/classical.ts";
import { readLedger, verdict } from "../../lib/experiments/ledger.ts";
import { runTraining } from "../../lib/experiments/run_training.ts";
import type { RunConfig } from "../../lib/train/config.ts";
import { runNotebook } from "../notebook_runner.ts";
import { listNotebooks } from "../notebooks.ts";
import { writeReport } from "../report.ts";
import { Interrupts } from "../interrupt.ts";
import { formatScores, readExperiments, scoreRows } from "../report_pages/results.ts";
import { contentKey, unlessFresh } from "../stale.ts";
import { makeDemo } from "./data.ts";

type Size = "small" | "full";

/** Result of the classical models. */
export const CLASSICAL_RESULT = projectPath("experiments", "classical.json");

const executed = (notebook: string) => projectPath("report", "notebooks", basename(notebook));

interface Step {
  title: string;
  /** Does it; what it says is printed behind the title. */
  run: () => Promise<string>;
}

function steps(size: Size, interrupts: Interrupts): Step[] {
  const demo = recipeConfig("demo", { settings: [`data.size=${size}`] });
  const irmas = recipeConfig("irmas_scratch");
  const train = (config: RunConfig, needWeights = false) =>
    trainRun(config, { needWeights, interrupts });
  return [
    { title: "demo audio", run: () => makeDemo(size) },
    { title: "network on demo audio", run: () => train(demo, true) },
    ...hasIrmasMels() ? [{ title: "network on real spectrograms", run: () => train(irmas) }] : [],
    { title: "classical models on real features", run: classical },
    ...listNotebooks().map((path) => ({
      title: `notebook ${basename(path)}`,
      run: () => notebook(path, { size, interrupts }),
    })),
    { title: "report", run: report },
  ];
}

/** @param options.needWeights so that `predict` has a network afterwards */
async function trainRun(
  config: RunConfig,
  { needWeights, interrupts }: { needWeights: boolean; interrupts: Interrupts },
): Promise<string> {
  const { folder, outcome } = await interrupts.stoppable((signal) =>
    runTraining(config, { resume: true, wait: true, local: true, needWeights, signal })
  );
  if (outcome === "stopped") interrupts.exit();
  return `${folder.name}, ${outcome}`;
}

async function classical(): Promise<string> {
  const sources = [
    "data/published/irmas_single_features_28.parquet",
    "lib/baselines",
    "lib/core",
    "lib/datasets/labels.ts",
    "lib/datasets/published.ts",
    "lib/datasets/split.ts",
    "lib/evaluation",
    "lib/experiments/classical.ts",
    "lib/experiments/classical_worker.ts",
    "deno.lock",
  ].map((path) => projectPath(path));
  const state = await unlessFresh(
    "classical",
    { key: contentKey(sources), result: CLASSICAL_RESULT },
    async () => {
      let progress: ReturnType<typeof showProgress> | undefined;
      const result = await compareClassical({
        onProgress(finished, total) {
          progress ??= showProgress("classical models", total);
          progress.update(finished);
        },
      });
      progress?.done();
      console.log(formatClassical(result));
      writeJson(CLASSICAL_RESULT, result);
    },
  );
  return state === "made" ? CLASSICAL_RESULT : "as before";
}

async function notebook(
  path: string,
  { size, interrupts }: { size: Size; interrupts: Interrupts },
): Promise<string> {
  const sources = [
    "lib",
    "data/published",
    `data/demo/${size}/truth.csv`,
    "data/runs",
    "experiments/classical.json",
    "experiments/peers",
    "experiments/recipes",
    "experiments/runs",
    "deno.lock",
  ];
  // what only writes into the ledger does not depend on it
  if (Deno.readTextFileSync(path).includes("readLedger(")) sources.push("experiments/ledger.json");
  const key = contentKey([path, ...sources.map((source) => projectPath(source))]);
  const output = executed(path);
  const state = await unlessFresh(
    `notebook-${basename(path)}`,
    { key, result: output },
    async () => {
      const { code } = await runNotebook(path, { output });
      if (code === 130) interrupts.exit();
      if (code !== 0) throw new Error(`notebook ${basename(path)} failed (above)`);
    },
  );
  return state === "made" ? output : "as before";
}

async function report(): Promise<string> {
  const { start, pages, broken } = await writeReport({ notebooks: listNotebooks().map(executed) });
  for (const line of broken) console.error(`left out of the report: ${line}`);
  return `${pages} pages, ${start}`;
}

/** What the ledger says, in a line. */
function ledgerLine(): string {
  const verdicts = readLedger().map(verdict);
  const count = (what: string) => verdicts.filter((text) => text === what).length;
  return `ledger: ${verdicts.length} numbers of the document; ${count("agrees")} agree, ${
    count("explained")
  } differ and are explained, ${count("DIFFERS")} differ, ${
    count("not computed")
  } need IRMAS audio or are not run yet`;
}

/** Adds the command. */
export function register(program: Command): void {
  program.command("demo")
    .description("everything from nothing: demo data, training, notebooks, ledger, report")
    .addOption(
      new Option("--size <size>", "small: minutes; full: up to twenty minutes on two cores")
        .choices(["small", "full"]).default("full"),
    )
    .action(async ({ size }: { size: Size }) => {
      const all = steps(size, new Interrupts("the same command goes on"));
      const start = performance.now();
      for (const [k, { title, run }] of all.entries()) {
        console.log(`[${k + 1}/${all.length}] ${title}`);
        console.log(`      ${await run()}`);
      }
      console.log(formatScores(scoreRows(readExperiments().experiments)));
      console.log(ledgerLine());
      console.log(`done in ${((performance.now() - start) / 60_000).toFixed(1)} minutes`);
      console.log(`open ${projectPath("report", "index.html")}`);
      Deno.exit(0);
    });
}
