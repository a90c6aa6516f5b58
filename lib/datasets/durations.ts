/** Lengths of a data set's clips, from the headers of their files. */
import { readDuration } from "../audio/duration.ts";
import { showProgress } from "../core/progress.ts";
import type { DataSet, Problem } from "./clip.ts";

/** Files that are open at a time: reading a header is waiting for the disk. */
const AT_A_TIME = 32;

/** From how many files on it takes long enough to be shown. */
const SHOWN = 5000;

/**
 * Fills in what clips with a sound file last, as far as they are used; clips whose length is known, or which have no
 * file, stay as they are. A file whose header cannot be read is a problem, and its clip is left out.
 */
export async function measureSeconds(dataSet: DataSet): Promise<DataSet> {
  const clips = [...dataSet.clips], problems: Problem[] = [], broken = new Set<number>();
  const open = clips.keys().filter((k) => clips[k].path !== null && clips[k].seconds === null)
    .toArray();
  const progress = open.length >= SHOWN ? showProgress("lengths of clips", open.length) : undefined;
  const queue = open.values();
  let finished = 0;
  await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
    // the workers share one queue
    for (const k of queue) {
      const { path, limit } = clips[k];
      try {
        const seconds = Math.min(await readDuration(path!), limit ?? Infinity);
        clips[k] = { ...clips[k], seconds };
      } catch (error) {
        broken.add(k);
        problems.push({ where: path!, what: (error as Error).message });
      }
      progress?.update(++finished);
    }
  }));
  progress?.done();
  return {
    ...dataSet,
    clips: clips.filter((_, k) => !broken.has(k)),
    problems: [
      ...dataSet.problems,
      ...problems.sort((a, b) => a.where < b.where ? -1 : 1),
    ],
  };
}
