/** Whole evaluations as plain data: on real IRMAS spectrograms, and on songs. */
import { INSTRUMENTS } from "../datasets/labels.ts";
import {
  heldOutIndices,
  type IrmasMels,
  type RelabelledTest,
  relabelledTest,
} from "../datasets/irmas_mels.ts";
import {
  drawMixtures,
  halveClips,
  type Level,
  type Mixtures,
  networkInputs,
  renderMixtures,
} from "../datasets/mixtures.ts";
import { assertNoLeak } from "../datasets/split.ts";
import { joined } from "../core/joined.ts";
import type { Random } from "../core/random.ts";
import { aggregateChunks, type Aggregation } from "./aggregate.ts";
import type { BootstrapOptions } from "./bootstrap.ts";
import {
  type MultiLabelReport,
  reportMixtures,
  reportMultiLabel,
  reportSingleLabel,
  type SingleLabelReport,
} from "./label_report.ts";
import { decide, oneHot } from "./metrics.ts";
import {
  type CrossFit,
  crossFit,
  crossFitByLabel,
  type CrossFitOptions,
  halvesInOrder,
  splitForThreshold,
  takeRows,
  tuneThreshold,
} from "./threshold.ts";

/** Result of {@link evaluateIrmas}. */
export interface IrmasReport {
  fold: number;
  heldOut: SingleLabelReport;
  mixturesOfTwo: MultiLabelReport;
  mixturesOfThree: MultiLabelReport;
  relabelled: MultiLabelReport;
  /** Thresholds that are best on sums of four to six clips (M16), of either half: decisions on one are to take the other's. */
  thresholdsOfSums: [number, number];
}

/** Scores of mixtures, for comparisons with other systems on the same mixtures. */
export interface MixtureScores {
  /** The clips in each, by their numbers in the pack. */
  members: number[][];
  /** `[mixtures, 11]` */
  probabilities: Float32Array;
}

/** Scores by clip, for comparisons with other systems on the same clips. */
export interface ClipScores {
  /** The clips' numbers in the pack. */
  indices: Int32Array;
  /** `[clips, 11]` */
  probabilities: Float32Array;
}

/** Clips in the sums that thresholds are tuned on, as the study has it (M16). */
const SUM_SIZES = [4, 5, 6];

/** Options of {@link evaluateIrmas}. */
export interface EvaluateIrmasOptions {
  /** From network input `[count, 128, 94]` in [-2, 2] to probabilities `[count, 11]`. */
  predict: (batch: Float32Array, count: number) => Promise<Float32Array>;
  /** The recordings of each fold. */
  folds: readonly (readonly string[])[];
  /** The held-out fold. */
  fold: number;
  /** The same generator key gives the same mixtures, for every model. */
  random: Random;
  /** Mixtures of two, of three, and sums of four to six together. Default: 600 of each. */
  mixtures?: number;
  /** What is equal before clips are added. Default: "mean". */
  level?: Level;
  /** Default: the 297 published clips. */
  relabelled?: RelabelledTest;
  /** Default: 64. */
  batchSize?: number;
  /** Resamplings of the intervals. Default: 2000. */
  samples?: number;
  onProgress?: (finished: number, total: number) => void;
}

/**
 * Evaluates a model on what its training run never saw of the IRMAS spectrograms: the held-out fold (one
 * label a clip), mixtures of two and of three of its clips, and the relabelled clips.
 *
 * No threshold is tuned on what it decides. Mixtures are made within either half of the held-out
 * recordings and decided at the threshold of the other half; the relabelled clips at the threshold of
 * the held-out clips and mixtures of two that share no recording with them.
 *
 * @returns the report, and the scores by clip and by mixture
 * @throws RangeError when `predict` gives another shape or something that is not finite
 */
export async function evaluateIrmas(
  mels: IrmasMels,
  options: EvaluateIrmasOptions,
): Promise<{
  report: IrmasReport;
  heldOut: ClipScores;
  relabelled: ClipScores;
  mixturesOfTwo: MixtureScores;
  mixturesOfThree: MixtureScores;
}> {
  const { folds, fold, random, mixtures = 600, level, samples } = options;
  const held = heldOutIndices(mels, { folds, fold });
  const test = options.relabelled ?? relabelledTest(mels);
  const halves = halveClips(mels, { indices: held, random: random.fork("halves") });
  const recordingsOf = (clips: Int32Array) => Array.from(clips, (k) => mels.recordings[k]);
  assertNoLeak(recordingsOf(halves[0]), recordingsOf(halves[1]), {
    sides: ["the tuned half", "the scored half"],
  });
  const draw = (size: number) =>
    halves.map((indices, half) =>
      drawMixtures(mels, {
        indices,
        size,
        count: Math[half ? "floor" : "ceil"](mixtures / (size > 3 ? 2 * SUM_SIZES.length : 2)),
        random: random.fork("mixtures", size, half),
      })
    );
  const [two, three] = [draw(2), draw(3)], sums = SUM_SIZES.map(draw);
  const drawn = [two, three, ...sums].flat().reduce((sum, { count }) => sum + count, 0);
  const total = held.length + test.indices.length + drawn;
  const predict = batches(options, total);
  const ofClips = (indices: Int32Array) =>
    predict(
      indices.length,
      (from, to) => networkInputs(mels, indices.subarray(from, to)),
    );
  const rendered = (set: Mixtures) =>
    predict(
      set.count,
      (from, to) => renderMixtures(mels, set, { start: from, count: to - from, level }),
    );
  const ofMixtures = async ([first, second]: Mixtures[]) =>
    joined([await rendered(first), await rendered(second)]);
  const tunedOnSums = async (half: number) => {
    const sets = sums.map((halves) => halves[half]), scores: Float32Array[] = [];
    for (const set of sets) scores.push(await rendered(set));
    return tuneThreshold(joined(scores), joined(sets.map(({ targets }) => targets)));
  };
  const scores = {
    held: await ofClips(held),
    two: await ofMixtures(two),
    three: await ofMixtures(three),
    relabelled: await ofClips(test.indices),
  };
  const heldLabels = Uint8Array.from(held, (k) => mels.labels[k]);
  const heldRecordings = recordingsOf(held);
  const interval = (groups: BootstrapOptions["groups"], name: string) => ({
    groups,
    random: random.fork("bootstrap", name),
    samples,
  });
  const decided = (sets: Mixtures[], probabilities: Float32Array) => {
    const { targets, recordings: groups, rows } = joinMixtures(sets);
    const { decisions, thresholds } = crossFit(probabilities, targets, { halves: rows });
    return reportMixtures(probabilities, targets, { decisions, thresholds, groups });
  };
  const threshold = transferThreshold(test.recordings, [
    { probabilities: scores.held, targets: oneHot(heldLabels), recordings: heldRecordings },
    { probabilities: scores.two, ...joinMixtures(two) },
  ]);
  const report: IrmasReport = {
    fold,
    heldOut: reportSingleLabel(scores.held, heldLabels, interval(heldRecordings, "held out")),
    mixturesOfTwo: decided(two, scores.two),
    mixturesOfThree: decided(three, scores.three),
    relabelled: reportMultiLabel(scores.relabelled, test.targets, {
      decisions: decide(scores.relabelled, threshold),
      thresholds: [threshold],
      ...interval(recordingsOf(test.indices), "relabelled"),
    }),
    thresholdsOfSums: [(await tunedOnSums(0)).threshold, (await tunedOnSums(1)).threshold],
  };
  return {
    report,
    heldOut: { indices: held, probabilities: scores.held },
    relabelled: { indices: test.indices, probabilities: scores.relabelled },
    mixturesOfTwo: { members: membersOf(two), probabilities: scores.two },
    mixturesOfThree: { members: membersOf(three), probabilities: scores.three },
  };
}

const membersOf = (sets: readonly Mixtures[]): number[][] =>
  sets.flatMap(({ size, members, count }) =>
    Array.from({ length: count }, (_, row) => [...members.subarray(row * size, (row + 1) * size)])
  );

/** Predicts in batches, with one count of progress over all calls. */
function batches(
  { predict, batchSize = 64, onProgress }: EvaluateIrmasOptions,
  total: number,
) {
  let finished = 0;
  return async (count: number, inputs: (from: number, to: number) => Float32Array) => {
    const out = new Float32Array(count * INSTRUMENTS.length);
    for (let from = 0; from < count; from += batchSize) {
      const to = Math.min(from + batchSize, count);
      const probabilities = await predict(inputs(from, to), to - from);
      if (probabilities.length !== (to - from) * INSTRUMENTS.length) {
        throw new RangeError(
          `the model gave ${probabilities.length} probabilities for ${to - from} spectrograms, ` +
            `not ${INSTRUMENTS.length} for each`,
        );
      }
      out.set(probabilities, from * INSTRUMENTS.length);
      onProgress?.(finished += to - from, total);
    }
    return out;
  };
}

/** Both halves' mixtures, one after the other. */
function joinMixtures([first, second]: Mixtures[]) {
  return {
    targets: joined([first.targets, second.targets]),
    recordings: [...first.recordings, ...second.recordings],
    rows: halvesInOrder(first.count + second.count),
  };
}

/** The threshold of all rows that are made of none of some recordings. */
function transferThreshold(
  excluded: ReadonlySet<string>,
  sources: {
    probabilities: Float32Array;
    targets: Uint8Array;
    recordings: readonly (string | readonly string[])[];
  }[],
): number {
  const kept = sources.map(({ probabilities, targets, recordings }) => {
    const rows = [...recordings.keys()].filter((row) =>
      ![recordings[row]].flat().some((recording) => excluded.has(recording))
    );
    return { probabilities: takeRows(probabilities, rows), targets: takeRows(targets, rows) };
  });
  return tuneThreshold(
    joined(kept.map(({ probabilities }) => probabilities)),
    joined(kept.map(({ targets }) => targets)),
  ).threshold;
}

/** Options of {@link evaluateSongs}. */
export interface EvaluateSongsOptions {
  /** The file of each chunk, 0 to files - 1. */
  groups: ArrayLike<number>;
  /** 0 or 1, `[files, 11]` */
  targets: Uint8Array;
  /** The song of each file. */
  songs: readonly string[];
  random: Random;
  /** How a file's scores come from its chunks'. Default: "maximum". */
  by?: Aggregation;
  /** Resamplings of the intervals. Default: 2000. */
  samples?: number;
}

/**
 * Evaluates on files of several instruments, cut into chunks: file-level scores, intervals over songs, the
 * threshold of either half of the songs tuned on the other half.
 *
 * @param probabilities of the chunks, `[chunks, 11]`
 * @throws RangeError when the shapes do not fit, or there are fewer than two songs
 */
export function evaluateSongs(
  probabilities: Float32Array,
  options: EvaluateSongsOptions,
): MultiLabelReport {
  return reportSongs(crossFit, probabilities, options);
}

/** The same with a threshold for each instrument. */
export function evaluateSongsByInstrument(
  probabilities: Float32Array,
  options: EvaluateSongsOptions,
): MultiLabelReport<number[]> {
  return reportSongs(crossFitByLabel, probabilities, options);
}

function reportSongs<T extends number | number[]>(
  fit: (scores: Float32Array, targets: Uint8Array, options: CrossFitOptions) => CrossFit<T>,
  probabilities: Float32Array,
  { groups, targets, songs, random, by, samples }: EvaluateSongsOptions,
): MultiLabelReport<T> {
  const scores = aggregateChunks(probabilities, groups, { by });
  const halves = splitForThreshold(songs, random.fork("halves"));
  const { decisions, thresholds } = fit(scores, targets, { halves });
  const bootstrap = { groups: songs, random: random.fork("bootstrap"), samples };
  return reportMultiLabel(scores, targets, { decisions, thresholds, ...bootstrap });
}
