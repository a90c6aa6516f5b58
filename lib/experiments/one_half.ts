/** Runs that are held against each other at a threshold of one half, as the document decides while it trains. */
import { type Difference, difference } from "../evaluation/difference.ts";
import { SharedGroups } from "../evaluation/influence.ts";
import { decide } from "../evaluation/metrics.ts";
import { statisticsOfDecisions } from "./comparison.ts";
import type { FinishedRun, IrmasResult } from "./evidence.ts";
import { scoredClips } from "./scored_clips.ts";

/** What decisions at a threshold trade. */
export const TRADED = ["macroF1", "recall", "precision"] as const;
export type Traded = typeof TRADED[number];

/** Of each run of both sides, and the second's means less the first's. */
export interface TradedAtHalf {
  values: [base: number[], variant: number[]];
  difference: Difference;
}

type Runs = readonly FinishedRun<IrmasResult>[];

/**
 * Macro-F1, and mean recall and precision of the instruments, of decisions at one half on mixtures of two.
 *
 * @returns undefined where a side has no run that kept its scores of mixtures
 * @throws Error where the runs were scored on different mixtures
 */
export function compareAtHalf(
  base: Runs,
  variant: Runs,
): Record<Traded, TradedAtHalf> | undefined {
  const sides = [base, variant].map((runs) =>
    runs.flatMap((run) => scoredClips(run, "mixturesOfTwo") ?? [])
  );
  if (sides.some((sets) => sets.length === 0)) return undefined;
  const [{ recordings, clips }] = sides[0], shared = new SharedGroups(recordings);
  if (sides.flat().some((set) => JSON.stringify(set.clips) !== JSON.stringify(clips))) {
    throw new Error("cannot compare at one half: the runs were scored on different mixtures");
  }
  const [before, after] = sides.map((sets) =>
    sets.map(({ scores, targets }) =>
      statisticsOfDecisions({ decisions: decide(scores, 0.5), targets })
    )
  );
  const traded = TRADED.map((name): [Traded, TradedAtHalf] => {
    const [first, second] = [before, after].map((side) => side.map((all) => all[name]));
    return [name, {
      values: [first.map(({ value }) => value), second.map(({ value }) => value)],
      difference: difference([second, first], { shared }),
    }];
  });
  return Object.fromEntries(traded) as Record<Traded, TradedAtHalf>;
}
