/** What a family of experiments needs: which runs, which of them are there, and how long the others take. */
import { RUN_ROOTS, RunFolder, runName, type RunRoots, withoutSeed } from "./run_folder.ts";
import { type Family, type Preset, recipeOf, variantName } from "./family.ts";
import { dryRun, duration } from "./dry_run.ts";
import type { RunConfig } from "../train/config.ts";

/** What is known of a run: finished; begun, so that it goes on; missing; or made by code that gives other results. */
export type RunState = "finished" | "begun" | "missing" | "outdated";

/** A run of a plan. */
export interface PlannedRun {
  /** What `./lumen train` makes it from. */
  recipe: string;
  seed: number;
  config: RunConfig;
  /** Its folder's name. */
  name: string;
  state: RunState;
}

/** A base and its variants, or a variant alone, with what they need. */
export interface PlannedVariant {
  /** As tables show it; the base's is "base". */
  name: string;
  recipe: string;
  runs: PlannedRun[];
}

/** A comparison, ready to be run. */
export interface PlannedComparison {
  base: PlannedVariant;
  variants: PlannedVariant[];
}

/** Options of {@link planFamily}. */
export interface PlanOptions {
  preset: Preset;
  /** Runs of each variant. Default: what the family says, or 3. */
  seeds?: number;
  /** Variants that are wanted, with their base. Default: all. */
  only?: readonly string[];
  /** From a recipe's name to its configuration. */
  resolve: (recipe: string, seed: number) => RunConfig;
  /** Where runs are. Default: in the project. */
  roots?: RunRoots;
}

/** Runs of a variant where neither the family nor the user says how many. */
const SEEDS = 3;

/**
 * The comparisons of a family with their runs.
 *
 * @param id e.g. "E3", for the errors
 * @throws Error where the family has no such preset, or no such variant, with the known ones
 */
export async function planFamily(
  id: string,
  family: Family,
  { preset, seeds, only, resolve, roots }: PlanOptions,
): Promise<PlannedComparison[]> {
  const comparisons = family.presets[preset];
  if (!comparisons) {
    const known = Object.keys(family.presets);
    const instead = known.length > 0
      ? `known: ${known.join(", ")}`
      : `${family.study!.command} answers it, in ${family.study!.file}`;
    throw new Error(`${id} has no preset "${preset}"; ${instead}`);
  }
  const names = new Set(comparisons.flatMap(({ variants }) => variants.map(variantName)));
  const unknown = only?.find((name) => !names.has(name));
  if (unknown) {
    throw new Error(`${id} has no variant "${unknown}"; known: ${[...names].join(", ")}`);
  }
  const planned = (name: string, recipe: string, count: number) =>
    plannedVariant({ name, recipe, seeds: count, resolve, roots });
  return await Promise.all(
    comparisons
      .map((comparison) => ({
        ...comparison,
        variants: comparison.variants.filter((name) => !only || only.includes(variantName(name))),
      }))
      .filter(({ variants }) => variants.length > 0)
      .map(async ({ base, variants, seeds: usual = SEEDS }) => ({
        base: await planned("base", base, seeds ?? usual),
        variants: await Promise.all(
          variants.map((name) => planned(variantName(name), recipeOf(base, name), seeds ?? usual)),
        ),
      })),
  );
}

async function plannedVariant(
  { name, recipe, seeds, resolve, roots }:
    & { name: string; recipe: string; seeds: number }
    & Pick<PlanOptions, "resolve" | "roots">,
): Promise<PlannedVariant> {
  const runs = Array.from({ length: seeds }, async (_, seed) => {
    const config = resolve(recipe, seed), run = await runName(config);
    return { recipe, seed, config, name: run, state: stateOf(run, roots) };
  });
  return { name, recipe, runs: await Promise.all(runs) };
}

/** Looks for a run in the shared folder, then in the local one. */
export function stateOf(name: string, roots: RunRoots = RUN_ROOTS): RunState {
  const folders = [roots.shared, roots.local].map((root) => new RunFolder(name, root));
  const finished = folders.find((folder) => folder.isFinished);
  if (finished) return finished.isCurrent ? "finished" : "outdated";
  const begun = folders.find((folder) => folder.isStarted);
  return !begun ? "missing" : begun.isCurrent ? "begun" : "outdated";
}

/** All runs of some comparisons, each once: variants of several comparisons may share a base. Seeds 0 of all come first. */
export function runsOf(comparisons: readonly PlannedComparison[]): PlannedRun[] {
  const runs = new Map(
    comparisons.flatMap(({ base, variants }) => [base, ...variants].flatMap(({ runs }) => runs))
      .map((run) => [run.name, run]),
  );
  return [...runs.values()].sort((a, b) => a.seed - b.seed);
}

/** Those that are to be made. */
export const missingRuns = (comparisons: readonly PlannedComparison[]): PlannedRun[] =>
  runsOf(comparisons).filter(({ state }) => state !== "finished");

/**
 * Seconds of updates that each missing run takes here, by its name, from a few updates of each different configuration.
 *
 * @param options.onMeasured called after each configuration
 */
export async function estimateRuns(
  runs: readonly PlannedRun[],
  { onMeasured = () => {} }: { onMeasured?: (done: number, of: number) => void } = {},
): Promise<Map<string, number>> {
  const bySettings = Map.groupBy(runs, ({ name }) => withoutSeed(name));
  const seconds = new Map<string, number>();
  for (const [k, same] of [...bySettings.values()].entries()) {
    const { time } = await dryRun(same[0].config, { quiet: true });
    for (const { name } of same) seconds.set(name, time.total);
    onMeasured(k + 1, bySettings.size);
  }
  return seconds;
}

/** A plan as lines of text. @param seconds from {@link estimateRuns} */
export function formatPlan(
  comparisons: readonly PlannedComparison[],
  seconds: ReadonlyMap<string, number>,
): string {
  const lines = comparisons.flatMap(({ base, variants }) => {
    const width = Math.max(...[base, ...variants].map(({ recipe }) => recipe.length));
    return [base, ...variants].map(({ recipe, runs }) => {
      const states = Map.groupBy(runs, ({ state }) => state);
      const counts = [...states].map(([state, { length }]) => `${length} ${state}`).join(", ");
      const total = runs.reduce((sum, { name }) => sum + (seconds.get(name) ?? 0), 0);
      const time = total > 0 ? `, about ${duration(total)}` : "";
      return `${recipe.padEnd(width)}  ${counts}${time}`;
    });
  });
  const total = [...seconds.values()].reduce((sum, s) => sum + s, 0);
  const missing = missingRuns(comparisons).length;
  return [
    ...lines,
    missing === 0
      ? "nothing to run: all are there"
      : `${missing} runs to make${total > 0 ? `, about ${duration(total)} of updates here` : ""}`,
  ].join("\n");
}
