/**
 * Splits that keep the clips of one recording together: what two clips of one recording share (player,
 * room, microphone) is no instrument, and a random split rewards learning it.
 *
 * `splitByRecording` counts clips; `stratifyGroups` (`stratification.ts`) counts songs, which it labels with
 * the union of their clips' labels, and keeps pairs of labels too, as the study's split of the test part does.
 */
import { z } from "zod";
import { readJson } from "../core/files.ts";
import type { Random } from "../core/random.ts";
import { INSTRUMENTS } from "./labels.ts";

/** A clip's recording: its name without the last `__n` (and the extension), whatever folder comes before kept. */
export function recordingOf(name: string): string {
  return name.replace(/__\d+(\.\w+)?$/, "");
}

/** Options of {@link splitByRecording}. */
export interface SplitOptions {
  /** Default: 5. */
  folds?: number;
  /** Columns of the targets. Default: 11. */
  labels?: number;
  random: Random;
}

/**
 * Deals clips into folds: no recording in two of them, every label spread as evenly as can be.
 *
 * Recordings with many clips come first; each goes to the fold where its labels are rarest so far
 * (where the sum of squared shares grows least), then to the fold with the fewest clips.
 *
 * @param recordings each clip's recording
 * @param targets 0 or 1, `[clips, labels]`
 * @returns each clip's fold, 0 to folds - 1
 * @throws RangeError when the shapes do not fit, or there are fewer recordings than folds
 */
export function splitByRecording(
  recordings: readonly string[],
  targets: Uint8Array,
  { folds = 5, labels = INSTRUMENTS.length, random }: SplitOptions,
): Int32Array {
  if (targets.length !== recordings.length * labels) {
    throw new RangeError(
      `cannot split ${recordings.length} clips with ${targets.length} targets, ${labels} a clip`,
    );
  }
  const total = new Float64Array(labels);
  const groups = new Map<string, { clips: number[]; counts: Float64Array }>();
  for (let clip = 0; clip < recordings.length; clip++) {
    const name = recordings[clip];
    if (!groups.has(name)) groups.set(name, { clips: [], counts: new Float64Array(labels) });
    const group = groups.get(name)!;
    group.clips.push(clip);
    for (let label = 0; label < labels; label++) {
      group.counts[label] += targets[clip * labels + label];
      total[label] += targets[clip * labels + label];
    }
  }
  if (groups.size < folds) {
    throw new RangeError(`cannot split ${groups.size} recordings into ${folds} folds`);
  }
  const counts = Array.from({ length: folds }, () => new Float64Array(labels));
  const sizes = new Float64Array(folds);
  const growth = (fold: number, added: Float64Array) => {
    let sum = 0;
    for (let l = 0; l < labels; l++) {
      if (added[l]) sum += added[l] * (2 * counts[fold][l] + added[l]) / total[l] ** 2;
    }
    return sum;
  };
  const out = new Int32Array(recordings.length);
  const order = random.shuffle(groups.values()).sort((a, b) => b.clips.length - a.clips.length);
  for (const group of order) {
    let best = 0, least = Infinity;
    for (let fold = 0; fold < folds; fold++) {
      const cost = growth(fold, group.counts);
      if (cost < least || (cost === least && sizes[fold] < sizes[best])) {
        [best, least] = [fold, cost];
      }
    }
    for (const clip of group.clips) out[clip] = best;
    sizes[best] += group.clips.length;
    group.counts.forEach((count, label) => counts[best][label] += count);
  }
  return out;
}

/** The groups that are on both sides. */
export function leaks(first: Iterable<string>, second: Iterable<string>): string[] {
  return [...new Set(first).intersection(new Set(second))];
}

/**
 * Makes sure that two sides share no recording (or song).
 *
 * @param sides what they are called, for the error
 * @throws Error with the number of shared recordings and the first of them
 */
export function assertNoLeak(
  first: Iterable<string>,
  second: Iterable<string>,
  { sides = ["training", "validation"] }: { sides?: readonly [string, string] } = {},
): void {
  const shared = leaks(first, second);
  if (shared.length === 0) return;
  const named = shared.slice(0, 3).join(", ") + (shared.length > 3 ? ", …" : "");
  throw new Error(
    `${shared.length} recordings are in ${
      sides.join(" and in ")
    } at once (${named}): split by recording`,
  );
}

const FOLDS = z.object({ folds: z.array(z.array(z.string()).min(1)).min(2) });

/**
 * Reads folds that were made elsewhere: JSON with `folds`, a list of lists of recordings.
 *
 * @throws Error that names the file, when it does not fit, or a recording is in two folds
 */
export function readFolds(path: string): string[][] {
  const result = FOLDS.safeParse(readJson(path));
  if (!result.success) throw new Error(`${path} holds no folds: ${z.prettifyError(result.error)}`);
  const { folds } = result.data;
  const seen = new Map<string, number>();
  folds.forEach((recordings, fold) => {
    for (const recording of recordings) {
      if (seen.has(recording)) {
        throw new Error(
          `${path}: ${recording} is in fold ${seen.get(recording)} and in fold ${fold}`,
        );
      }
      seen.set(recording, fold);
    }
  });
  return folds;
}

/**
 * Each clip's fold.
 *
 * @param recordings each clip's recording
 * @param folds the recordings of each fold, from {@link readFolds}
 * @throws Error with the recordings that no fold has
 */
export function foldsOf(
  recordings: readonly string[],
  folds: readonly (readonly string[])[],
): Int32Array {
  const where = new Map(folds.flatMap((names, fold) => names.map((name) => [name, fold] as const)));
  const unknown = [...new Set(recordings)].filter((name) => !where.has(name));
  if (unknown.length > 0) {
    throw new Error(
      `${unknown.length} recordings are in no fold: ${unknown.slice(0, 3).join(", ")}`,
    );
  }
  return Int32Array.from(recordings, (name) => where.get(name)!);
}
