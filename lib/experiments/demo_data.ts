/** Rendered audio as a run's data: single instruments to train on, songs of other sample libraries to be scored on. */
import { demoFolder } from "../datasets/demo/render.ts";
import { demoClips } from "../datasets/demo/truth.ts";
import type { RunConfig } from "../train/config.ts";
import { soundData } from "./sound_data.ts";
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
  const files = demoClips(folder ?? demoFolder(size)).filter(({ fault }) => !fault);
  return await soundData(config, {
    train: files.filter(({ part }) => part === "train"),
    songs: files.filter(({ part }) => part !== "train"),
    mend: `delete them, and "./lumen data demo --size ${size}" renders them anew`,
    features,
  });
}
