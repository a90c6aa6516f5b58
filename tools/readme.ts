/**
 * The tables of the README, of docs/families.md and of lib/nn/DESIGN.md, written from finished runs, the peer's runs, the ledger and the
 * benchmarks that were kept:
 *
 *     ./lumen deno run -A tools/readme.ts          writes them, and which runs they report
 *
 * A test fails when they are not what this writes of those runs; who trains further ones spoils nothing.
 */
import { type BenchRecord, recordPath } from "../bench/row.ts";
import { recipeConfig } from "../experiments/recipes/mod.ts";
import { readJson, writeAtomically, writeJson } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";
import type { Interval } from "../lib/evaluation/bootstrap.ts";
import { formatSeedMean, overSeeds } from "../lib/evaluation/over_seeds.ts";
import { shareOfMostFrequent } from "../lib/evaluation/trivial.ts";
import {
  compareWithPeer,
  type DemoResult,
  type FinishedRun,
  type IrmasResult,
  readPeerRuns,
  readRuns,
} from "../lib/experiments/evidence.ts";
import { compareOverFolds, runsOverFolds } from "../lib/experiments/folds_comparison.ts";
import { readLedger, verdict } from "../lib/experiments/ledger.ts";
import { finishedRuns, RUN_ROOTS } from "../lib/experiments/run_folder.ts";
import { folderTargets } from "../lib/experiments/scored_clips.ts";
import { foldsRows } from "../lib/plots/folds_comparison.ts";
import { familiesSection } from "./family_page.ts";
import { markdownTable } from "./markdown_table.ts";

const REPORTED = projectPath("experiments", "reported.json");

/** Which runs the README reports: names of ours, seeds of the peer's. */
export interface Reported {
  runs: string[];
  peerSeeds: number[];
}

/** Networks on real spectrograms by their recipes, the plain one first. */
const REPORTED_NETWORKS = {
  irmas_scratch: "one head",
  irmas_fluffy: "Fluffy",
  irmas_yamnet: "YAMNet",
  best: "`best`",
};

/** What is compared over all folds, the base first. */
const OVER_FOLDS = [{ recipe: "irmas_scratch", name: "one head" }, {
  recipe: "best",
  name: "`best`",
}] as const;

/** What was written last. */
export const readReported = () => readJson<Reported>(REPORTED);

/** All that is there. */
const everything = (): Reported => ({
  runs: finishedRuns({ roots: [RUN_ROOTS.shared] }).map(({ name }) => name).sort(),
  peerSeeds: readPeerRuns().map(({ seed }) => seed),
});

/** What stands between `<!-- NAME -->` and `<!-- /NAME -->` is replaced. @throws Error where a mark is missing */
export function withSection(text: string, name: string, body: string): string {
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = text.indexOf(from), end = text.indexOf(to);
  if (start < 0 || end < start) throw new Error(`there is no ${from} ... ${to} on the page`);
  return `${text.slice(0, start + from.length)}\n\n${body.trim()}\n\n${text.slice(end)}`;
}

type Pick = (result: IrmasResult) => Interval;

const MEASURES: [string, Pick, (result: IrmasResult) => number | undefined][] = [
  [
    "accuracy, held-out recordings",
    ({ heldOut }) => heldOut.accuracy,
    ({ scores }) => shareOfMostFrequent(folderTargets(Object.keys(scores.heldOut))),
  ],
  ["macro-F1, held-out recordings", ({ heldOut }) => heldOut.macroF1, () => undefined],
  [
    "macro-F1, sums of two held-out clips",
    ({ mixturesOfTwo }) => mixturesOfTwo.macroF1,
    ({ mixturesOfTwo }) => mixturesOfTwo.baselines.ones.macroF1,
  ],
  [
    "macro-F1, sums of three held-out clips",
    ({ mixturesOfThree }) => mixturesOfThree.macroF1,
    ({ mixturesOfThree }) => mixturesOfThree.baselines.ones.macroF1,
  ],
  [
    "macro-F1, the 297 relabelled clips",
    ({ relabelled }) => relabelled.macroF1,
    ({ relabelled }) => relabelled.baselines.ones.macroF1,
  ],
];

function irmasTable(variants: readonly (readonly [string, FinishedRun<IrmasResult>[]])[]): string {
  const head = variants.map(([name, runs]) =>
    `${name}, ${runs.length} seed${runs.length > 1 ? "s" : ""}`
  );
  return markdownTable([
    ["measured on", ...head, "trivial"],
    ...MEASURES.map(([what, pick, trivial]) => [
      what,
      ...variants.map(([, runs]) =>
        formatSeedMean(overSeeds(runs.map(({ result }) => pick(result).value)))
      ),
      trivial(variants[0][1][0].result)?.toFixed(3) ?? "",
    ]),
  ]);
}

/** How near the summed clips come to naming every instrument: where one run's interval ends. */
function lowEnds(runs: readonly FinishedRun<IrmasResult>[]): string {
  const reports = runs.map(({ result }) => result.mixturesOfThree);
  const reaching = reports.filter(({ macroF1, baselines }) =>
    macroF1.low <= baselines.ones.macroF1
  );
  return `For sums of three the trivial score is near: in ${reaching.length} of ${runs.length} runs with one head the interval over
recordings reaches down to it.`;
}

function demoTable({ songs }: DemoResult): string {
  const { zeros, ones, prior } = songs.baselines;
  const row = (
    what: string,
    metric: "macroF1" | "microF1" | "rankingAveragePrecision" | "hamming",
  ) => {
    const { value, low, high } = songs[metric];
    const interval = `${low.toFixed(3)} to ${high.toFixed(3)}`;
    return [
      what,
      value.toFixed(3),
      interval,
      ones[metric].toFixed(3),
      zeros[metric].toFixed(3),
      prior[metric].toFixed(3),
    ];
  };
  return markdownTable([
    ["", "value", "interval", "always all", "always none", "by frequency"],
    row("macro-F1", "macroF1"),
    row("micro-F1", "microF1"),
    row("LRAP", "rankingAveragePrecision"),
    row("Hamming score", "hamming"),
  ]);
}

/** Which of the trivial scores a metric is to be held against. */
function demoNote({ songs: { hamming, baselines } }: DemoResult): string {
  const below = hamming.value < baselines.zeros.hamming;
  return `"By frequency" scores every instrument by its share of the songs, which
is what LRAP, a ranking, has to beat.${
    below
      ? ` The Hamming score is below "always none":
most of an excerpt's 11 labels are absent, and the threshold is tuned for macro-F1, which pays for finding the rest with false alarms.`
      : ""
  }`;
}

/** The best network beside the plain one over all folds, in Markdown. */
async function overFolds(reported: readonly string[]): Promise<string> {
  const [base, variant] = await Promise.all(
    OVER_FOLDS.map(async ({ recipe }) =>
      (await runsOverFolds(recipe, { resolve: recipeConfig }))
        .filter(({ name }) => reported.includes(name))
    ),
  );
  const comparison = compareOverFolds(base, variant);
  if (!comparison) return "";
  return markdownTable([
    ["", ...OVER_FOLDS.map(({ name }) => name).toReversed(), "difference", "trivial"],
    ...foldsRows(comparison).map(({ measure, trivial, ...columns }) => [
      measure,
      columns.variant,
      columns.base,
      columns.difference,
      trivial.toFixed(3),
    ]),
  ]) + `

Folds ${
    comparison.folds.join(", ")
  }, one run each, 95 % intervals over recordings (\`./lumen compare irmas_scratch best --folds\`).`;
}

/** What those runs and the ledger say, in Markdown. */
export async function results({ runs, peerSeeds }: Reported): Promise<string> {
  const read = async <R>(recipe: string) =>
    (await readRuns<R>(recipeConfig(recipe))).filter(({ name }) => runs.includes(name));
  const networks = await Promise.all(
    Object.entries(REPORTED_NETWORKS).map(async ([recipe, name]) =>
      [name, await read<IrmasResult>(recipe)] as [string, FinishedRun<IrmasResult>[]]
    ),
  );
  const [[, scratch]] = networks;
  const [demo] = await read<DemoResult>("demo");
  const peers = readPeerRuns().filter(({ seed }) => peerSeeds.includes(seed));
  const difference = compareWithPeer(scratch, peers);
  const peer = formatSeedMean(overSeeds(peers.map(({ accuracy }) => accuracy)));
  const verdicts = readLedger().map(verdict);
  const count = (word: string) => verdicts.filter((text) => text === word).length;
  const differing = count("DIFFERS");
  return `
**Real IRMAS** (log-mel spectrograms of the training part; recipes \`irmas_scratch\` and \`irmas_fluffy\`: ConvNeXt-atto from scratch, ${
    scratch[0].config.epochs
  }
epochs, one fifth of the recordings held out, the relabelled recordings in no training set; \`irmas_yamnet\`: YAMNet from its published
weights, fine-tuned on an approximation of its input; \`best\`: the same on sums of clips, without copies of what it is tested on). Mean
over seeds and its 95 % interval over seeds; "trivial" says every instrument every time, or the most frequent one.

${irmasTable(networks.filter(([, runs]) => runs.length > 0))}

${lowEnds(scratch)}

Every recording held out once:

${await overFolds(runs)}

The same network with one head in PyTorch, on the same fold with the same settings, ${peers.length} seeds: accuracy ${peer}. Ours less PyTorch's:
${difference.value.toFixed(4)}, 95 % interval over recordings and seeds ${
    difference.low.toFixed(4)
  } to ${difference.high.toFixed(4)}: a loss of 0.02 is ${
    difference.low > -0.02 ? "excluded" : "not excluded"
  }. Step by step they agree: twenty
updates from the same weights have PyTorch's losses (\`tests/train/parity_test.ts\`).

**Demo audio** (recipe \`demo\`, size full: ConvNeXt-atto with Fluffy attention heads; ${demo.result.songs.rows} excerpts of songs played with sample
libraries that were never heard in training; one seed, 95 % interval over songs):

${demoTable(demo.result)}

${demoNote(demo.result)}

**The document's numbers**: \`./lumen ledger\` (${verdicts.length} so far; ${
    count("agrees")
  } equal, ${count("explained")} differ for a reason that is given${
    differing > 0 ? `, ${differing} differ` : ""
  }, ${count("not computed")} need sound that is not given away or are not run yet).`;
}

/** What a benchmark that was kept says, in Markdown. */
export function benchTable(name: string): string {
  const { machine, measured, rows } = readJson<BenchRecord>(recordPath(name));
  const time = (value: number, unit: string) =>
    `${value < 10 ? value.toPrecision(2) : value.toFixed(0)} ${unit}`;
  const hasPeak = rows.some(({ ofPeak }) => ofPeak);
  const table = markdownTable([
    ["", "Lumen", "peer", "", "ratio", ...hasPeak ? ["of the peak", "peer"] : []],
    ...rows.map(({ name, ours, peer, peerName, ratio, unit, ofPeak }) => [
      name,
      time(ours, unit),
      time(peer, unit),
      peerName,
      ratio.toFixed(2),
      ...ofPeak ? [ofPeak.ours.toFixed(2), ofPeak.peer.toFixed(2)] : [],
    ]),
  ]);
  return `${table}\n\nMedians on ${machine}, ${measured}; below 1 Lumen takes less time.`;
}

/** What it costs to make batches from sound, in a sentence. */
function pipelineLine(): string {
  const [{ name, ratio }] = readJson<BenchRecord>(recordPath("pipeline")).rows;
  return `Training on sound (\`./lumen bench pipeline\`): an ${name} takes ${
    ratio.toFixed(2)
  } of the time of one from ready spectrograms.`;
}

/** The pages that have tables, by their paths in the project, and what stands in their sections. */
export const PAGES: Readonly<
  Record<string, (reported: Reported) => Promise<Record<string, string>>>
> = {
  "README.md": async (reported) => ({
    RESULTS: await results(reported),
    ENGINE: benchTable("engine"),
    SOUND: `${benchTable("sound")}\n\n${pipelineLine()}`,
  }),
  "lib/nn/DESIGN.md": () => Promise.resolve({ TRAIN: benchTable("train") }),
  "docs/families.md": async ({ runs }) => ({ FAMILIES: await familiesSection(runs) }),
};

/** A page with all its tables written anew. @param text the page as it is */
export async function written(page: string, text: string, reported: Reported): Promise<string> {
  return Object.entries(await PAGES[page](reported)).reduce(
    (text, [name, body]) => withSection(text, name, body),
    text,
  );
}

if (import.meta.main) {
  const reported = everything();
  for (const page of Object.keys(PAGES)) {
    const path = projectPath(page);
    writeAtomically(path, await written(page, Deno.readTextFileSync(path), reported));
  }
  writeJson(REPORTED, reported);
  console.log(`wrote ${Object.keys(PAGES).join(", ")} from ${reported.runs.length} runs`);
}
