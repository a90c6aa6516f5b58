/** Waveforms as a front end wants them, resampled once and kept (F2). */
import { ensureEntries, type Entries, type ExtractionOptions } from "./extraction.ts";
import type { FrontEnd } from "./front_end.ts";

/** Raised whenever the code from file to waveform gives other numbers: what is cached is then stale. */
const PREPARATION = 1;

/**
 * Files of prepared waveforms: mono, at the front end's rate and level, in single precision.
 *
 * @param paths sound files; one may appear more than once
 */
export function waveformsOf(
  paths: readonly string[],
  frontEnd: FrontEnd,
  options: ExtractionOptions = {},
): Promise<Entries> {
  const { sampleRate, level } = frontEnd;
  return ensureEntries(paths, {
    worker: new URL("./waveform_worker.ts", import.meta.url),
    settings: frontEnd,
    shape: { preparation: PREPARATION, sampleRate, level },
    label: "waveforms",
  }, options);
}
