/** A sound as the pieces that a run's network was trained on. */
import type { Sound } from "../audio/sound.ts";
import { networkInput } from "../features/bytes.ts";
import { chunk } from "../features/chunks.ts";
import { inputsOf } from "../features/inputs.ts";
import { inputKinds, type RunConfig } from "../train/config.ts";

/** A sound's pieces as a network sees them. */
export interface Pieces {
  /** `[count, bands, frames]` */
  input: Float32Array;
  count: number;
  bands: number;
  frames: number;
  /** For each piece 0: they are of one sound. */
  group: Int32Array;
}

/** Cuts a sound into pieces; the last is completed by the sound from its start, unless the run's front end says otherwise. */
export function piecesOf(sound: Sound, config: RunConfig): Pieces {
  const { frontEnd } = config;
  // as bytes: so the network was trained
  const picture = inputsOf(sound, inputKinds(config), frontEnd);
  const { data, count, nMels, chunkFrames, group } = chunk([picture], {
    ...frontEnd,
    nMels: picture.nMels,
  });
  return { input: networkInput(data, frontEnd), count, bands: nMels, frames: chunkFrames, group };
}
