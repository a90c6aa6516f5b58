/** Where to say yes (E17, M16): fixed at one half, or tuned, on what, and for all instruments or for each. */
import { mean } from "../core/statistics.ts";
import { type Difference, differenceInterval } from "../evaluation/difference.ts";
import { countOutcomes, decide, macroF1 } from "../evaluation/metrics.ts";
import { crossFit, crossFitByLabel, decideHalves, halvesInOrder } from "../evaluation/threshold.ts";
import type { FinishedRun, IrmasResult } from "./evidence.ts";
import { type ScoredClips, scoredClips } from "./scored_clips.ts";

/** How a threshold comes about. */
export type ThresholdRule = "one half" | "of sums" | "of the same" | "of each instrument";

/** What each rule means, in the order of tables. */
export const THRESHOLD_RULES: Readonly<Record<ThresholdRule, string>> = {
  "one half": "0.5, as the document had it during training",
  "of sums": "best on sums of four to six clips of the other recordings (the document's way, M16)",
  "of the same": "best on such mixtures of the other recordings",
  "of each instrument": "likewise, one for each instrument",
};

/** The mixtures that thresholds are tried on. */
const PARTS = ["mixturesOfTwo", "mixturesOfThree"] as const;

/** What a rule reaches with some runs that differ in their seeds. */
export interface ThresholdResult {
  rule: ThresholdRule;
  /** Mean over seeds. */
  macroF1: number;
  /** Thresholds, means over seeds and halves; of each instrument's the mean. */
  threshold: number;
  /** Against one half; none of it itself. */
  difference?: Difference;
}

/** All rules with one kind of network. */
export interface ThresholdStudy {
  /** The runs' names. */
  runs: string[];
  parts: Record<typeof PARTS[number], ThresholdResult[]>;
}

/** Decisions of a rule, and the thresholds behind them. */
function decideBy(
  rule: ThresholdRule,
  { scores, targets, clips }: ScoredClips,
  [ofFirst, ofSecond]: [number, number],
): { decisions: Uint8Array; thresholds: number[] } {
  const options = { halves: halvesInOrder(clips.length) };
  switch (rule) {
    case "one half":
      return { decisions: decide(scores, 0.5), thresholds: [0.5] };
    case "of sums": {
      const thresholds = [ofSecond, ofFirst]; // a half is decided by what was tuned on the other one
      return { decisions: decideHalves(scores, thresholds), thresholds };
    }
    case "of the same":
      return crossFit(scores, targets, options);
    case "of each instrument": {
      const { decisions, thresholds } = crossFitByLabel(scores, targets, options);
      return { decisions, thresholds: thresholds.flat() };
    }
  }
}

/**
 * Tries all rules on the mixtures of runs that differ in their seeds.
 *
 * @throws Error where there are no runs, or a result has no scores of mixtures
 */
export function studyThresholds(runs: readonly FinishedRun<IrmasResult>[]): ThresholdStudy {
  if (runs.length === 0) throw new Error("there are no runs to try thresholds on");
  const part = (name: typeof PARTS[number]): ThresholdResult[] => {
    const scored = runs.map((run) => {
      const clips = scoredClips(run, name);
      const { thresholdsOfSums } = run.result;
      if (clips && thresholdsOfSums) return { clips, thresholdsOfSums };
      throw new Error(
        `the result of "${run.name}" has no scores of mixtures: "./lumen evaluate ${run.name}" adds them`,
      );
    });
    const groups = scored[0].clips.recordings;
    const tried = (rule: ThresholdRule) =>
      scored.map(({ clips, thresholdsOfSums }) => {
        const { decisions, thresholds } = decideBy(rule, clips, thresholdsOfSums);
        const statistic = (weights?: Float64Array) =>
          macroF1(countOutcomes(decisions, clips.targets, { weights }));
        return { threshold: mean(thresholds), statistic };
      });
    const fixed = tried("one half").map(({ statistic }) => statistic);
    return (Object.keys(THRESHOLD_RULES) as ThresholdRule[]).map((rule) => {
      const seeds = tried(rule);
      return {
        rule,
        macroF1: mean(seeds.map(({ statistic }) => statistic())),
        threshold: mean(seeds.map(({ threshold }) => threshold)),
        ...rule === "one half"
          ? {}
          : { difference: differenceOf(seeds.map(({ statistic }) => statistic), fixed, groups) },
      };
    });
  };
  return {
    runs: runs.map(({ name }) => name),
    parts: { mixturesOfTwo: part("mixturesOfTwo"), mixturesOfThree: part("mixturesOfThree") },
  };
}

type Statistic = (weights?: Float64Array) => number;

/** The same seeds on both sides: what they differ in is the rule alone, so they are one system's two answers. */
function differenceOf(
  first: readonly Statistic[],
  second: readonly Statistic[],
  groups: ScoredClips["recordings"],
): Difference {
  const average = (seeds: readonly Statistic[]) => (weights: Float64Array) =>
    mean(seeds.map((statistic) => statistic(weights)));
  return differenceInterval([[average(first)], [average(second)]], { groups });
}

/** A study as lines of text. */
export function formatThresholds({ runs, parts }: ThresholdStudy): string {
  const lines = Object.entries(parts).flatMap(([part, results]) => [
    part === "mixturesOfTwo" ? "mixtures of two: macro-F1" : "mixtures of three: macro-F1",
    ...results.map(({ rule, macroF1, threshold, difference }) => {
      const against = difference
        ? `  ${difference.value >= 0 ? "+" : ""}${difference.value.toFixed(3)} (${
          difference.low.toFixed(3)
        } to ${difference.high.toFixed(3)})`
        : "";
      return `  ${rule.padEnd(20)}${macroF1.toFixed(3)}  at ${threshold.toFixed(3)}${against}`;
    }),
  ]);
  return [`${runs.length} runs: ${runs.join(", ")}`, ...lines].join("\n");
}
