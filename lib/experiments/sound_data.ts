/** Sound files as a run's data: some to train on, songs to be scored on. */
import { randomFrom } from "../core/random.ts";
import { targetsOf } from "../datasets/clip.ts";
import type { Genre } from "../datasets/irmas.ts";
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";
import { assertNoLeak, splitByRecording } from "../datasets/split.ts";
import { takeRows } from "../evaluation/threshold.ts";
import { aggregateChunks } from "../evaluation/aggregate.ts";
import { evaluateSongs } from "../evaluation/report.ts";
import { chunk } from "../features/chunks.ts";
import type { Skipped } from "../features/extraction.ts";
import { type InputKind, inputsOfFiles } from "../features/inputs.ts";
import { waveformsOf } from "../features/waveforms.ts";
import type { FrontEnd } from "../features/front_end.ts";
import type { Clips } from "../train/batches.ts";
import { inputKinds, type RunConfig } from "../train/config.ts";
import type { LiveClip } from "../train/live_batches.ts";
import { type Predictor, sigmoid } from "../train/predictor.ts";
import { type DemoResult, SONG_EVALUATION } from "./evidence.ts";
import { scoreRows } from "./score_rows.ts";
import { fingerprintOf, logitsOf, type TrainingData, validationMeasures } from "./training_data.ts";

/** A sound file and what is known of it. */
export interface SoundFile {
  /** What it is called, and where it is. */
  file: string;
  path: string;
  labels: readonly Instrument[];
  /** The recording or song: those of one are on one side. */
  recording: string;
  genre?: Genre;
  /** Beats a minute. */
  tempo?: number;
}

/** The files of a run. */
export interface SoundFiles {
  /** A tenth of their recordings shows how training goes; the others are trained on. */
  train: readonly SoundFile[];
  /** Kept for the end. */
  songs: readonly SoundFile[];
  /** What is to be done about files that cannot be read. */
  mend: string;
  /** Where features are kept. Default: in the project. */
  features?: string;
}

/** The data of a run on sound files. @throws Error where a song is on both sides, or a file cannot be read */
export async function soundData(
  config: RunConfig,
  { train: singles, songs, mend, features }: SoundFiles,
): Promise<TrainingData> {
  const analysis = { frontEnd: config.frontEnd, mend, features };
  const songNames = songs.map(({ recording }) => recording);
  assertNoLeak(singles.map(({ recording }) => recording), songNames, {
    sides: ["training", "the validation songs"],
  });
  const { clips, files: owner } = await chunksOf([...singles, ...songs], {
    ...analysis,
    kinds: inputKinds(config),
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
    live: () => liveClips(trainFiles, analysis),
    fingerprint: fingerprintOf(clips),
    validate: async (predict) =>
      validationMeasures(await logitsOf(predict, clips, { indices: held, config }), heldTargets),
    evaluate: async (predict) => ({
      ...scoreSongs(await logitsOf(predict, clips, { indices: songChunks, config }), {
        songs,
        owner: songChunks.map((chunk) => owner[chunk] - singles.length),
      }),
    }),
  };
}

/**
 * What a network hears in songs that a run never had to do with: the part of {@link soundData} that scores.
 *
 * @throws Error where a file cannot be read
 */
export async function songResult(
  predict: Predictor,
  { config, songs, mend, features }: Omit<SoundFiles, "train"> & { config: RunConfig },
): Promise<DemoResult> {
  const { clips, files } = await chunksOf(songs, {
    frontEnd: config.frontEnd,
    kinds: inputKinds(config),
    mend,
    features,
  });
  const indices = [...files.keys()];
  return scoreSongs(await logitsOf(predict, clips, { indices, config }), {
    songs,
    owner: [...files],
  });
}

/** @param options.owner for each row of the logits, its song */
function scoreSongs(
  logits: Float32Array,
  { songs, owner }: { songs: readonly SoundFile[]; owner: readonly number[] },
): DemoResult {
  const scores = aggregateChunks(sigmoid(logits), owner);
  const report = evaluateSongs(scores, {
    groups: [...songs.keys()],
    targets: targetsOf(songs),
    songs: songs.map(({ recording }) => recording),
    random: randomFrom(SONG_EVALUATION),
  });
  const [first, second] = report.thresholds, rows = scoreRows(scores, { decimals: 4 });
  return {
    threshold: (first + second) / 2,
    songs: report,
    scores: { songs: Object.fromEntries(songs.map(({ file }, row) => [file, rows[row]])) },
    truth: Object.fromEntries(
      songs.map(({ file, labels, recording }) => [file, { song: recording, labels: [...labels] }]),
    ),
  };
}

/** What files are analysed with, and where the results are kept. */
interface Analysis {
  frontEnd: FrontEnd;
  mend: string;
  features?: string;
}

/** Files as live batches take them. */
async function liveClips(
  files: readonly SoundFile[],
  { frontEnd, mend, features }: Analysis,
): Promise<LiveClip[]> {
  const waveforms = await waveformsOf(files.map(({ path }) => path), frontEnd, {
    folder: features,
  });
  requireAll(waveforms.skipped, mend);
  const targets = targetsOf(files), count = INSTRUMENTS.length;
  return waveforms.files.map((waveform, k) => {
    const { recording, genre, tempo } = files[k];
    const labels = targets.slice(k * count, (k + 1) * count);
    return { waveform, labels, recording, genre, tempo };
  });
}

/** @throws Error where files could not be read: what belongs together would no longer */
function requireAll(skipped: readonly Skipped[], mend: string): void {
  if (skipped.length === 0) return;
  throw new Error(
    `${skipped.length} sound files cannot be read (above): ${mend}`,
  );
}

/** Chunks of what the network sees of the files (F8), and the file of each. */
async function chunksOf(
  files: readonly SoundFile[],
  { frontEnd, kinds, mend, features }: Analysis & { kinds: readonly InputKind[] },
): Promise<{ clips: Clips; files: Int32Array }> {
  const { inputs, skipped } = await inputsOfFiles(files.map(({ path }) => path), {
    kinds,
    frontEnd,
  }, { folder: features });
  requireAll(skipped, mend);
  const chunks = chunk(inputs, { ...frontEnd, nMels: kinds.length * frontEnd.nMels });
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
      genres: owner.map((file) => files[file].genre),
      tempi: owner.map((file) => files[file].tempo),
    },
  };
}
