/** Rendered audio as a run's data: single instruments to train on, songs of other sample libraries to be scored on. */
import { randomFrom } from "../core/random.ts";
import { targetsOf } from "../datasets/clip.ts";
import { demoFolder } from "../datasets/demo/render.ts";
import { type DemoClip, demoClips } from "../datasets/demo/truth.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { assertNoLeak, splitByRecording } from "../datasets/split.ts";
import { takeRows } from "../evaluation/threshold.ts";
import { bestLabels, countOutcomes, decide, macroF1 } from "../evaluation/metrics.ts";
import { evaluateSongs } from "../evaluation/report.ts";
import { featuresOf, type Skipped } from "../features/cache.ts";
import { chunk } from "../features/chunks.ts";
import { waveformsOf } from "../features/waveforms.ts";
import type { FrontEnd } from "../features/front_end.ts";
import type { Spectrogram } from "../dsp/mel.ts";
import type { Clips } from "../train/batches.ts";
import type { RunConfig } from "../train/config.ts";
import type { LiveClip } from "../train/live_batches.ts";
import { sigmoid } from "../train/predictor.ts";
import { fingerprintOf, logitsOf, type TrainingData } from "./training_data.ts";

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
  const { frontEnd, data: { size } } = config;
  const files = demoClips(folder ?? demoFolder(size)).filter(({ fault }) => !fault);
  const singles = files.filter(({ part }) => part === "train");
  const songs = files.filter(({ part }) => part !== "train");
  const songNames = songs.map(({ recording }) => recording);
  assertNoLeak(singles.map(({ recording }) => recording), songNames, {
    sides: ["training", "the validation songs"],
  });
  const { clips, files: owner } = await chunksOf([...singles, ...songs], {
    frontEnd,
    size,
    features,
  });
  const isSong = (chunk: number) => owner[chunk] >= singles.length;
  const songChunks = [...owner.keys()].filter(isSong);
  const singleChunks = [...owner.keys()].filter((chunk) => !isSong(chunk));
  // a tenth of the recordings shows how training goes; the songs are kept for the end
  const folds = splitByRecording(
    singleChunks.map((chunk) => clips.recordings[chunk]),
    takeRows(clips.targets, singleChunks),
    { folds: 10, random: randomFrom("demo split") },
  );
  const held = singleChunks.filter((_, row) => folds[row] === 0);
  const heldTargets = takeRows(clips.targets, held);
  const train = singleChunks.filter((_, row) => folds[row] > 0);
  const trainFiles = [...new Set(train.map((chunk) => owner[chunk]))].map((file) => singles[file]);
  return {
    clips,
    train,
    held,
    live: () => liveClips(trainFiles, { frontEnd, size, features }),
    fingerprint: fingerprintOf(clips),
    async validate(predict) {
      const logits = await logitsOf(predict, clips, { indices: held, config });
      const right = bestLabels(logits)
        .filter((label, row) => heldTargets[row * INSTRUMENTS.length + label]).length;
      return {
        "validation/accuracy": right / held.length,
        "validation/macroF1": macroF1(countOutcomes(decide(sigmoid(logits), 0.5), heldTargets)),
      };
    },
    async evaluate(predict) {
      const logits = await logitsOf(predict, clips, { indices: songChunks, config });
      const report = evaluateSongs(sigmoid(logits), {
        groups: songChunks.map((chunk) => owner[chunk] - singles.length),
        targets: targetsOf(songs),
        songs: songNames,
        random: randomFrom("demo evaluation"),
      });
      const [first, second] = report.thresholds;
      return { threshold: (first + second) / 2, songs: report };
    },
  };
}

/** What files are analysed with, and where the results are kept. */
interface Analysis {
  frontEnd: FrontEnd;
  size: string;
  features?: string;
}

/** Files as live batches take them. */
async function liveClips(
  files: readonly DemoClip[],
  { frontEnd, size, features }: Analysis,
): Promise<LiveClip[]> {
  const waveforms = await waveformsOf(files.map(({ path }) => path), frontEnd, {
    folder: features,
  });
  requireAll(waveforms.skipped, size);
  const targets = targetsOf(files), count = INSTRUMENTS.length;
  return waveforms.files.map((waveform, k) => {
    const { recording, genre, tempo } = files[k];
    const labels = targets.slice(k * count, (k + 1) * count);
    return { waveform, labels, recording, genre, tempo };
  });
}

/** @throws Error where rendered files could not be read: what belongs together would no longer */
function requireAll(skipped: readonly Skipped[], size: string): void {
  if (skipped.length === 0) return;
  throw new Error(
    `${skipped.length} rendered files cannot be read (above); delete them, ` +
      `and "./lumen data demo --size ${size}" renders them anew`,
  );
}

/** Chunks of the files' spectrograms (F8), and the file of each. */
async function chunksOf(
  files: readonly DemoClip[],
  { frontEnd, size, features }: Analysis,
): Promise<{ clips: Clips; files: Int32Array }> {
  const { mels, skipped } = await featuresOf(files.map(({ path }) => path), frontEnd, {
    folder: features,
  });
  requireAll(skipped, size);
  const chunks = chunk(mels as Spectrogram<Uint8Array>[], frontEnd);
  const owner = [...chunks.group];
  return {
    files: chunks.group,
    clips: {
      bytes: chunks.data,
      bands: chunks.nMels,
      frames: chunks.chunkFrames,
      targets: takeRows(targetsOf(files), owner),
      names: owner.map((file) => files[file].file),
      recordings: owner.map((file) => files[file].recording),
    },
  };
}
