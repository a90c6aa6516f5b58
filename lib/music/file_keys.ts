/** The keys of many sound files, on all cores. */
import { type Outcome, parallelMap, type ParallelOptions } from "../core/parallel.ts";
import type { KeyEstimate } from "./key.ts";

/**
 * Detects the key of every file as `detectKey` does.
 *
 * @returns in the order of the paths; a file that cannot be read, or is silent, is an outcome that says so
 */
export function detectKeys(
  paths: readonly string[],
  options?: ParallelOptions,
): Promise<Outcome<KeyEstimate>[]> {
  return parallelMap(new URL("./key_worker.ts", import.meta.url), paths, options);
}
