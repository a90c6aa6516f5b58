/** The sounds that a run adds as background noise (A4): ESC-50's, or those of a folder. */
import { readEsc50 } from "../datasets/esc50.ts";
import { listSounds } from "../datasets/listing.ts";
import { placeOf } from "../datasets/places.ts";
import type { RunConfig } from "../train/config.ts";

/**
 * Files of noise for a run's live batches; none where it adds none.
 *
 * @throws Error that says how to get them, where there are none
 */
export function backgroundNoises(
  { waveform, noises: folder }: NonNullable<RunConfig["live"]>,
): string[] {
  if (!waveform.some(({ kind }) => kind === "background-noise")) return [];
  const esc50 = placeOf("esc50");
  const files = folder
    ? listSounds(folder)
    : esc50
    ? readEsc50(esc50).clips.map(({ path }) => path!) // what is read from a folder has one
    : [];
  if (files.length > 0) return files;
  throw new Error(
    folder
      ? `live.noises: there are no sound files in ${folder}`
      : 'background noise needs sounds: "./lumen data esc50" fetches ESC-50, or live.noises=FOLDER names others',
  );
}
