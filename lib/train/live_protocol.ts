/** What the main thread and the workers that make batches tell each other. */
import type { MelEffect, WaveEffect } from "../augment/draw.ts";
import type { FrontEnd } from "../features/front_end.ts";
import type { Batch } from "./batches.ts";

/** What a worker is told once. */
export interface LiveSetup {
  frontEnd: FrontEnd;
  /** Of an example. */
  frames: number;
  /** Where each clip's prepared waveform is kept (a .npy file), or its sound file, and its instruments. */
  clips: readonly { waveform: string; labels: Uint8Array }[];
  /** Files of background noise. */
  noises: readonly string[];
}

/** One example of a batch: a clip by its number, and what happens to it. */
export interface LiveRow {
  clip: number;
  waveform: WaveEffect[];
  spectrogram: MelEffect[];
  /** Where a piece begins of what is longer than a network sees: 0 at its beginning, 1 as late as possible. */
  start: number;
}

export type LiveMessage = { setup: LiveSetup } | { number: number; rows: LiveRow[] };

export type LiveReply = { number: number } & ({ batch: Batch } | { error: string });
