/** `lumen compare`: ways to train against a base, with what may be concluded. */
import { type Command, Option } from "commander";
import { recipeConfig, RECIPES } from "../../experiments/recipes/mod.ts";
import { writeAtomically, writeJson } from "../../lib/core/files.ts";
import {
  compareFamily,
  type Comparison,
  type Measure,
  MEASURES,
} from "../../lib/experiments/comparison.ts";
import { readRuns, readSongRuns } from "../../lib/experiments/evidence.ts";
import { compareOverFolds, runsOverFolds } from "../../lib/experiments/folds_comparison.ts";
import { finishedRuns, runName, withoutSeed } from "../../lib/experiments/run_folder.ts";
import type { ScoredRun } from "../../lib/experiments/scored_rows.ts";
import { comparisonFigure, comparisonRuns, comparisonTable } from "../../lib/plots/comparison.ts";
import { foldsTable } from "../../lib/plots/folds_comparison.ts";
import { toSvg } from "../../lib/plots/static.ts";

interface Options {
  measure?: Measure[];
  folds?: boolean;
  songs?: boolean;
  json?: string;
  figure?: string;
}

/** The finished runs of a recipe, of a run's settings, or one run. @throws Error where there are none */
async function runsNamed(name: string): Promise<ScoredRun[]> {
  const finished = finishedRuns();
  const one = finished.find((folder) => folder.name === name);
  const like = one ?? finished.find((folder) => withoutSeed(folder.name) === name);
  if (like) {
    const runs = await readRuns<ScoredRun["result"]>(like.readRecord().config);
    return one ? runs.filter((run) => run.name === name) : runs;
  }
  const runs = await readRuns<ScoredRun["result"]>(configOf(name));
  if (runs.length > 0) return runs;
  throw new Error(
    `there is no finished run of ${name}: "./lumen train ${name} --seed 0" makes one`,
  );
}

/** A recipe's runs that heard the demo's songs. @throws Error where there are none */
async function songRunsNamed(recipe: string): Promise<ScoredRun[]> {
  const runs = await readSongRuns(configOf(recipe));
  if (runs.length > 0) return runs;
  throw new Error(
    `no run of ${recipe} was asked what it hears in songs: "./lumen evaluate RUN --songs full" does`,
  );
}

function configOf(name: string) {
  const [base] = name.split("+");
  // of a recipe that there is the error says which variant or field is wrong
  if (Object.hasOwn(RECIPES, base)) return recipeConfig(name);
  const runs = new Set(finishedRuns().map((folder) => withoutSeed(folder.name)));
  throw new Error(
    `there is no recipe and no finished run "${name}"; recipes: ${
      Object.keys(RECIPES).join(", ")
    }; runs: ${[...runs].sort().join(", ")}`,
  );
}

/** Runs whose recipe has changed since, or that had other settings, are made again by their own names. */
async function withCommands(comparison: Comparison): Promise<Comparison> {
  for (const { runs } of [comparison.base, ...comparison.variants]) {
    for (const run of runs) {
      const [recipe] = run.name.split(/-[0-9a-f]{8}-seed/), { seed } = run;
      const isRecipe = await Promise.try(() => runName(recipeConfig(recipe, { seed })))
        .then((name) => name === run.name, () => false);
      if (!isRecipe) run.command = `./lumen train ${run.name}`;
    }
  }
  return comparison;
}

/** Prints a comparison: its measures, what the rows rest on, and how to read it. */
export function printComparison({ base, measures, left, ...rest }: Comparison): void {
  for (const measure of measures) console.log(comparisonTable({ measure, base }).text + "\n");
  console.log(comparisonRuns({ base, measures, left, ...rest }).text + "\n");
  for (const why of left) console.log(`Left out: ${why}.`);
  console.log(
    `Judged by ${
      measures[0].title
    }. Intervals are over recordings or songs and, with two seeds or more a side, over seeds; "corrected" ` +
      'is p by Holm over the variants, and the verdict is by it, at 5 %; "visible" is the smallest difference that 80 % of such ' +
      "comparisons would have found.",
  );
}

/** Prints how a variant differs from its base over folds. @throws Error where no fold has a run of both */
async function compareFolds(base: string, names: string[], { json }: Options): Promise<void> {
  if (names.length > 1) {
    throw new Error(`over folds one variant is compared at a time, not ${names.join(", ")}`);
  }
  const [variant] = names;
  const [first, second] = await Promise.all(
    [base, variant].map((recipe) => runsOverFolds(recipe, { resolve: configOf })),
  );
  const comparison = compareOverFolds(first, second);
  if (!comparison) {
    throw new Error(
      `no fold has a finished run of both ${base} and ${variant}: "./lumen train ${base}+fold-1" makes one`,
    );
  }
  console.log(foldsTable(comparison, { base, variant }).text);
  console.log(`Runs: ${[...comparison.runs.variant, ...comparison.runs.base].join(", ")}.`);
  if (json) writeJson(json, comparison);
}

/** Adds the command. */
export function register(program: Command): void {
  program.command("compare")
    .description(
      "compare finished runs with those of a base, on what both were scored on: differences with intervals, verdicts, " +
        "and what could have been seen",
    )
    .argument("<base>", "a recipe, a run, or a run's name without -seedN (all its seeds)")
    .argument("<variants...>", "likewise")
    .option(
      "--measure <name>",
      `compare by this alone (repeatable; default: all that there are): ${MEASURES.join(", ")}`,
      (value: string, all: string[] = []) => [...all, value],
    )
    .addOption(
      new Option(
        "--folds",
        "compare one variant with the base over the folds of real spectrograms that both have a run of: " +
          'RECIPE and "RECIPE+fold-1" to 4, of several seeds the lowest',
      ).conflicts(["measure", "songs", "figure"]),
    )
    .option(
      "--songs",
      "compare by what recipes trained on other recordings hear in the demo's songs (./lumen evaluate RUN --songs full)",
    )
    .option("--json <file>", "write everything as JSON")
    .option("--figure <file.svg>", "draw the first measure")
    .action(
      async (base: string, names: string[], { measure, folds, songs, json, figure }: Options) => {
        if (folds) return await compareFolds(base, names, { json });
        const unknown = measure?.find((name) => !MEASURES.includes(name));
        if (unknown) {
          throw new Error(`there is no measure "${unknown}"; known: ${MEASURES.join(", ")}`);
        }
        const read = songs ? songRunsNamed : runsNamed;
        const variants = await Promise.all(
          names.map(async (name) => ({ name, runs: await read(name) })),
        );
        const comparison = await withCommands(
          compareFamily({ base: await read(base), variants, measures: measure }),
        );
        printComparison(comparison);
        if (json) writeJson(json, comparison);
        if (figure) writeAtomically(figure, await toSvg(comparisonFigure(comparison)));
      },
    );
}
