/** What a run's result says of every row that it was scored on: clips, mixtures, songs. */
import { randomFrom } from "../core/random.ts";
import { mean } from "../core/statistics.ts";
import { targetsOf } from "../datasets/clip.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { clipName, loadRelabelledClips } from "../datasets/published.ts";
import { recordingOf } from "../datasets/split.ts";
import type { Groups } from "../evaluation/influence.ts";
import type { MultiLabelReport, SingleLabelReport } from "../evaluation/label_report.ts";
import { bestLabels, decide, type LabelScore, oneHot } from "../evaluation/metrics.ts";
import { splitForThreshold, takeRows } from "../evaluation/threshold.ts";
import {
  type DemoResult,
  type FinishedRun,
  type IrmasResult,
  SONG_EVALUATION,
} from "./evidence.ts";
import { PLUS, readMixtures } from "./irmas_mixtures.ts";

/** What runs are scored on. */
export type Part = "heldOut" | "mixturesOfTwo" | "mixturesOfThree" | "relabelled" | "songs";

/** A run that can be compared with others. */
export type ScoredRun = FinishedRun<IrmasResult | DemoResult>;

/** The rows of a part, which are the same for all runs that are compared. */
export interface Rows {
  names: string[];
  /** Each row's recordings, or its song. */
  groups: Groups;
  /** 0 or 1, `[rows, 11]` */
  targets: Uint8Array;
  /** Rows that were decided at the first threshold, and at the second. */
  halves?: [Int32Array, Int32Array];
}

/** Instead of a 0 to which a score was rounded: no probability is 0, and a threshold may be. */
const LEAST = 5e-6;

/** Clips' classes, which their names begin with, as rows with a single 1. */
export function classTargets(clips: readonly string[]): Uint8Array {
  const codes: readonly string[] = INSTRUMENTS;
  return oneHot(clips.map((clip) => codes.indexOf(clip.split("/")[0])));
}

/** The labels that human ears gave to relabelled clips. */
export function relabelledTargets(clips: readonly string[]): Uint8Array {
  const stem = (file: string) => clipName(file).replace(/\.wav$/, "");
  const anew = new Map(loadRelabelledClips().map((clip) => [stem(clip.file), clip]));
  return targetsOf(clips.map((clip) => anew.get(stem(clip))!));
}

/** Results of either kind, with what either may have. */
type AnyResult = Partial<IrmasResult> & Partial<DemoResult>;

const resultOf = (run: ScoredRun) => run.result as unknown as AnyResult;

/** A run's scores of a part's rows; undefined where its result keeps none. */
function scoresOf(run: ScoredRun, part: Part): Record<string, number[]> | number[][] | undefined {
  return (resultOf(run).scores as Partial<Record<Part, Record<string, number[]> | number[][]>>)
    ?.[part];
}

/** The rows that a run was scored on; undefined where its result keeps no scores of them. */
export function rowsOf(run: ScoredRun, part: Part): Rows | undefined {
  const scores = scoresOf(run, part);
  if (!scores) return undefined;
  if (part === "mixturesOfTwo" || part === "mixturesOfThree") {
    const members = readMixtures(run.config.data)?.[part];
    if (!members) return undefined;
    const first = Math.ceil(members.length / 2), numbers = Int32Array.from(members.keys());
    const ofMember = members.map((clips) => classTargets(clips));
    return {
      names: members.map((clips) => clips.join(PLUS)),
      groups: members.map((clips) => clips.map(recordingOf)),
      targets: Uint8Array.from(
        ofMember.flatMap((own) =>
          INSTRUMENTS.map((_, label) =>
            own.some((x, k) => x && k % INSTRUMENTS.length === label) ? 1 : 0
          )
        ),
      ),
      halves: [numbers.slice(0, first), numbers.slice(first)],
    };
  }
  const names = Object.keys(scores);
  if (part !== "songs") {
    const targets = part === "heldOut" ? classTargets(names) : relabelledTargets(names);
    return { names, groups: names.map(recordingOf), targets };
  }
  const truth = names.map((name) => resultOf(run).truth![name]);
  const songs = truth.map(({ song }) => song);
  const halves = splitForThreshold(songs, randomFrom(SONG_EVALUATION).fork("halves"));
  return { names, groups: songs, targets: targetsOf(truth), halves };
}

/**
 * What a run decides on the rows: of held-out clips the best label, elsewhere the labels above its thresholds, of which
 * either half's was tuned on the other half.
 *
 * @returns 0 or 1, `[rows, 11]`
 * @throws Error where it was scored on other rows
 */
export function decisionsOf(run: ScoredRun, part: Part, rows: Rows): Uint8Array {
  const own = rowsOf(run, part)!, scores = scoresOf(run, part)!;
  const known = new Set(own.names), missing = rows.names.find((name) => !known.has(name));
  if (missing !== undefined || own.names.length !== rows.names.length) {
    throw new Error(
      `run ${run.name} was scored on other ${TITLES[part]}${
        missing ? `, e.g. not on ${missing}` : ""
      }: ` +
        "only runs on the same fold can be compared",
    );
  }
  const probabilities = Float32Array.from(
    Array.isArray(scores) ? scores.flat() : rows.names.flatMap((name) => scores[name]),
    (score) => Math.max(score, LEAST),
  );
  if (part === "heldOut") return oneHot(bestLabels(probabilities));
  const { thresholds } = resultOf(run)[part] as MultiLabelReport;
  const { halves } = rows;
  if (!halves) return decide(probabilities, thresholds[0]);
  const out = new Uint8Array(probabilities.length), count = INSTRUMENTS.length;
  halves.forEach((half, k) => {
    const decisions = decide(takeRows(probabilities, half), thresholds[k]);
    half.forEach((row, at) =>
      out.set(decisions.subarray(at * count, (at + 1) * count), row * count)
    );
  });
  return out;
}

/** What the rows of a part are called. */
export const TITLES: Readonly<Record<Part, string>> = {
  heldOut: "held-out clips",
  mixturesOfTwo: "mixtures of two",
  mixturesOfThree: "mixtures of three",
  relabelled: "relabelled clips",
  songs: "songs",
};

/** What a run's own report says of a part. */
export function reportedOf(
  run: ScoredRun,
  part: Part,
  statistic: "accuracy" | "macroF1" | "recall" | "precision" | "hamming",
): number {
  const report = resultOf(run)[part] as SingleLabelReport & MultiLabelReport;
  if (statistic !== "recall" && statistic !== "precision") return report[statistic].value;
  return mean(Object.values<LabelScore>(report.perInstrument).map((score) => score[statistic]));
}
