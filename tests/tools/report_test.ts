import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import { join } from "node:path";
import { exists, writeJson } from "lib/core/files.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { fact } from "lib/experiments/ledger.ts";
import { bundleOf } from "lib/notebook/show.ts";
import { lineChart } from "lib/plots/charts.ts";
import { waveform } from "lib/plots/spectrogram.ts";
import { RECIPES } from "../../experiments/recipes/mod.ts";
import { writeReport } from "../../tools/report.ts";
import { formatScores, readExperiments, scoreRows } from "../../tools/report_pages/results.ts";

function makeRun(root: string, seed: number, accuracy: number): void {
  const folder = join(root, `irmas_scratch-01234567-seed${seed}`);
  const config = { ...RECIPES.irmas_scratch(), recipe: "irmas_scratch", seed };
  writeJson(join(folder, "config.json"), { config, provenance: {} });
  writeJson(join(folder, "result.json"), {
    held: { accuracy, macroF1: { value: 0.5, low: 0.4, high: 0.6 } },
    mixtures: { "macro-F1": 0.3, f1: Object.fromEntries(INSTRUMENTS.map((c, k) => [c, k / 20])) },
  });
  const lines = [1, 2].map((epoch) =>
    JSON.stringify({ name: "validation/accuracy", value: accuracy * epoch / 2, step: epoch, epoch })
  );
  Deno.writeTextFileSync(join(folder, "metrics.jsonl"), lines.join("\n") + "\n");
}

async function makeNotebook(path: string): Promise<void> {
  const y = Array.from({ length: 300 }, (_, k) => Math.sin(k / 10));
  const figure = lineChart([{ name: "wave", x: y.map((_, k) => k), y }], { text: "A <wave>." });
  const outputs = [
    { output_type: "display_data", ...await bundleOf(figure) },
    {
      output_type: "display_data",
      ...await bundleOf(waveform(y, { sampleRate: 100, text: "Still." })),
    },
    { output_type: "stream", name: "stdout", text: ["\u001b[33m1\u001b[39m < 2\n"] },
  ];
  writeJson(path, {
    cells: [
      {
        cell_type: "markdown",
        metadata: {},
        source: ["# 07 Waves: a test\n", "\n", "How *high*?\n\n|a|b|\n|-|-|\n|1|2|"],
      },
      { cell_type: "code", metadata: {}, execution_count: 1, source: ["const x = 1;"], outputs },
    ],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
}

Deno.test("the report holds the runs, the ledger and the notebooks, and asks no network", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "lumen_report_" });
  try {
    const runs = join(folder, "runs"), ledger = join(folder, "ledger.json");
    makeRun(runs, 0, 0.6);
    makeRun(runs, 1, 0.7);
    Deno.mkdirSync(join(runs, "unfinished-01234567-seed0"));
    writeJson(join(runs, "broken-01234567-seed0", "result.json"), {});
    const shared = { document: 0.5, where: "01_eda", on: "tables" as const };
    fact({ ...shared, id: "D17.major", what: "major <keys>", ours: 0.5 }, { path: ledger });
    fact({ ...shared, id: "D18.mean", what: "tempo", ours: 0.7 }, { path: ledger });
    const notebook = join(folder, "07_waves.ipynb");
    await makeNotebook(notebook);

    const out = join(folder, "report");
    const report = await writeReport({ out, runs, ledger, notebooks: [notebook] });
    assert.equal(report.pages, 2);
    assert.match(report.broken.join(), /^broken-01234567-seed0: .*config\.json/);

    const page = (name: string) => {
      const html = Deno.readTextFileSync(join(out, name));
      assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//, `${name} asks the network`);
      const { document } = new JSDOM(html).window;
      for (const node of document.querySelectorAll("script[src], link[href]")) {
        const target = node.getAttribute("src") ?? node.getAttribute("href")!;
        assert.ok(target.startsWith("data:") || exists(join(out, target)), `${target} is missing`);
      }
      return document;
    };
    const start = page("index.html");
    const rows = [...start.querySelectorAll("table")[0].querySelectorAll("tbody tr")].map((row) =>
      [...(row as Element).querySelectorAll("td")].map((cell) => (cell as Element).textContent)
    );
    assert.deepEqual(rows[0], [
      "irmas_scratch",
      "real mels, fold 0",
      "2",
      "held",
      "0.6500.015 to 1.285", // of two seeds: +- 12.7062, Student's t, times their deviation over root 2, 0.05
      "0.5000.500 to 0.500",
    ]);
    assert.deepEqual(rows[1].slice(3), ["mixtures", "–", "0.3000.300 to 0.300"]);
    assert.equal(start.querySelectorAll(".plot script").length, 2);
    assert.match(start.body.textContent!, /2 numbers; of 2 that both sides give, 1 agree/);
    assert.match(start.body.textContent!, /major <keys>/);
    assert.equal(start.querySelector(".differs")!.textContent, "differs");
    assert.equal(start.querySelector(".card")!.getAttribute("href"), "07_waves.html");
    assert.match(start.querySelector(".card")!.textContent!, /07 Waves: a testHow high\?/);

    const waves = page("07_waves.html");
    const live = JSON.parse(waves.querySelector(".plot script")!.textContent!);
    assert.deepEqual([live.data[0].type, live.data[0].y.dtype], ["scatter", "f4"]);
    assert.equal(waves.querySelector(".plot figcaption")!.textContent, "A <wave>.");
    const still = waves.querySelector("figure.output")!;
    assert.equal(still.querySelector("figcaption")!.textContent, "Still.");
    assert.equal(still.querySelector("img")!.getAttribute("width"), "760");
    assert.equal(waves.querySelector(".output pre")!.textContent, "1 < 2");
    assert.equal(waves.querySelectorAll("main table td").length, 2);
    assert.match(waves.querySelector(".code .kr, .code .kd")!.textContent!, /const/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a single run's own interval is kept", () => {
  const root = Deno.makeTempDirSync({ prefix: "lumen_runs_" });
  try {
    makeRun(root, 3, 0.6);
    const [row] = scoreRows(readExperiments(root).experiments);
    assert.deepEqual(row.scores.macrof1, { mean: 0.5, low: 0.4, high: 0.6 });
    assert.deepEqual(row.scores.accuracy, { mean: 0.6 });
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
});

Deno.test("in a terminal the main table has the intervals below its numbers", () => {
  const root = Deno.makeTempDirSync({ prefix: "lumen_runs_" });
  try {
    makeRun(root, 3, 0.6);
    const [, ...lines] = formatScores(scoreRows(readExperiments(root).experiments)).split("\n");
    const columns = (line: string) => line.trim().split(/ {2,}/);
    assert.deepEqual(lines.map(columns).filter((_, k) => k !== 1), [
      ["recipe", "trained on", "seeds", "scored on", "accuracy", "macro-F1"],
      ["irmas_scratch", "real mels, fold 0", "1", "held", "0.600", "0.500"],
      ["0.400 to 0.600"],
      ["mixtures", "–", "0.300"],
    ]);
    assert.equal(lines[3].indexOf("0.400"), lines[0].indexOf("macro-F1"));
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
});

Deno.test("without runs and notebooks the report says what makes them", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "lumen_report_" });
  try {
    const nothing = join(folder, "none");
    await writeReport({ out: folder, runs: nothing, ledger: nothing, notebooks: [] });
    const text = Deno.readTextFileSync(join(folder, "index.html"));
    assert.match(text, /No run is finished yet[^]*The ledger is empty/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
