/** Rendered audio as a run's data: single instruments to train on, songs of other sample libraries to be scored on. */
import type { DemoSize } from "../datasets/demo/plan.ts";
import { demoFolder } from "../datasets/demo/render.ts";
import { demoClips } from "../datasets/demo/truth.ts";
import type { RunConfig } from "../train/config.ts";
import type { Predictor } from "../train/predictor.ts";
import type { DemoResult } from "./evidence.ts";
import { songResult, soundData } from "./sound_data.ts";
import type { TrainingData } from "./training_data.ts";

/** Where rendered audio and what is computed from it are. Default: in the project. */
export interface DemoPlaces {
  folder?: string;
  features?: string;
}

/** The data of a run on rendered audio. @throws Error that says how to render it, where it is not there */
export async function demoData(
  config: RunConfig,
  { folder, features }: DemoPlaces = {},
): Promise<TrainingData> {
  if (config.data.source !== "demo") throw new TypeError("not a run on rendered audio");
  const { size } = config.data;
  return await soundData(config, { ...demoFiles(size, folder), features });
}

/**
 * What a run that was trained on other recordings hears in the demo's songs, whose sample libraries it never heard: scored as
 * a run on rendered audio is.
 *
 * @throws Error that says how to render the demo, where it is not there
 */
export async function hearDemoSongs(
  predict: Predictor,
  { config, size, folder, features }: DemoPlaces & { config: RunConfig; size: DemoSize },
): Promise<DemoResult> {
  const { songs, mend } = demoFiles(size, folder);
  return await songResult(predict, { config, songs, mend, features });
}

/** The files of a rendered demo but those with planted faults. */
function demoFiles(size: DemoSize, folder = demoFolder(size)) {
  const files = demoClips(folder).filter(({ fault }) => !fault);
  return {
    train: files.filter(({ part }) => part === "train"),
    songs: files.filter(({ part }) => part !== "train"),
    mend: `delete them, and "./lumen data demo --size ${size}" renders them anew`,
  };
}
