/**
 * How fast runs converge: the epochs until they have nearly the accuracy on held-out clips that the lower of two ways to
 * train ends with, as in time to accuracy (Coleman et al., DAWNBench, 2017).
 *
 * Accuracy of the best-scored instrument, because losses that weigh labels otherwise cannot be held against each other, and
 * F1 at one half says first of all when a loss lets scores pass one half. A level that both sides reach, because a run that
 * ends higher is not faster for that.
 */
import { mean } from "../core/statistics.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { holm, seedDifference } from "../evaluation/difference.ts";
import type { Metric } from "../train/loop.ts";
import type { ComparedVariant } from "./claims.ts";

/** What is measured on held-out clips after each epoch, and what it is before the first: by chance, and without any yes. */
const CURVES = {
  accuracy: { name: "validation/accuracy", start: 1 / INSTRUMENTS.length },
  macroF1: { name: "validation/macroF1", start: 0 },
} as const;

/** The share of the lower side's last value that has to be reached. */
const SHARE = 0.9;

/** At which corrected p a difference counts. */
const LEVEL = 0.05;

/**
 * Epochs until a curve first reaches a level, on straight lines between epochs; all of them where it never does.
 *
 * @param curve a value after each epoch
 * @param options.start the value before the first
 */
export function epochsToReach(
  curve: readonly number[],
  { level, start }: { level: number; start: number },
): number {
  const from = [start, ...curve];
  const epoch = curve.findIndex((value) => value >= level);
  if (epoch < 0) return curve.length;
  const before = Math.min(from[epoch], level);
  return epoch + (curve[epoch] > before ? (level - before) / (curve[epoch] - before) : 0);
}

/** The speed of a way to train beside its base's. */
export interface ComparedSpeed extends ComparedVariant {
  name: string;
  /** That both reach. */
  level: number;
  /** Of each run. */
  epochs: { base: number[]; variant: number[] };
}

/**
 * Epochs that variants save against their base, over seeds, corrected for the variants.
 *
 * @param base metrics of each run
 * @param of the accuracy, or macro-F1 at one half, which the document looks at. Default: the accuracy
 * @returns nothing of a variant where it or the base has fewer than two runs, which would tell nothing of chance
 * @throws RangeError where a variant's runs have more or fewer epochs than the base's: their rates fall otherwise
 */
export function compareSpeed(
  { base, variants, of = "accuracy" }: {
    base: readonly (readonly Metric[])[];
    variants: readonly { name: string; runs: readonly (readonly Metric[])[] }[];
    of?: keyof typeof CURVES;
  },
): ComparedSpeed[] {
  const { name: measured, start } = CURVES[of];
  const curveOf = (metrics: readonly Metric[]) =>
    metrics.filter(({ name }) => name === measured).map(({ value }) => value);
  const curves = base.map(curveOf);
  const last = (side: readonly number[][]) => mean(side.map((curve) => curve.at(-1)!));
  const found = variants.flatMap(({ name, runs }) => {
    const own = runs.map(curveOf);
    if (Math.min(curves.length, own.length) < 2) return [];
    const lengths = new Set([...curves, ...own].map(({ length }) => length));
    if (lengths.size > 1) {
      throw new RangeError(
        `cannot compare how fast ${name} and its base converge: runs have ${
          [...lengths].join(" and ")
        } epochs`,
      );
    }
    const level = SHARE * Math.min(last(curves), last(own));
    const [before, after] = [curves, own].map((side) =>
      side.map((curve) => epochsToReach(curve, { level, start }))
    );
    const saved = seedDifference(before, after);
    return [{ name, level, epochs: { base: before, variant: after }, saved }];
  });
  const corrected = holm(found.map(({ saved }) => saved.p));
  return found.map(({ saved: { value, low, high }, ...rest }, k) => ({
    ...rest,
    value,
    low,
    high,
    verdict: corrected[k] >= LEVEL ? "no evidence" : value > 0 ? "better" : "worse",
  }));
}
