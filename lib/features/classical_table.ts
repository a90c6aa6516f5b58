/** The study's 28 features of many sound files, computed once on all cores. */
import { CLASSICAL_FEATURES } from "./classical.ts";
import { EXTENDED_FEATURES } from "./extended.ts";
import { extractAll, type ExtractionOptions, type Skipped } from "./extraction.ts";

/** Raised whenever the code from file to features gives other numbers: what is cached is then stale. */
const EXTRACTOR = 1;

/** A row of features for every file that could be read. */
export interface ClassicalTable {
  /** In the order asked for. */
  paths: string[];
  /** Names of the columns: {@link CLASSICAL_FEATURES}, then {@link EXTENDED_FEATURES} where they were asked for. */
  features: readonly string[];
  /** `paths.length` x `features.length` values, a row after the other. */
  values: Float64Array;
  skipped: Skipped[];
}

/** Options of {@link classicalTable}. */
export interface ClassicalTableOptions extends ExtractionOptions {
  /** Whether the extended features follow the 28. Default: false. */
  extended?: boolean;
}

/**
 * The 28 features of sound files (mixed to one channel, resampled to 22,050 Hz), from the cache or computed on all
 * cores and put there.
 *
 * Shows progress while it computes; files that cannot be read, or are too short, are skipped and named at the end.
 * Close to half the sample rate another resampler than librosa's leaves other residues, which the logarithms in MFCC,
 * flatness and the highest contrast see.
 *
 * @param paths sound files; one may appear more than once
 */
export async function classicalTable(
  paths: readonly string[],
  { extended = false, ...options }: ClassicalTableOptions = {},
): Promise<ClassicalTable> {
  const features = extended ? [...CLASSICAL_FEATURES, ...EXTENDED_FEATURES] : CLASSICAL_FEATURES;
  const { arrays, ...files } = await extractAll(paths, {
    worker: new URL("./classical_worker.ts", import.meta.url),
    settings: { extended },
    shape: { extractor: EXTRACTOR, features },
    label: "classical features",
  }, options);
  const values = new Float64Array(arrays.length * features.length);
  arrays.forEach(({ data }, row) => values.set(data as Float64Array, row * features.length));
  return { ...files, features, values };
}
