/**
 * The mixtures that runs on real spectrograms are scored on, by the clips in them: a list that is written once, so that
 * results can be compared and read where there are no spectrograms.
 */
import { exists, readJson } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import type { RunConfig } from "../train/config.ts";

/** The names of the clips in each mixture, e.g. `["cel/[cel][cla]0001__1", "voi/[voi][pop_roc]0345__2"]`. */
export interface ListedMixtures {
  mixturesOfTwo: string[][];
  mixturesOfThree: string[][];
}

/** Between the names of a mixture's clips in the file. */
export const PLUS = " + ";

/** The list for the held-out fold of some data, which `tools/list_mixtures.ts` writes. */
export function mixturesFile(data: RunConfig["data"]): string | undefined {
  if (data.source !== "irmas-mels" || !data.foldsFile) return undefined;
  return projectPath(data.foldsFile.replace(/\.json$/, `_mixtures_${data.fold}.json`));
}

/** The mixtures of a fold; nothing where none are listed. */
export function readMixtures(data: RunConfig["data"]): ListedMixtures | undefined {
  const file = mixturesFile(data);
  if (!file || !exists(file)) return undefined;
  const listed = readJson<Record<keyof ListedMixtures, string[]>>(file);
  const split = (mixtures: string[]) => mixtures.map((mixture) => mixture.split(PLUS));
  return {
    mixturesOfTwo: split(listed.mixturesOfTwo),
    mixturesOfThree: split(listed.mixturesOfThree),
  };
}
