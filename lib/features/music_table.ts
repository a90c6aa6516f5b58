/** Keys and tempi of many sound files (D17, D18), computed once on all cores. */
import { type KeyEstimate, keyOfTones } from "../music/key.ts";
import { extractAll, type ExtractionOptions, type Skipped } from "./extraction.ts";

/** Raised whenever the code from file to tones and tempo gives other numbers: what is cached is then stale. */
const EXTRACTOR = 1;

/** What was found in every file that could be read. */
export interface MusicTable {
  /** In the order asked for. */
  paths: string[];
  /** Undefined where no tone sounds more than another: no key can be told. */
  keys: (KeyEstimate | undefined)[];
  /** Beats a minute; 0 where nothing begins. */
  tempi: number[];
  skipped: Skipped[];
}

/**
 * Keys and tempi of sound files, as `detectKey` and `tempo` find them with the study's settings, from the cache or
 * computed on all cores and put there.
 *
 * Shows progress while it computes; files that cannot be read are skipped and named at the end.
 *
 * @param paths sound files; one may appear more than once
 */
export async function musicTable(
  paths: readonly string[],
  options: ExtractionOptions = {},
): Promise<MusicTable> {
  const { arrays, ...files } = await extractAll(paths, {
    worker: new URL("./music_worker.ts", import.meta.url),
    settings: null,
    shape: { extractor: EXTRACTOR, values: "chroma of 12 tones, tempo" },
    label: "keys and tempi",
  }, options);
  const rows = arrays.map(({ data }) => data as Float64Array);
  return {
    ...files,
    keys: rows.map((row) => {
      const tones = row.subarray(0, 12);
      return tones.every((tone) => tone === tones[0]) ? undefined : keyOfTones(tones);
    }),
    tempi: rows.map((row) => row[12]),
  };
}
