/** Obvious outliers among many sound files (D15), measured once on all cores. */
import { type ClipMeasures, judgeClip, type Outlier, type OutlierRules } from "../audio/outlier.ts";
import { extractAll, type ExtractionOptions, type Skipped } from "./extraction.ts";

/** Raised whenever the code from file to measures gives other numbers: what is cached is then stale. */
const EXTRACTOR = 1;

/** What was found in every file that could be read. */
export interface OutlierTable {
  /** In the order asked for. */
  paths: string[];
  measures: ClipMeasures[];
  /** Undefined for a proper clip. */
  outliers: (Outlier | undefined)[];
  /** The unreadable: the third kind of obvious outliers. */
  skipped: Skipped[];
}

/**
 * The obvious outliers among sound files, from the cache or measured on all cores and put there.
 *
 * Shows progress while it measures; files that cannot be read are skipped and named at the end.
 *
 * @param paths sound files; one may appear more than once
 */
export async function outlierTable(
  paths: readonly string[],
  { shortest, mostSilence, ...options }: OutlierRules & ExtractionOptions = {},
): Promise<OutlierTable> {
  const { arrays, ...files } = await extractAll(paths, {
    worker: new URL("./outlier_worker.ts", import.meta.url),
    settings: null,
    shape: { extractor: EXTRACTOR, values: "seconds, silent part" },
    label: "outliers",
  }, options);
  const measures = arrays.map(({ data: [seconds, silentPart] }) =>
    ({ seconds, silentPart }) as ClipMeasures
  );
  const outliers = measures.map((clip) => judgeClip(clip, { shortest, mostSilence }));
  return { ...files, measures, outliers };
}
