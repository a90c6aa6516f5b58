/** Data sets put together: boosted IRMAS (D3), the ultimate data set (D14), and what is in them. */
import { type Clip, type DataSet, joinDataSets, makeDataSet } from "./clip.ts";
import { undecidedGuitars } from "./guitar.ts";
import { type Instrument, INSTRUMENTS } from "./labels.ts";
import { assertNoLeak } from "./split.ts";

/** The two sides of {@link boostIrmas}. */
export interface BoostedIrmas {
  /** The training part, and one half of the testing part. */
  train: DataSet;
  /** The other half. */
  validation: DataSet;
}

/**
 * Boosted IRMAS: one half of the testing part's songs joins the training part, the other is kept for validation (D3).
 *
 * @param irmas both parts, by `readIrmas` or from the published tables
 * @param half the side of each clip of the testing part
 * @throws Error when a song is on both sides, or a side has no clip
 */
export function boostIrmas(
  irmas: DataSet,
  half: (clip: Clip) => "train" | "validation",
): BoostedIrmas {
  const single = irmas.clips.filter(({ source }) => source === "irmas-train");
  const sides = Map.groupBy(irmas.clips.filter(({ source }) => source === "irmas-test"), half);
  const [train, validation] = [sides.get("train") ?? [], sides.get("validation") ?? []];
  if (train.length === 0 || validation.length === 0) {
    throw new Error(
      `cannot boost IRMAS: of the testing part ${train.length} clips are for training, ${validation.length} for ` +
        "validation; the data set must have both parts",
    );
  }
  assertNoLeak(train.map(({ group }) => group), validation.map(({ group }) => group));
  const side = (name: string, clips: Clip[], split: Clip["split"]) =>
    makeDataSet({ name, clips: clips.map((clip) => ({ ...clip, split })) });
  return {
    train: side("boosted-irmas", [...single, ...train], "train"),
    validation: side("boosted-irmas-validation", validation, "validation"),
  };
}

/**
 * Several data sets as one to train on, each clip with its source (D14); groups are told apart by their source.
 *
 * @param sets boosted IRMAS, OpenMIC and AudioSet, or what one has of them
 * @throws Error when a guitar is neither acoustic nor electric yet: `decideGuitars` decides, `dropUndecided` leaves out
 */
export function ultimateDataSet(sets: readonly DataSet[]): DataSet {
  for (const set of sets) {
    const open = undecidedGuitars(set);
    if (open.length > 0) {
      throw new Error(
        `${open.length} guitars of ${set.name} are neither acoustic nor electric yet: decide them, or leave them out`,
      );
    }
  }
  const { clips, ...rest } = joinDataSets("ultimate", sets);
  return {
    ...rest,
    clips: clips.map((clip) => ({ ...clip, group: `${clip.source}/${clip.group}` })),
  };
}

/** What clips of a source with an instrument there are. */
export interface InstrumentShare {
  source: string;
  instrument: Instrument;
  clips: number;
  /** Seconds of these clips; null where not all lengths are known. */
  seconds: number | null;
}

/** How many clips of a source have a number of labels. */
export interface LabelCount {
  source: string;
  labels: number;
  clips: number;
}

/** Clips and seconds of each instrument in each source; a clip with several labels counts for each. */
export function instrumentShares(clips: readonly Clip[]): InstrumentShare[] {
  return bySource(clips).flatMap(([source, own]) =>
    INSTRUMENTS.map((instrument) => {
      const having = own.filter(({ labels }) => labels.includes(instrument));
      return { source, instrument, clips: having.length, seconds: totalSeconds(having) };
    })
  );
}

/** Clips of each source by the number of their labels. */
export function labelCounts(clips: readonly Clip[]): LabelCount[] {
  return bySource(clips).flatMap(([source, own]) => {
    const groups = Map.groupBy(own, ({ labels }) => labels.length);
    return [...groups].sort(([a], [b]) => a - b)
      .map(([labels, having]) => ({ source, labels, clips: having.length }));
  });
}

/** Seconds of clips together; null where a length is not known. */
export function totalSeconds(clips: readonly Clip[]): number | null {
  let sum = 0;
  for (const { seconds } of clips) {
    if (seconds === null) return null;
    sum += seconds;
  }
  return sum;
}

/** Clips by their source, in the order in which sources appear. */
export function bySource(clips: readonly Clip[]): [string, Clip[]][] {
  return [...Map.groupBy(clips, ({ source }) => source)];
}
