/** Metrics with their intervals, as plain data: of one label a row, and of several. */
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";
import { bootstrapIntervals, type BootstrapOptions, type Interval } from "./bootstrap.ts";
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

/**
 * Metrics of decisions, with intervals over groups.
 *
 * @param probabilities `[rows, 11]`
 * @param targets 0 or 1, same shape
 * @param options.decisions 0 or 1, same shape
 * @param options.thresholds where they come from, for the record
 */
export function reportMultiLabel<T extends number | number[] = number>(
  probabilities: Float32Array,
  targets: Uint8Array,
  { decisions, thresholds, ...bootstrap }: BootstrapOptions & {
    decisions: Uint8Array;
    thresholds: T[];
  },
): MultiLabelReport<T> {
  const precisions = rankingPrecisions(probabilities, targets);
  const exact = exactMatches(decisions, targets);
  const intervals = bootstrapIntervals((weights) => {
    const outcomes = countOutcomes(decisions, targets, { weights });
    return {
      macroF1: macroF1(outcomes),
      microF1: microF1(outcomes),
      rankingAveragePrecision: weightedMean(precisions, weights),
      hamming: hammingScore(outcomes),
      exactMatch: weightedMean(exact, weights),
    };
  }, bootstrap);
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
