/**
 * Two ways to train by one run a fold: each recording is held out once, so that together the runs of a way were scored on all of
 * them.
 */
import type { Interval } from "../evaluation/bootstrap.ts";
import { type Difference, difference } from "../evaluation/difference.ts";
import { linearInterval, SharedGroups } from "../evaluation/influence.ts";
import { countOutcomes, macroF1 } from "../evaluation/metrics.ts";
import { shareOfMostFrequent } from "../evaluation/trivial.ts";
import { statisticsOfDecisions } from "./comparison.ts";
import type { RunConfig } from "../train/config.ts";
import { type FinishedRun, type IrmasResult, readRuns } from "./evidence.ts";
import { pooledClips, type ScoredClips } from "./scored_clips.ts";

type Run = FinishedRun<IrmasResult>;

/** What both ways were scored on: the relabelled clips are the same for all folds, and no part of this. */
const PARTS = ["heldOut", "mixturesOfTwo", "mixturesOfThree"] as const;

/** A part's measure over all folds. */
export interface FoldsMeasure {
  part: typeof PARTS[number];
  statistic: "accuracy" | "macroF1";
  base: Interval;
  variant: Interval;
  /** Variant minus base. */
  difference: Difference;
  /** Of naming the most frequent instrument, or all of them, every time. */
  trivial: number;
}

/** Two ways over all folds. */
export interface FoldsComparison {
  folds: number[];
  /** The runs that it rests on, in the folds' order. */
  runs: { base: string[]; variant: string[] };
  measures: FoldsMeasure[];
}

/** The folds beside the first, whose recipes are named by their change of it. */
const OTHER_FOLDS = [1, 2, 3, 4];

/** A recipe, and the same on the other folds. */
export const foldRecipes = (recipe: string): string[] => [
  recipe,
  ...OTHER_FOLDS.map((fold) => `${recipe}+fold-${fold}`),
];

/** The finished runs of a recipe and of the same on the other folds. @throws Error where there is no such recipe */
export const runsOverFolds = async (
  recipe: string,
  { resolve, root }: { resolve: (recipe: string) => RunConfig; root?: string },
): Promise<Run[]> => {
  const runs = await Promise.all(
    foldRecipes(recipe).map(async (name) => await readRuns<IrmasResult>(resolve(name), root)),
  );
  return runs.flat();
};

/** The run of each fold, of several the one with the lowest seed, by fold. */
function byFold(runs: readonly Run[]): Map<number, Run> {
  const sorted = runs.toSorted((a, b) =>
    a.result.fold - b.result.fold || a.config.seed - b.config.seed
  );
  const first = new Map<number, Run>();
  for (const run of sorted) if (!first.has(run.result.fold)) first.set(run.result.fold, run);
  return first;
}

/**
 * Compares two ways on the folds that both have a run of. What each row was decided rests on the thresholds of its fold's run.
 *
 * Intervals are over recordings, about these very runs: with one a fold, chance in the training and what a fold is are not told
 * apart.
 *
 * @param base runs with one seed or more a fold; of several the lowest counts
 * @returns undefined where no fold has both
 * @throws Error where runs of a fold were scored on different rows
 */
export function compareOverFolds(
  base: readonly Run[],
  variant: readonly Run[],
): FoldsComparison | undefined {
  const [first, second] = [base, variant].map(byFold);
  const folds = [...first.keys()].filter((fold) => second.has(fold));
  if (folds.length === 0) return undefined;
  const ways = [first, second].map((runs) => folds.map((fold) => runs.get(fold)!));
  const measures = PARTS.flatMap((part) => {
    const kept = ways.flat().every(({ result }) => result.scores[part] !== undefined);
    return kept ? measuresOf(part, ways) : [];
  });
  const [baseRuns, variantRuns] = ways.map((runs) => runs.map(({ name }) => name));
  return { folds, runs: { base: baseRuns, variant: variantRuns }, measures };
}

function measuresOf(part: FoldsMeasure["part"], ways: readonly Run[][]): FoldsMeasure[] {
  const rows = ways.map((runs) => pooledClips(runs, part)!);
  requireSame(part, rows);
  const [{ recordings, targets }] = rows, shared = new SharedGroups(recordings);
  const statistics = rows.map(statisticsOfDecisions);
  const own = part === "heldOut" ? ["accuracy", "macroF1"] as const : ["macroF1"] as const;
  return own.map((statistic) => {
    const [base, variant] = statistics.map((all) => all[statistic]);
    return {
      part,
      statistic,
      base: linearInterval(base, { shared }),
      variant: linearInterval(variant, { shared }),
      difference: difference([[variant], [base]], { shared, aboutModels: true }),
      trivial: statistic === "accuracy"
        ? shareOfMostFrequent(targets)
        : macroF1(countOutcomes(new Uint8Array(targets.length).fill(1), targets)),
    };
  });
}

/** @throws Error where the ways' runs were scored on different rows */
function requireSame(part: string, [first, second]: readonly ScoredClips[]): void {
  const at = first.clips.findIndex((own, row) => own.join() !== second.clips[row]?.join());
  if (at < 0 && first.clips.length === second.clips.length) return;
  throw new Error(
    `cannot compare over folds: in ${part} one way's runs were scored on ${
      first.clips[at] ?? "fewer rows"
    }, the other's on ${second.clips[at] ?? "fewer rows"}`,
  );
}
