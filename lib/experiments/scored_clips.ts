/** What a finished run on real spectrograms said about its test clips, beside the truth, from what is committed of it. */
import { targetsOf } from "../datasets/clip.ts";
import { instrumentIndex, INSTRUMENTS } from "../datasets/labels.ts";
import { clipName, loadRelabelledClips } from "../datasets/published.ts";
import { recordingOf } from "../datasets/split.ts";
import { bestLabels, decide, oneHot } from "../evaluation/metrics.ts";
import { decideHalves } from "../evaluation/threshold.ts";
import type { FinishedRun, IrmasResult } from "./evidence.ts";
import { readMixtures } from "./irmas_mixtures.ts";

/** What runs are tried on. */
export type Part = keyof IrmasResult["scores"];

/** The test clips of a part with what a run said about them. */
export interface ScoredClips {
  /** The clips in each row: one, or those of a mixture. */
  clips: string[][];
  /** Their recordings. */
  recordings: string[][];
  /** 0 or 1, `[rows, 11]` */
  targets: Uint8Array;
  /** Probabilities, `[rows, 11]`, to the decimals that results are kept with. */
  scores: Float32Array;
  /** 0 or 1, `[rows, 11]`: above the run's thresholds; of clips of one label the best-scored one. */
  decisions: Uint8Array;
}

/** A score that was rounded to 0, below all that are kept: no probability is 0, and a threshold may be. */
export const notZero = (score: number): number => Math.max(score, 5e-6);

/** The instrument of each clip's folder, 0 or 1, `[clips, 11]`. */
export const folderTargets = (clips: readonly string[]): Uint8Array =>
  oneHot(clips.map((clip) => instrumentIndex(clip.split("/")[0])));

/** What human ears heard in each of the relabelled clips, 0 or 1, `[clips, 11]`. */
export function relabelledTargets(clips: readonly string[]): Uint8Array {
  const stem = (file: string) => clipName(file).replace(/\.wav$/, "");
  const anew = new Map(loadRelabelledClips().map((clip) => [stem(clip.file), clip]));
  return targetsOf(clips.map((clip) => anew.get(stem(clip))!));
}

/** All instruments of the clips in each mixture, 0 or 1, `[mixtures, 11]`. */
export function mixtureTargets(mixtures: readonly string[][]): Uint8Array {
  const targets = new Uint8Array(mixtures.length * INSTRUMENTS.length);
  mixtures.forEach((clips, row) => {
    for (const clip of clips) {
      targets[row * INSTRUMENTS.length + instrumentIndex(clip.split("/")[0])] = 1;
    }
  });
  return targets;
}

/**
 * A run's scores of one part, with the truth.
 *
 * @returns undefined for mixtures of a run that kept no scores of them
 */
export function scoredClips(
  { config, result }: FinishedRun<IrmasResult>,
  part: Part,
): ScoredClips | undefined {
  if (part === "heldOut" || part === "relabelled") {
    const clips = Object.keys(result.scores[part]);
    const scores = Float32Array.from(clips.flatMap((clip) => result.scores[part][clip]), notZero);
    return {
      clips: clips.map((clip) => [clip]),
      recordings: clips.map((clip) => [recordingOf(clip)]),
      targets: part === "heldOut" ? folderTargets(clips) : relabelledTargets(clips),
      scores,
      decisions: part === "heldOut"
        ? oneHot(bestLabels(scores))
        : decide(scores, result.relabelled.thresholds[0]),
    };
  }
  const kept = result.scores[part], clips = readMixtures(config.data)?.[part];
  if (!kept || !clips) return undefined;
  const scores = Float32Array.from(kept.flat(), notZero);
  return {
    clips,
    recordings: clips.map((names) => names.map(recordingOf)),
    targets: mixtureTargets(clips),
    scores,
    // the first half of the mixtures is of the first half of the recordings, with the threshold that the other told
    decisions: decideHalves(scores, result[part].thresholds),
  };
}

/**
 * The rows of several runs, one run after the other: the same clips once for each seed.
 *
 * @returns undefined where no run has scores of that part
 */
export function pooledClips(
  runs: readonly FinishedRun<IrmasResult>[],
  part: Part,
): ScoredClips | undefined {
  const sets = runs.flatMap((run) => scoredClips(run, part) ?? []);
  if (sets.length === 0) return undefined;
  return {
    clips: sets.flatMap(({ clips }) => clips),
    recordings: sets.flatMap(({ recordings }) => recordings),
    targets: Uint8Array.from(sets.flatMap(({ targets }) => [...targets])),
    scores: Float32Array.from(sets.flatMap(({ scores }) => [...scores])),
    decisions: Uint8Array.from(sets.flatMap(({ decisions }) => [...decisions])),
  };
}
