/** Fingerprints of many sound files, computed once on all cores. */
import { extractAll, type ExtractionOptions, type Skipped } from "./extraction.ts";

/** Raised whenever the code from file to fingerprints gives others: what is cached is then stale. */
const EXTRACTOR = 1;

/** The fingerprints of many files. */
export interface FingerprintSet {
  /** The files that could be read, in the order asked for. */
  paths: string[];
  /** One for each of `paths`: see `lib/dsp/sub_fingerprints.ts`. */
  fingerprints: Uint32Array[];
  skipped: Skipped[];
}

/**
 * The fingerprints of sound files (mixed to one channel), from the cache or computed on all cores and put there.
 *
 * Shows progress while it computes; files that cannot be read are skipped, and named at the end.
 *
 * @param paths sound files; one may appear more than once
 */
export async function fingerprintsOf(
  paths: readonly string[],
  options: ExtractionOptions = {},
): Promise<FingerprintSet> {
  const { arrays, ...files } = await extractAll(paths, {
    worker: new URL("./fingerprint_worker.ts", import.meta.url),
    settings: null,
    shape: { extractor: EXTRACTOR, values: "sub-fingerprints" },
    label: "fingerprints",
  }, options);
  return { ...files, fingerprints: arrays.map(({ data }) => data as Uint32Array) };
}
