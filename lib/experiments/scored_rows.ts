/** What a finished run decided on every row that it was scored on, clips, mixtures or songs, beside the truth. */
import { randomFrom } from "../core/random.ts";
import { mean } from "../core/statistics.ts";
import { targetsOf } from "../datasets/clip.ts";
import type { Groups } from "../evaluation/influence.ts";
import type { MultiLabelReport, SingleLabelReport } from "../evaluation/label_report.ts";
import { decide, type LabelScore } from "../evaluation/metrics.ts";
import { fillByHalves, splitForThreshold, takeRows } from "../evaluation/threshold.ts";
import {
  type DemoResult,
  type FinishedRun,
  type IrmasResult,
  SONG_EVALUATION,
} from "./evidence.ts";
import { PLUS } from "./irmas_mixtures.ts";
import { notZero, type Part as ClipPart, scoredClips } from "./scored_clips.ts";

/** What runs are scored on; in noise: the held-out clips once more. */
export type Part = ClipPart | "songs" | "noise";

/** What the rows of a part are called. */
export const TITLES: Readonly<Record<Part, string>> = {
  heldOut: "held-out clips",
  mixturesOfTwo: "mixtures of two",
  mixturesOfThree: "mixtures of three",
  relabelled: "relabelled clips",
  songs: "songs",
  noise: "held-out clips in noise",
};

/** A run that can be compared with others. */
export type ScoredRun = FinishedRun<IrmasResult | DemoResult>;

/** The rows of a part, and what a run decided on them. */
export interface ScoredRows {
  names: string[];
  /** Each row's recordings, or its song. */
  groups: Groups;
  /** 0 or 1, `[rows, 11]` */
  targets: Uint8Array;
  /** Probabilities, `[rows, 11]`, with the digits that a result keeps. */
  scores: Float32Array;
  /** 0 or 1, `[rows, 11]`: of held-out clips the best label, elsewhere the labels above the thresholds of the run's report. */
  decisions: Uint8Array;
}

/** A run's decisions on the rows of a part; undefined where its result keeps no scores of them. */
export function scoredRows(run: ScoredRun, part: Part): ScoredRows | undefined {
  if (part === "songs") return scoredSongs(run.result as DemoResult);
  if (!("fold" in run.result) || part === "noise" && !run.result.noise) return undefined;
  const scored = scoredClips(
    run as FinishedRun<IrmasResult>,
    part === "noise" ? "heldOut" : part,
  );
  if (!scored) return undefined;
  const { clips, recordings, targets, scores, decisions } = scored;
  const names = clips.map((own) => own.join(PLUS));
  return { names, groups: recordings, targets, scores, decisions };
}

/** As the run's own evaluation has it: either half of the songs at the threshold that was tuned on the other. */
function scoredSongs({ songs: report, scores, truth }: DemoResult): ScoredRows | undefined {
  if (!scores || !truth) return undefined;
  const names = Object.keys(scores.songs), files = names.map((name) => truth[name]);
  const songs = files.map(({ song }) => song), targets = targetsOf(files);
  const probabilities = Float32Array.from(names.flatMap((name) => scores.songs[name]), notZero);
  const halves = splitForThreshold(songs, randomFrom(SONG_EVALUATION).fork("halves"));
  const decisions = new Uint8Array(targets.length);
  fillByHalves(decisions, halves, (tuned) => {
    const threshold = report.thresholds[tuned === halves[1] ? 0 : 1];
    return (scored) => decide(takeRows(probabilities, scored), threshold);
  });
  return { names, groups: songs, targets, scores: probabilities, decisions };
}

/** What is measured of a part; the change is of accuracy, from without noise to noise. */
export type Statistic =
  | "accuracy"
  | "macroF1"
  | "rankingAveragePrecision"
  | "recall"
  | "precision"
  | "hamming"
  | "change";

/** Of each held-out clip the share of the noises in which a run that was scored in noise has it right. */
export function shareRightInNoise({ noise = [] }: Pick<IrmasResult, "noise">): Float64Array {
  return Float64Array.from(
    noise[0].right,
    (_, row) => mean(noise.map(({ right }) => Number(right[row]))),
  );
}

/** What a run's own report says of a part. */
export function reportedOf(run: ScoredRun, part: Part, statistic: Statistic): number {
  if (part === "noise") {
    const { noise, heldOut } = run.result as IrmasResult;
    const inNoise = mean(noise!.map(({ accuracy }) => accuracy));
    return statistic === "change" ? inNoise - heldOut.accuracy.value : inNoise;
  }
  if (statistic === "change") throw new TypeError(`there is no change on ${TITLES[part]}`);
  const reports = run.result as unknown as Record<Part, SingleLabelReport & MultiLabelReport>;
  const report = reports[part];
  if (statistic !== "recall" && statistic !== "precision") return report[statistic].value;
  return mean(Object.values<LabelScore>(report.perInstrument).map((score) => score[statistic]));
}
