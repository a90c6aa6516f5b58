/** Mel spectrograms of many sound files, computed once on all cores. */
import type { Spectrogram } from "../dsp/mel.ts";
import { extractAll, type ExtractionOptions, type Skipped } from "./extraction.ts";
import type { FrontEnd } from "./front_end.ts";

export type { Skipped } from "./extraction.ts";

/** Raised whenever the code from file to spectrogram gives other numbers: what is cached is then stale. */
const EXTRACTOR = 1;

/** The spectrograms of many files: bytes on the decibel scale (see `bytes.ts`), floats for power. */
export interface FeatureSet {
  /** The files that could be read, in the order asked for. */
  paths: string[];
  /** One for each of `paths`. */
  mels: Spectrogram<Uint8Array | Float32Array>[];
  skipped: Skipped[];
}

/** Options of {@link featuresOf}. */
export interface FeatureOptions extends ExtractionOptions {
  /** What the progress display says. Default: "mel spectrograms". */
  label?: string;
}

/**
 * The mel spectrograms of sound files, from the cache or computed on all cores and put there.
 *
 * Shows progress while it computes; files that cannot be read are skipped, and named at the end.
 *
 * @param paths sound files; one may appear more than once
 */
export async function featuresOf(
  paths: readonly string[],
  frontEnd: FrontEnd,
  { label = "mel spectrograms", ...options }: FeatureOptions = {},
): Promise<FeatureSet> {
  const { arrays, ...files } = await extractAll(paths, {
    worker: new URL("./mel_worker.ts", import.meta.url),
    settings: frontEnd,
    shape: { extractor: EXTRACTOR, ...shaping(frontEnd) },
    label,
  }, options);
  const mels = arrays.map(({ shape: [nMels, frames], data }) => {
    return { nMels, frames, data: data as Uint8Array | Float32Array };
  });
  return { ...files, mels };
}

/** What shapes a spectrogram; chunking and network scaling come after it and are left out. */
function shaping(frontEnd: FrontEnd) {
  const { sampleRate, nFft, hopLength, nMels, fMin, fMax, scale, topDb, level, byteRange } =
    frontEnd;
  const mel = { sampleRate, nFft, hopLength, nMels, fMin, fMax, level, scale };
  return scale === "decibel" ? { ...mel, topDb, byteRange } : mel;
}
