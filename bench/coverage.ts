/**
 * How often 95 % intervals of a difference hold the truth, in simulations whose truth is known. Goes on where it was ended.
 *
 *     ./lumen deno run -P=lumen bench/coverage.ts     about five minutes on one core
 *
 * Writes docs/coverage.json, and the table in docs/coverage.md.
 */
import { exists, readJson, writeAtomically, writeJson } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";
import { showProgress } from "../lib/core/progress.ts";
import { randomFrom } from "../lib/core/random.ts";
import { mean, standardDeviation, wilsonInterval } from "../lib/core/statistics.ts";
import {
  simulate,
  type Simulation,
  type Statistic,
  STATISTICS,
  truthOf,
} from "../tests/evaluation/simulated_runs.ts";
import { markdownTable } from "../tools/markdown_table.ts";

const REPETITIONS = 2000, SEEDS = 3;

/** Deviation between seeds, for so many groups, that adds as much to a difference's error as the choice of clips. */
const alike = (groups: number) => 1.2 / Math.sqrt(groups);

const SEED_DEVIATIONS: Record<string, (groups: number) => number> = {
  "none": () => 0,
  "like the clips'": alike,
  "three times the clips'": (groups) => 3 * alike(groups),
};

/** One setting's outcome. */
export interface Coverage {
  rows: Simulation["rows"];
  groups: number;
  seeds: string;
  gain: number;
  repetitions: number;
  of: Record<Statistic, {
    truth: number;
    /** Share of intervals that hold it. */
    coverage: number;
    /** Mean of the differences less the truth. */
    bias: number;
    /** Their deviation, and the root of the mean of their squared standard errors. */
    deviation: number;
    error: number;
    /** Share of p values below 0.05. */
    found: number;
  }>;
}

const FILE = projectPath("docs", "coverage.json"), PAGE = projectPath("docs", "coverage.md");
const FIRST = "<!-- COVERAGE -->\n", LAST = "<!-- /COVERAGE -->";

const settings = (["clips", "mixtures"] as const).flatMap((rows) =>
  [50, 150].flatMap((groups) =>
    Object.keys(SEED_DEVIATIONS).flatMap((seeds) =>
      [0, 0.2].map((gain) => ({ rows, groups, seeds, gain }))
    )
  )
);

function cover(setting: typeof settings[number]): Coverage {
  const { rows, groups, seeds, gain } = setting, key = Object.values(setting).join(" ");
  const simulation = {
    rows,
    groups,
    gain,
    seeds: SEEDS,
    seedDeviation: SEED_DEVIATIONS[seeds](groups),
  };
  const truth = truthOf(simulation), progress = showProgress(key, REPETITIONS);
  const drawn = Array.from({ length: REPETITIONS }, (_, k) => {
    progress.update(k);
    return simulate(randomFrom("coverage", key, k), simulation);
  });
  progress.done();
  const of = (name: Statistic) => {
    const found = drawn.map((differences) => differences[name]), values = found.map((d) => d.value);
    return {
      truth: truth[name],
      coverage: mean(
        found.map(({ low, high }) => low <= truth[name] && truth[name] <= high ? 1 : 0),
      ),
      bias: mean(values) - truth[name],
      deviation: standardDeviation(values),
      error: Math.sqrt(mean(found.map(({ error }) => error ** 2))),
      found: mean(found.map(({ p }) => p < 0.05 ? 1 : 0)),
    };
  };
  return {
    ...setting,
    repetitions: REPETITIONS,
    of: { accuracy: of("accuracy"), macroF1: of("macroF1") },
  };
}

function table(results: readonly Coverage[]): string {
  const lines = results.flatMap(({ rows, groups, seeds, of }) =>
    STATISTICS.map((name) => {
      const { truth, coverage, deviation, error, found } = of[name];
      const cells = [
        rows,
        groups,
        seeds,
        name === "macroF1" ? "macro-F1" : rows === "clips" ? "accuracy" : "Hamming score",
        truth.toFixed(3),
        `${(100 * coverage).toFixed(1)} %`,
        (error / deviation).toFixed(2),
        `${(100 * found).toFixed(0)} %`,
      ];
      return cells.map(String);
    })
  );
  const head = [
    "rows",
    "groups",
    "seeds' part",
    "measure",
    "truth",
    "held by",
    "error / deviation",
    "p < 0.05",
  ];
  return markdownTable([head, ...lines]);
}

const results = exists(FILE) ? readJson<Coverage[]>(FILE) : [];
for (const setting of settings) {
  const isThis = (done: Coverage) =>
    Object.entries(setting).every(([key, value]) => done[key as keyof Coverage] === value);
  if (results.some(isThis)) continue;
  results.push(cover(setting));
  writeJson(FILE, results);
}
const shares = results.flatMap(({ of }) => STATISTICS.map((name) => of[name].coverage));
const [low, high] = [Math.min(...shares), Math.max(...shares)];
const [from, to] = wilsonInterval(Math.round(0.95 * REPETITIONS), REPETITIONS);
const summary =
  `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} % of intervals held the truth. ` +
  `By chance alone ${REPETITIONS} repetitions of 95 % give ${(100 * from).toFixed(1)} to ${
    (100 * to).toFixed(1)
  } %.`;
const page = Deno.readTextFileSync(PAGE);
const [before, after] = [page.split(FIRST)[0], page.split(LAST)[1]];
writeAtomically(PAGE, `${before}${FIRST}\n${summary}\n\n${table(results)}\n\n${LAST}${after}`);
console.log(summary);
