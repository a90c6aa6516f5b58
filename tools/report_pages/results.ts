/** The numbers that finished runs left, gathered over seeds. */
import { finishedRuns, withoutSeed } from "../../lib/experiments/run_folder.ts";
import { INSTRUMENTS } from "../../lib/datasets/labels.ts";
import { overSeeds, type SeedMean } from "../../lib/evaluation/over_seeds.ts";
import { table } from "../../lib/plots/table.ts";
import type { CurveRun, MetricRow } from "../../lib/plots/training.ts";

/** The metrics of the main table in its order, by how their names look without case and punctuation. */
export const HEADLINES: Readonly<Record<string, string>> = {
  accuracy: "accuracy",
  macrof1: "macro-F1",
  microf1: "micro-F1",
  rankingaverageprecision: "LRAP",
  hamming: "Hamming",
};

/** Runs that differ in nothing but their seed. */
export interface Experiment {
  name: string;
  recipe: string;
  /** What it was trained on. */
  data: string;
  seeds: number[];
  results: unknown[];
  curves: CurveRun[];
}

/** A row of the main table: an experiment measured on something. */
export interface ScoreRow {
  experiment: Experiment;
  /** The path in the result under which the metrics stand, e.g. "mixtures". */
  on: string;
  /** By the keys of {@link HEADLINES}. */
  scores: Record<string, SeedMean>;
}

/** Finished runs, put together by experiment; what cannot be read is left out and named. */
export function readExperiments(root?: string): { experiments: Experiment[]; broken: string[] } {
  const byName = new Map<string, Experiment>(), broken: string[] = [];
  const runs = finishedRuns({ roots: root ? [root] : undefined }).sort((a, b) =>
    a.name < b.name ? -1 : 1
  );
  for (const folder of runs) {
    try {
      const { config } = folder.readRecord();
      const name = withoutSeed(folder.name);
      const experiment = byName.get(name) ??
        {
          name,
          recipe: config.recipe,
          data: dataName(config.data),
          seeds: [],
          results: [],
          curves: [],
        };
      experiment.seeds.push(config.seed);
      experiment.results.push(folder.readResult());
      experiment.curves.push({ name, rows: folder.readMetrics() as MetricRow[] });
      byName.set(name, experiment);
    } catch (error) {
      broken.push(`${folder.name}: ${(error as Error).message}`);
    }
  }
  return { experiments: [...byName.values()], broken };
}

function dataName(data: { source: string; size?: string; fold?: number }): string {
  if (data.source === "demo") return `demo audio, ${data.size}`;
  return data.source === "irmas-mels" ? `real mels, fold ${data.fold}` : data.source;
}

/** The main table's rows: wherever a result holds metrics of {@link HEADLINES}, one. */
export function scoreRows(experiments: readonly Experiment[]): ScoreRow[] {
  return experiments.flatMap((experiment) => {
    const found = experiment.results.map((result) => scoresIn(result));
    const places = [...new Set(found.flatMap((places) => [...places.keys()]))];
    return places.map((on) => {
      const scores: Record<string, SeedMean> = {};
      for (const metric of Object.keys(HEADLINES)) {
        const values = found.flatMap((places) => places.get(on)?.[metric] ?? []);
        // a single run brings the interval over its recordings
        if (values.length === 1) scores[metric] = values[0];
        else if (values.length > 1) scores[metric] = overSeeds(values.map(({ mean }) => mean));
      }
      return { experiment, on, scores };
    });
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Metrics by the path of the object that holds them. */
function scoresIn(
  result: unknown,
  path: string[] = [],
  found = new Map<string, Record<string, SeedMean>>(),
): Map<string, Record<string, SeedMean>> {
  if (!isRecord(result)) return found;
  for (const [key, value] of Object.entries(result)) {
    const metric = key.toLowerCase().replace(/[^a-z0-9]/g, "");
    const score = scoreOf(value);
    if (metric in HEADLINES && score) {
      const on = path.join(", ");
      found.set(on, { ...found.get(on), [metric]: score });
    } else if (key !== "baselines") scoresIn(value, [...path, key], found);
  }
  return found;
}

/** A number, or one with its interval: `{ value | mean, low, high }`, `{ value | mean, interval: [low, high] }`. */
function scoreOf(value: unknown): SeedMean | undefined {
  if (typeof value === "number") return { mean: value };
  if (!isRecord(value)) return undefined;
  const mean = value.value ?? value.mean ?? value.f1;
  if (typeof mean !== "number") return undefined;
  const [low, high] = Array.isArray(value.interval) ? value.interval : [value.low, value.high];
  return typeof low === "number" && typeof high === "number" ? { mean, low, high } : { mean };
}

/** The main table as texts. */
export interface ScoreTable {
  head: string[];
  /** A row's first cells, and its numbers, each with its interval ("" where it has none). */
  lines: { labels: string[]; numbers: { value: string; interval: string }[] }[];
}

/** The main table of rows of {@link scoreRows}: what was trained and scored, then the metrics that any row has. */
export function scoreTable(rows: readonly ScoreRow[]): ScoreTable {
  const metrics = Object.keys(HEADLINES).filter((key) => rows.some(({ scores }) => key in scores));
  return {
    head: ["recipe", "trained on", "seeds", "scored on", ...metrics.map((key) => HEADLINES[key])],
    lines: rows.map(({ experiment, on, scores }, k) => {
      const first = rows[k - 1]?.experiment !== experiment;
      const { recipe, data, seeds } = experiment;
      return {
        labels: [...(first ? [recipe, data, String(seeds.length)] : ["", "", ""]), words(on)],
        numbers: metrics.map((key) => {
          const { mean, low, high } = scores[key] ?? {};
          const bounded = low !== undefined && high !== undefined;
          return {
            value: mean?.toFixed(3) ?? "–",
            interval: bounded ? `${low.toFixed(3)} to ${high.toFixed(3)}` : "",
          };
        }),
      };
    }),
  };
}

/** The main table for a terminal: below a row of numbers the row of their intervals. */
export function formatScores(rows: readonly ScoreRow[]): string {
  const { head, lines } = scoreTable(rows);
  const records = lines.flatMap(({ labels, numbers }) =>
    [
      [...labels, ...numbers.map(({ value }) => value)],
      [...labels.map(() => ""), ...numbers.map(({ interval }) => interval)],
    ].filter((cells) => cells.some(Boolean)).map((cells) =>
      Object.fromEntries(cells.map((cell, k) => [head[k], cell]))
    )
  );
  return table(records, {
    caption:
      "below a score its 95 % interval: of one run over recordings or songs, of a mean over seeds Student's",
  }).text;
}

/** "relabelledTest" as "relabelled test". */
export function words(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll("_", " ").toLowerCase();
}

/** The first eleven numbers by instrument in a result, with the path where they stand. */
export function byInstrument(
  result: unknown,
  path: string[] = [],
): { on: string; values: number[] } | undefined {
  if (!isRecord(result)) return undefined;
  const values = INSTRUMENTS.map((code) => scoreOf(result[code])?.mean);
  if (values.every((v) => v !== undefined)) return { on: path.join(", "), values };
  for (const [key, value] of Object.entries(result)) {
    const found = byInstrument(value, [...path, key]);
    if (found) return found;
  }
}
