/** What networks decide on real clips, clip by clip. */
import { exists, readJson } from "../../core/files.ts";
import { projectPath } from "../../core/paths.ts";
import { mean } from "../../core/statistics.ts";
import { FAMILIES, type Instrument, INSTRUMENTS } from "../../datasets/labels.ts";
import { originalInstrument } from "../../datasets/published.ts";
import {
  bestLabels,
  countOutcomes,
  decide,
  labelScores,
  macroF1,
  weightedMean,
} from "../../evaluation/metrics.ts";
import { weightedCorrelation } from "../../baselines/correlation.ts";
import { differenceInterval, seedDifference } from "../../evaluation/difference.ts";
import { logit } from "../../evaluation/aggregate.ts";
import { quantile } from "../../evaluation/quantile.ts";
import { columnOf, rank } from "../../evaluation/ranking.ts";
import type { ClassicalResult } from "../classical.ts";
import { type Estimate, ONE_RUN } from "../claims.ts";
import { compareFamily } from "../comparison.ts";
import type { FinishedRun, IrmasResult } from "../evidence.ts";
import { foldRecipes } from "../folds_comparison.ts";
import { pooledClips, scoredClips } from "../scored_clips.ts";
import { allOver, type Estimates, gap, over, type Quantity } from "./estimate.ts";
import { memoize } from "./memoize.ts";

type Runs = readonly FinishedRun<IrmasResult>[];

/** Where the runs come from. */
export interface NetworkSources {
  /** The finished runs of a recipe. */
  runsOf: (recipe: string) => Promise<Runs>;
  /** Those of the experiment with the highest macro-F1 on mixtures of two; none where there is no experiment. */
  leader: () => Runs;
}

/** One head of two linear layers for all instruments, and one each. */
const ONE_HEAD = "screen+complete+two-layers+deep", FLUFFY = `${ONE_HEAD}+fluffy-deep`;

/** The networks that E5 holds against ConvNeXt-atto. */
const OTHER_NETWORKS = [
  "screen+mobilenet-v3-large",
  "screen+resnext50",
  "screen+efficientnet-v2-s",
  "screen+complete+convnext-tiny",
];

const NOT_RUN: Estimate = { missing: "there is no finished run of irmas_scratch" };
const NOTE = "ConvNeXt-atto from scratch, mean over its runs; intervals over recordings";

const width = INSTRUMENTS.length;
const median = (values: readonly number[]) => quantile(values.toSorted((a, b) => a - b), 0.5);

/** Clips of one label that were held out, with each run's scores and best-scored instruments. */
function heldOut(runs: Runs) {
  const sets = runs.map((run) => scoredClips(run, "heldOut")!), [{ targets, recordings }] = sets;
  return {
    recordings: recordings.flat(),
    labels: Array.from(bestLabels(targets), (label) => INSTRUMENTS[label]),
    scores: sets.map(({ scores }) => scores),
    best: sets.map(({ scores }) => Array.from(bestLabels(scores), (label) => INSTRUMENTS[label])),
  };
}

/** What the document says of single instruments, as differences of their scores, in the labels' order. */
function contrasts(scores: readonly number[]) {
  const at = (code: Instrument) => scores[INSTRUMENTS.indexOf(code)];
  const others = (...own: Instrument[]) =>
    INSTRUMENTS.filter((code) => !own.includes(code)).map(at);
  const overMedian = (code: Instrument) => at(code) - median(others(code));
  return {
    voiceLead: at("voi") - Math.max(...others("voi")),
    voiceOverRare: at("voi") - mean([at("cla"), at("tru"), at("cel")]),
    celloAndClarinet: mean([at("cel"), at("cla")]) - mean(others("cel", "cla")),
    voi: overMedian("voi"),
    sax: overMedian("sax"),
    pia: overMedian("pia"),
    gac: overMedian("gac"),
    gel: overMedian("gel"),
    org: overMedian("org"),
  };
}

/** Estimates from the scores that runs keep. */
export function networkEstimates({ runsOf, leader }: NetworkSources): Estimates {
  /** The instruments' scores of the leading experiment on the relabelled clips, mean over its runs. */
  const ofLeader = (scoresOf: (set: NonNullable<ReturnType<typeof scoredClips>>) => Scores) =>
    memoize(() => {
      const runs = leader();
      if (runs.length === 0) return undefined;
      const sets = runs.map((run) => scoredClips(run, "relabelled")!), of = sets.map(scoresOf);
      return allOver(
        sets[0].recordings.flat(),
        (weights) => {
          const found = of.map((scores) => scores(weights));
          return contrasts(INSTRUMENTS.map((_, k) => mean(found.map((scores) => scores[k]))));
        },
        `${runs[0].config.recipe}, the best on mixtures, on the relabelled clips`,
      );
    });
  const f1 = ofLeader(({ decisions, targets }) => (weights) =>
    labelScores(countOutcomes(decisions, targets, { weights })).map((scores) => scores.f1)
  );
  const area = ofLeader(({ scores, targets }) => {
    const rankings = INSTRUMENTS.map((_, k) => rank(columnOf(scores, k), columnOf(targets, k)));
    return (weights) => rankings.map((one) => one.rocArea(weights));
  });
  const of = (all: typeof f1, name: keyof ReturnType<typeof contrasts>) => () =>
    all()?.[name] ?? NOT_RUN;

  const from = (compute: (runs: Runs) => Estimate) => async (): Promise<Estimate> => {
    const runs = await runsOf("irmas_scratch");
    return runs.length > 0 ? compute(runs) : NOT_RUN;
  };
  /** How often an instrument's clips are taken for a second one, less for others, on average. */
  const confusion = (own: Instrument, second: Instrument, others: readonly Instrument[]) =>
    from((runs) => {
      const { recordings, labels, best } = heldOut(runs);
      const values = labels.map((_, row) =>
        mean(
          best.map((chosen) =>
            Number(chosen[row] === second) - Number(others.includes(chosen[row])) / others.length
          ),
        )
      );
      return over(
        recordings,
        (weights) =>
          weightedMean(values, weights.map((weight, row) => labels[row] === own ? weight : 0)),
        NOTE,
      );
    });

  /** The area of one head less Fluffy's, over recordings and seeds. */
  const areaWithoutFluffy = (code: Instrument) => async (): Promise<Estimate> => {
    const sides = [await runsOf(ONE_HEAD), await runsOf(FLUFFY)];
    if (sides.some((runs) => runs.length === 0)) {
      return { missing: `there are no finished runs of ${ONE_HEAD} and ${FLUFFY}` };
    }
    const sets = sides.map((runs) => runs.map((run) => scoredClips(run, "relabelled")!));
    const [first, second] = sets.map((side) =>
      side.map(({ scores, targets }) => {
        const k = INSTRUMENTS.indexOf(code);
        const ranking = rank(columnOf(scores, k), columnOf(targets, k));
        return (weights: Float64Array) => ranking.rocArea(weights);
      })
    );
    const { value, low, high } = differenceInterval([first, second], {
      groups: sets[0][0].recordings,
    });
    return { value, low, high };
  };

  return {
    "ROC area of the piano: one head less Fluffy": areaWithoutFluffy("pia"),
    "ROC area of the trumpet: one head less Fluffy": areaWithoutFluffy("tru"),
    "F1: voice less the best other": of(f1, "voiceLead"),
    "F1: voice less clarinet, trumpet and cello": of(f1, "voiceOverRare"),
    "F1: saxophone less the median": of(f1, "sax"),
    "F1: piano less the median": of(f1, "pia"),
    "F1: cello and clarinet less the others": of(f1, "celloAndClarinet"),
    "ROC area: voice less the median": of(area, "voi"),
    "ROC area: saxophone less the median": of(area, "sax"),
    "ROC area: acoustic guitar less the median": of(area, "gac"),
    "ROC area: electric guitar less the median": of(area, "gel"),
    "ROC area: organ less the median": of(area, "org"),

    "cello: as violin less as trumpet": confusion("cel", "vio", ["tru"]),
    "saxophone: as clarinet less as another": confusion(
      "sax",
      "cla",
      INSTRUMENTS.filter((code) => code !== "sax" && code !== "cla"),
    ),
    "errors inside the family less by chance": from((runs) => {
      const { recordings, labels, best } = heldOut(runs), families = Object.values(FAMILIES);
      const familyOf = new Map(families.flatMap((own) => own.map((code) => [code, own])));
      // the chance that an error, drawn from the other ten alike, stays in the family
      const chance = (code: Instrument) => (familyOf.get(code)!.length - 1) / (width - 1);
      const errors = best.flatMap((chosen) =>
        chosen.flatMap((code, row) =>
          code === labels[row] ? [] : [{
            row,
            excess: Number(familyOf.get(labels[row])!.includes(code)) - chance(labels[row]),
          }]
        )
      );
      const excess = errors.map((error) => error.excess);
      return over(
        recordings,
        (weights) => weightedMean(excess, errors.map(({ row }) => weights[row])),
        NOTE,
      );
    }),
    "clips without any instrument at one half": from((runs) => {
      const { recordings, labels, scores } = heldOut(runs);
      const isNone = (own: Float32Array, row: number) =>
        own.subarray(row * width, (row + 1) * width).every((p) => p <= 0.5);
      const none = labels.map((_, row) => mean(scores.map((own) => Number(isNone(own, row)))));
      return over(recordings, (weights) => weightedMean(none, weights), NOTE);
    }),
    "threshold: tuned less one half": from((runs) => {
      const sets = runs.map((run) => scoredClips(run, "relabelled")!), [{ targets }] = sets;
      const atHalf = sets.map(({ scores }) => decide(scores, 0.5));
      return over(
        sets[0].recordings.flat(),
        (weights) =>
          mean(
            sets.map(({ decisions }, k) =>
              macroF1(countOutcomes(decisions, targets, { weights })) -
              macroF1(countOutcomes(atHalf[k], targets, { weights }))
            ),
          ),
        "macro-F1 on the relabelled clips; the threshold was tuned on other recordings",
      );
    }),
    "recall: leading less other instruments": from((runs) => {
      const sets = runs.map((run) => scoredClips(run, "relabelled")!);
      const [{ targets, clips, recordings }] = sets;
      const heard = clips.flatMap(([clip], row) =>
        INSTRUMENTS.flatMap((code, k) =>
          targets[row * width + k] === 0 ? [] : [{
            row,
            isLeading: code === originalInstrument(clip),
            found: mean(sets.map(({ decisions }) => decisions[row * width + k])),
          }]
        )
      );
      const found = heard.map((one) => one.found);
      const recall = (weights: Float64Array, isLeading: boolean) =>
        weightedMean(
          found,
          heard.map((one) => one.isLeading === isLeading ? weights[one.row] : 0),
        );
      return over(
        recordings.flat(),
        (weights) => recall(weights, true) - recall(weights, false),
        "recall on the relabelled clips of the instrument that a clip was cut for, less of what else is heard",
      );
    }),
    ...Object.fromEntries(
      ["sum-2", "sum-3"].map((variant) => [
        `spurious correlations: ${variant} less screen`,
        () => lessSpurious(runsOf, `screen+${variant}`, "screen"),
      ]),
    ),
    "spurious correlations: Fluffy less one head": () => lessSpurious(runsOf, FLUFFY, ONE_HEAD),
    "what half of the recordings cost less what the best other network brings": async () => {
      const [all, half, base] = await Promise.all(
        ["screen", "screen+half", "screen+complete"].map(runsOf),
      );
      const others = await Promise.all(OTHER_NETWORKS.map(async (recipe) => ({
        name: recipe,
        runs: await runsOf(recipe),
      })));
      const sides = [all, half, base, ...others.map(({ runs }) => runs)];
      if (sides.some((runs) => runs.length === 0)) return { missing: "not run yet" };
      if (sides.some((runs) => runs.length === 1)) return { missing: ONE_RUN };
      const measures = ["mixturesOfTwo.macroF1"] as const;
      const differences = (base: Runs, variants: typeof others) =>
        compareFamily({ base, variants, measures }).measures[0].variants;
      const [cost] = differences(half, [{ name: "all", runs: all }]);
      const [best] = differences(base, others)
        .toSorted((a, b) => b.difference.value - a.difference.value);
      return { ...gap(cost.difference, best.difference), note: `against ${best.name}` };
    },
    "learnt less hand-made features: accuracy": async () => {
      const path = projectPath("experiments", "classical.json");
      if (!exists(path)) return { missing: "there is no experiments/classical.json" };
      const best = readJson<ClassicalResult>(path).scores
        .map(({ accuracy }) => accuracy["by recording"])
        .reduce((a, b) => b.value > a.value ? b : a);
      // one run for each fold, so that every recording is held out once, as for the classical models
      const folds = await Promise.all(
        foldRecipes("irmas_scratch").map(async (recipe) => (await runsOf(recipe))[0]),
      );
      if (folds.some((run) => !run)) {
        return { missing: "there is no run of irmas_scratch on every fold" };
      }
      const { scores, targets, recordings } = pooledClips(folds, "heldOut")!;
      const right = bestLabels(scores).map((label, row) => targets[row * width + label]);
      const accuracy = over(recordings.flat(), (weights) => weightedMean(right, weights));
      return gap(accuracy as Quantity, best);
    },
  };
}

/** One score an instrument, from the rows' weights. */
type Scores = (weights: Float64Array) => number[];

/**
 * How much a network links instruments for no reason: mean absolute correlation of two instruments' logits over the held-out
 * clips whose label is neither.
 */
function spuriousCorrelation(run: Runs[number]): number {
  const { scores, targets } = scoredClips(run, "heldOut")!, rows = scores.length / width;
  const columns = INSTRUMENTS.map((_, k) =>
    Array.from({ length: rows }, (_, row) => logit(scores[row * width + k]))
  );
  return mean(
    columns.flatMap((x, a) =>
      columns.slice(0, a).map((y, b) => {
        const bearsNeither = Float64Array.from(
          { length: rows },
          (_, row) => Number(targets[row * width + a] === 0 && targets[row * width + b] === 0),
        );
        return Math.abs(weightedCorrelation(x, y, bearsNeither));
      })
    ),
  );
}

/** {@link spuriousCorrelation} of a recipe's runs less another's. */
async function lessSpurious(
  runsOf: NetworkSources["runsOf"],
  variant: string,
  base: string,
): Promise<Estimate> {
  const [first, second] = await Promise.all(
    [variant, base].map(async (recipe) => (await runsOf(recipe)).map(spuriousCorrelation)),
  );
  if (!first.length || !second.length || first.length + second.length < 3) {
    return { missing: `there are no three runs of ${variant} and ${base}` };
  }
  const { value, low, high } = seedDifference(first, second);
  return {
    value,
    low,
    high,
    note: `mean absolute correlation of two logits on held-out clips of neither: ${
      mean(first).toFixed(3)
    } and ${mean(second).toFixed(3)}; interval over seeds`,
  };
}
