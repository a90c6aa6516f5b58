/**
 * A family of ways to train against its base: differences on the same rows, over recordings and seeds, with what a reader
 * may conclude from them.
 */
import { mean } from "../core/statistics.ts";
import { type Difference, difference, holm, smallestVisible } from "../evaluation/difference.ts";
import {
  type Influence,
  influenceOnMean,
  influencesOnOutcomes,
  SharedGroups,
} from "../evaluation/influence.ts";
import { hammingScore, labelScores, macroF1, rankingPrecisions } from "../evaluation/metrics.ts";
import type { IrmasResult } from "./evidence.ts";
import { withoutSeed } from "./run_folder.ts";
import {
  type Part,
  reportedOf,
  type ScoredRows,
  scoredRows,
  type ScoredRun,
  shareRightInNoise,
  type Statistic,
  TITLES,
} from "./scored_rows.ts";

const ofSeveral = (part: Part) =>
  ([
    ["macroF1", "macro-F1"],
    ["rankingAveragePrecision", "LRAP"],
    ["recall", "recall"],
    ["precision", "precision"],
    ["hamming", "Hamming score"],
  ] as const).map(([statistic, title]) => ({
    name: `${part}.${statistic}`,
    part,
    statistic: statistic as Statistic,
    title: `${title}, ${TITLES[part]}`,
  }));

/** All measures, the weightiest first: of several that runs have, the first is what a family is judged by. */
const KNOWN: readonly { name: string; part: Part; statistic: Statistic; title: string }[] = [
  ...ofSeveral("mixturesOfTwo"),
  ...ofSeveral("songs"),
  {
    name: "heldOut.accuracy",
    part: "heldOut",
    statistic: "accuracy",
    title: `accuracy, ${TITLES.heldOut}`,
  },
  ofSeveral("relabelled")[0],
  ...ofSeveral("mixturesOfThree"),
  {
    name: "noise.accuracy",
    part: "noise",
    statistic: "accuracy",
    title: `accuracy, ${TITLES.noise}`,
  },
  {
    name: "noise.change",
    part: "noise",
    statistic: "change",
    title: `accuracy, ${TITLES.noise} less without`,
  },
];

/** What is compared: "mixturesOfTwo.macroF1", "heldOut.accuracy" and so on, by where a result has it. */
export type Measure =
  | "heldOut.accuracy"
  | "relabelled.macroF1"
  | `noise.${"accuracy" | "change"}`
  | `${"mixturesOfTwo" | "mixturesOfThree" | "songs"}.${Exclude<
    Statistic,
    "accuracy" | "change"
  >}`;

/** The measures, in the order in which they are shown. */
export const MEASURES = KNOWN.map(({ name }) => name) as readonly Measure[];

/** The runs that a row rests on. */
export interface Side {
  name: string;
  /** Folders of runs, and the seed and the command of each. */
  runs: { name: string; seed: number; command: string }[];
}

/** What may be concluded at a level of 5 % for the whole family. */
export type Verdict = "better" | "worse" | "no evidence";

/** A variant by one measure. */
export interface ComparedVariant {
  name: string;
  /** Of each run, in the order of its side. */
  values: number[];
  mean: number;
  /** Variant minus base. */
  difference: Difference;
  /** Where both sides have a run with the same seed. */
  bySeed: { seed: number; difference: number }[];
  /** The p value by Holm's correction over the family's variants. */
  correctedP: number;
  verdict: Verdict;
  /** The smallest difference that would have been found in 80 % of cases, at 5 % over the number of variants. */
  visible: number;
  /** A side has one seed: the interval is about these very models, not about the way to train them. */
  aboutModels: boolean;
}

/** A family by one measure. */
export interface ComparedMeasure {
  measure: Measure;
  title: string;
  /** Of each run, and their mean. */
  base: { values: number[]; mean: number };
  variants: ComparedVariant[];
  /** How far values from the rounded scores are from the runs' own reports, at most. */
  rounding: number;
}

/** A family's comparison, as plain data. */
export interface Comparison {
  base: Side;
  variants: Side[];
  /** The first is what the family is judged by. */
  measures: ComparedMeasure[];
  /** What could not be compared, and why. */
  left: string[];
}

/** A family's runs. */
export interface Family {
  base: readonly ScoredRun[];
  variants: readonly { name: string; runs: readonly ScoredRun[] }[];
  /** Default: all that every run has scores for. */
  measures?: readonly Measure[];
}

const LEVEL = 0.05;

/** Further than this no rounding of scores moves a measure. */
const ROUNDING = 0.03;

/**
 * Compares variants with their base.
 *
 * Holm's correction is over the variants, for each measure by itself: a family is judged by its first one.
 *
 * @throws Error where a side has no run or the same one twice, runs were scored on other rows, or a measure that was asked
 * for has no scores
 */
export function compareFamily({ base, variants, measures }: Family): Comparison {
  const sides = [{ name: nameOf(base), runs: base }, ...variants].map(({ name, runs }) => ({
    name,
    runs: runs.toSorted((a, b) => a.config.seed - b.config.seed),
  }));
  for (const { name, runs } of sides) checkSide(name, runs);
  const left: string[] = [], compared: ComparedMeasure[] = [];
  const wanted = KNOWN.filter(({ name }) => measures?.includes(name as Measure) ?? true);
  for (const [part, own] of Map.groupBy(wanted, ({ part }) => part)) {
    const all = sides.flatMap(({ runs }) => runs);
    if (!measures && !all.some((run) => part in run.result)) continue;
    const without = all.filter((run) => !scoredRows(run, part));
    if (without.length > 0) {
      const why =
        `${TITLES[part]}: ${without.length} of ${all.length} runs kept no scores of them` +
        ` (e.g. ${without[0].name}): "./lumen evaluate ${without[0].name}" adds them`;
      if (measures) throw new Error(`cannot compare on ${why}`);
      left.push(why);
      continue;
    }
    compared.push(...comparePart(part, sides, own));
  }
  if (compared.length === 0) throw new Error(`there is nothing to compare: ${left.join("; ")}`);
  const order = (measure: Measure) => MEASURES.indexOf(measure);
  return {
    base: sideOf(sides[0]),
    variants: sides.slice(1).map(sideOf),
    measures: compared.sort((a, b) => order(a.measure) - order(b.measure)),
    left,
  };
}

const nameOf = (runs: readonly ScoredRun[]) => runs[0]?.config.recipe ?? "the base";

/** @throws Error where there is no run, or one twice */
function checkSide(name: string, runs: readonly ScoredRun[]): void {
  if (runs.length === 0) throw new Error(`cannot compare ${name}: it has no finished run`);
  const twice = runs.find((run, k) => run.config.seed === runs[k + 1]?.config.seed);
  if (twice) {
    throw new Error(
      `cannot compare ${name}: it has seed ${twice.config.seed} twice (${twice.name})`,
    );
  }
}

const sideOf = ({ name, runs }: { name: string; runs: readonly ScoredRun[] }): Side => ({
  name,
  runs: runs.map(({ name, config: { recipe, seed } }) => ({
    name,
    seed,
    command: `./lumen train ${recipe} --seed ${seed}`,
  })),
});

type Statistics = Partial<Record<Statistic, Influence>>;

/** All measures of a part. */
function comparePart(
  part: Part,
  sides: readonly { name: string; runs: readonly ScoredRun[] }[],
  measures: readonly typeof KNOWN[number][],
): ComparedMeasure[] {
  const rows = scoredRows(sides[0].runs[0], part)!, shared = new SharedGroups(rows.groups);
  const statistics = sides.map(({ runs }) => runs.map((run) => statisticsOf(run, part, rows)));
  return measures.map(({ name, statistic, title }) => {
    const [base, ...others] = statistics.map((runs) => runs.map((all) => all[statistic]!));
    const valuesOf = (side: readonly Influence[]) => side.map(({ value }) => value);
    const rounding = Math.max(
      ...sides.flatMap(({ runs }, s) =>
        runs.map((run, k) => {
          const { value } = statistics[s][k][statistic]!;
          return deviation(run, value, reportedOf(run, part, statistic));
        })
      ),
    );
    const found = others.map((side) => {
      const aboutModels = Math.min(base.length, side.length) < 2;
      return { aboutModels, difference: difference([side, base], { shared, aboutModels }) };
    });
    const corrected = holm(found.map(({ difference }) => difference.p));
    return {
      measure: name as Measure,
      title,
      base: { values: valuesOf(base), mean: mean(valuesOf(base)) },
      rounding,
      variants: found.map(({ difference, aboutModels }, k) => ({
        name: sides[k + 1].name,
        values: valuesOf(others[k]),
        mean: mean(valuesOf(others[k])),
        difference,
        bySeed: sides[k + 1].runs.flatMap(({ config: { seed } }, own) => {
          const twin = sides[0].runs.findIndex((run) => run.config.seed === seed);
          return twin < 0 ? [] : [{ seed, difference: others[k][own].value - base[twin].value }];
        }),
        correctedP: corrected[k],
        verdict: corrected[k] >= LEVEL ? "no evidence" : difference.value > 0 ? "better" : "worse",
        visible: smallestVisible(difference, { level: LEVEL / others.length }),
        aboutModels,
      })),
    };
  });
}

/** @throws Error where a run's scores and its report cannot be of one evaluation */
function deviation(run: ScoredRun, value: number, reported: number): number {
  if (Math.abs(value - reported) > ROUNDING) {
    throw new Error(
      `cannot compare ${run.name}: its scores give ${value.toFixed(4)} where its report has ${
        reported.toFixed(4)
      }; train ${withoutSeed(run.name)} anew with --restart`,
    );
  }
  return Math.abs(value - reported);
}

/** @throws Error where the run was scored on other rows */
function statisticsOf(run: ScoredRun, part: Part, { names }: ScoredRows): Statistics {
  const { names: own, targets, scores, decisions } = scoredRows(run, part)!;
  const missing = names.find((name, row) => name !== own[row]);
  if (missing !== undefined || own.length !== names.length) {
    throw new Error(
      `run ${run.name} was scored on other ${TITLES[part]}${
        missing ? `, e.g. not on ${missing} where others were` : ""
      }: only runs on the same fold can be compared`,
    );
  }
  if (part === "noise") return statisticsInNoise(run.result as IrmasResult, decisions, targets);
  return {
    ...statisticsOfDecisions({ decisions, targets }),
    rankingAveragePrecision: influenceOnMean(rankingPrecisions(scores, targets)),
  };
}

/**
 * All statistics of decisions, with each row's influence on them.
 *
 * @param options.decisions 0 or 1, `[rows, 11]`
 * @param options.targets 0 or 1, same shape
 */
export function statisticsOfDecisions(
  { decisions, targets }: { decisions: Uint8Array; targets: Uint8Array },
): Record<Exclude<Statistic, "change" | "rankingAveragePrecision">, Influence> {
  const share = (one: Float64Array, other: Float64Array) => {
    const [x, y] = [one, other].map((counts) => counts.reduce((sum, count) => sum + count, 0));
    return x / (x + y);
  };
  return influencesOnOutcomes((outcomes) => {
    const labels = labelScores(outcomes);
    return {
      // of clips with one label each
      accuracy: share(outcomes.truePositive, outcomes.falseNegative),
      macroF1: macroF1(outcomes),
      recall: mean(labels.map(({ recall }) => recall)),
      precision: mean(labels.map(({ precision }) => precision)),
      hamming: hammingScore(outcomes),
    };
  }, { decisions, targets });
}

/**
 * The mean over the noises, as ImageNet-C's mean corruption error, and less what is right without noise, as its relative one
 * (Hendrycks and Dietterich, Benchmarking neural network robustness, 2019): who knows little loses little.
 */
function statisticsInNoise(
  result: IrmasResult,
  decisions: Uint8Array,
  targets: Uint8Array,
): Statistics {
  const inNoise = shareRightInNoise(result), labels = targets.length / inNoise.length;
  const change = Float64Array.from(inNoise);
  // one label each, and one decision
  targets.forEach((target, k) => change[Math.floor(k / labels)] -= target * decisions[k]);
  return { accuracy: influenceOnMean(inNoise), change: influenceOnMean(change) };
}
