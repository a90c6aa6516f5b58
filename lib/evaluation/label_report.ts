/** Metrics with their intervals, as plain data: of one label a row, and of several. */
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";
import { bootstrapIntervals, type BootstrapOptions, type Interval } from "./bootstrap.ts";
import {
  type Groups,
  type Influence,
  influenceOnMean,
  influencesOnOutcomes,
  linearInterval,
  SharedGroups,
} from "./influence.ts";
import {
  bestLabels,
  countOutcomes,
  decide,
  exactMatches,
  hammingScore,
  type LabelScore,
  labelScores,
  macroF1,
  microF1,
  oneHot,
  type Outcomes,
  rankingPrecisions,
  weightedMean,
} from "./metrics.ts";
import { type MultiLabelScores, type TrivialBaselines, trivialBaselines } from "./trivial.ts";

/** A multi-label result: intervals over groups, the thresholds used, and what is trivial. */
export interface MultiLabelReport<T extends number | number[] = number>
  extends Record<keyof MultiLabelScores, Interval> {
  rows: number;
  /** One (or each instrument's), or one for each half of the rows, tuned on the other half. */
  thresholds: T[];
  perInstrument: Record<Instrument, LabelScore>;
  baselines: TrivialBaselines;
}

/** A single-label result: intervals over recordings. */
export interface SingleLabelReport {
  rows: number;
  /** Share of clips whose best-scored instrument is the right one. */
  accuracy: Interval;
  /** Of the best-scored instruments. */
  macroF1: Interval;
  /** Of all instruments scored above one half. */
  macroF1AtHalf: Interval;
  /** Of the best-scored instruments. */
  perInstrument: Record<Instrument, LabelScore>;
}

const byInstrument = (scores: LabelScore[]) =>
  Object.fromEntries(INSTRUMENTS.map((code, k) => [code, scores[k]])) as Record<
    Instrument,
    LabelScore
  >;

/** Decisions on rows of several labels, and over which groups their metrics have intervals. */
interface Decided<T> {
  /** 0 or 1, `[rows, 11]` */
  decisions: Uint8Array;
  /** Where the decisions come from, for the record. */
  thresholds: T[];
}

/**
 * Metrics of decisions, with intervals over groups: resampled.
 *
 * @param probabilities `[rows, 11]`
 * @param targets 0 or 1, same shape
 */
export function reportMultiLabel<T extends number | number[] = number>(
  probabilities: Float32Array,
  targets: Uint8Array,
  { decisions, thresholds, ...bootstrap }: BootstrapOptions & Decided<T>,
): MultiLabelReport<T> {
  const { precisions, exact } = byRows(probabilities, targets, decisions);
  const intervals = bootstrapIntervals((weights) => ({
    ...ofOutcomes(countOutcomes(decisions, targets, { weights })),
    rankingAveragePrecision: weightedMean(precisions, weights),
    exactMatch: weightedMean(exact, weights),
  }), bootstrap);
  return multiLabelReport(targets, { decisions, thresholds, intervals });
}

/**
 * The same of mixtures, whose rows are of several recordings each: intervals by linearisation (influence.ts), cut off at 0
 * and 1. Resampling recordings makes them too long.
 *
 * @param options.groups the recordings of each row
 */
export function reportMixtures<T extends number | number[] = number>(
  probabilities: Float32Array,
  targets: Uint8Array,
  { decisions, thresholds, groups }: { groups: Groups } & Decided<T>,
): MultiLabelReport<T> {
  const { precisions, exact } = byRows(probabilities, targets, decisions);
  const shared = new SharedGroups(groups);
  const interval = (influence: Influence): Interval => {
    const { low, high, ...others } = linearInterval(influence, { shared });
    return { ...others, low: Math.max(0, low), high: Math.min(1, high) };
  };
  const { macroF1, microF1, hamming } = influencesOnOutcomes(ofOutcomes, { decisions, targets });
  const intervals = {
    macroF1: interval(macroF1),
    microF1: interval(microF1),
    hamming: interval(hamming),
    rankingAveragePrecision: interval(influenceOnMean(precisions)),
    exactMatch: interval(influenceOnMean(exact)),
  };
  return multiLabelReport(targets, { decisions, thresholds, intervals });
}

const ofOutcomes = (outcomes: Outcomes) => ({
  macroF1: macroF1(outcomes),
  microF1: microF1(outcomes),
  hamming: hammingScore(outcomes),
});

const byRows = (probabilities: Float32Array, targets: Uint8Array, decisions: Uint8Array) => ({
  precisions: rankingPrecisions(probabilities, targets),
  exact: exactMatches(decisions, targets),
});

function multiLabelReport<T extends number | number[]>(
  targets: Uint8Array,
  { decisions, thresholds, intervals }: Decided<T> & {
    intervals: Record<keyof MultiLabelScores, Interval>;
  },
): MultiLabelReport<T> {
  return {
    rows: targets.length / INSTRUMENTS.length,
    ...intervals,
    thresholds,
    perInstrument: byInstrument(labelScores(countOutcomes(decisions, targets))),
    baselines: trivialBaselines(targets),
  };
}

/**
 * Metrics of clips with one label, with intervals over groups.
 *
 * @param probabilities `[rows, 11]`
 * @param labels each row's label, by its position
 */
export function reportSingleLabel(
  probabilities: Float32Array,
  labels: Uint8Array,
  bootstrap: BootstrapOptions,
): SingleLabelReport {
  const best = bestLabels(probabilities), targets = oneHot(labels);
  const chosen = oneHot(best), above = decide(probabilities, 0.5);
  const right = best.map((label, row) => label === labels[row] ? 1 : 0);
  const intervals = bootstrapIntervals((weights) => ({
    accuracy: weightedMean(right, weights),
    macroF1: macroF1(countOutcomes(chosen, targets, { weights })),
    macroF1AtHalf: macroF1(countOutcomes(above, targets, { weights })),
  }), bootstrap);
  const perInstrument = byInstrument(labelScores(countOutcomes(chosen, targets)));
  return { rows: labels.length, ...intervals, perInstrument };
}
