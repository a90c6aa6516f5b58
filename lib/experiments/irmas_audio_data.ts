/** IRMAS's own sound files as a run's data: its training part to train on, half of its testing part's songs to be scored on. */
import { randomFrom } from "../core/random.ts";
import type { Clip } from "../datasets/clip.ts";
import { readIrmas } from "../datasets/irmas_clips.ts";
import { placeOf } from "../datasets/places.ts";
import { halveSongs } from "../datasets/stratification.ts";
import { boostIrmas } from "../datasets/ultimate.ts";
import type { RunConfig } from "../train/config.ts";
import { soundData, type SoundFile } from "./sound_data.ts";
import type { TrainingData } from "./training_data.ts";

const MEND = 'replace them, or "./lumen data irmas" fetches IRMAS anew';

const soundFile = ({ name, path, labels, group, tags: { genre, tempo } }: Clip): SoundFile => ({
  file: name,
  path: path!, // what is read from a folder has one
  labels,
  recording: group,
  genre,
  tempo,
});

/**
 * The data of a run on IRMAS's sound files.
 *
 * @param options.root where IRMAS is. Default: where `./lumen data irmas` was told, or put it
 * @param options.features where features are kept. Default: in the project
 * @throws Error that says how to get it, where it is not there
 */
export async function irmasAudioData(
  config: RunConfig,
  { root = placeOf("irmas"), features }: { root?: string; features?: string } = {},
): Promise<TrainingData> {
  if (config.data.source !== "irmas") throw new TypeError("not a run on IRMAS's sound files");
  if (root === undefined) {
    throw new Error(
      'IRMAS\'s sound files are not here: "./lumen data irmas" fetches them, "--root PATH" says where they are',
    );
  }
  const irmas = readIrmas(root),
    tested = irmas.clips.filter(({ source }) => source === "irmas-test");
  // one split for all runs: seeds differ in training alone
  const half = halveSongs(tested, { random: randomFrom("boosted IRMAS") });
  const { train, validation } = boostIrmas(irmas, half), { boosted } = config.data;
  const trained = train.clips.filter(({ source }) => boosted || source === "irmas-train");
  return await soundData(config, {
    train: trained.map(soundFile),
    songs: validation.clips.map(soundFile),
    mend: MEND,
    features,
  });
}
