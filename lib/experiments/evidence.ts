/** What finished runs and the peer's runs say, gathered for comparison. */
import { join } from "node:path";
import { exists, readJson } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";
import { recordingOf } from "../datasets/split.ts";
import { type Difference, meanDifference } from "../evaluation/difference.ts";
import type { MultiLabelReport } from "../evaluation/label_report.ts";
import type { IrmasReport } from "../evaluation/report.ts";
import type { RunConfig } from "../train/config.ts";
import type { Metric } from "../train/loop.ts";
import type { NoiseScore } from "./noise_robustness.ts";
import { finishedRuns, type RunFolder, runName, withoutSeed } from "./run_folder.ts";

/** Scores of each clip, by its name. */
export type ScoreTable = Record<string, number[]>;

/** `result.json` of a run on real spectrograms. */
export interface IrmasResult extends IrmasReport {
  threshold: number;
  /** The first runs were not scored in noise. */
  noise?: NoiseScore[];
  scores: {
    heldOut: ScoreTable;
    relabelled: ScoreTable;
    /** In the order of the list of mixtures (irmas_mixtures.ts); the first runs kept none. */
    mixturesOfTwo?: number[][];
    mixturesOfThree?: number[][];
  };
}

/** What draws the halves of the songs, for every run on sound alike. */
export const SONG_EVALUATION = "demo evaluation";

/** `result.json` of a run on sound. */
export interface DemoResult {
  threshold: number;
  songs: MultiLabelReport;
  /** Of each file; the first runs kept none. */
  scores?: { songs: ScoreTable };
  /** What the files are, in the order in which they were scored. */
  truth?: Record<string, { song: string; labels: Instrument[] }>;
}

/** A finished run. */
export interface FinishedRun<R> {
  name: string;
  config: RunConfig;
  metrics: Metric[];
  result: R;
}

/** Reads a finished run. @param options.metrics false: without what was measured on the way, which is most of the reading */
export const readRun = <R>(
  folder: RunFolder,
  { metrics = true }: { metrics?: boolean } = {},
): FinishedRun<R> => ({
  name: folder.name,
  config: folder.readRecord().config,
  metrics: metrics ? folder.readMetrics() : [],
  result: folder.readResult<R>(),
});

/** The folders of the finished runs of today's version with these settings, whatever their seed. */
async function foldersOf(config: RunConfig, root?: string): Promise<RunFolder[]> {
  const settings = withoutSeed(await runName(config));
  return finishedRuns({ roots: root ? [root] : undefined })
    .filter((folder) => withoutSeed(folder.name) === settings && folder.isCurrent);
}

const bySeed = (a: { config: RunConfig }, b: { config: RunConfig }) =>
  a.config.seed - b.config.seed;

/** The finished runs with these settings, by seed. */
export async function readRuns<R>(config: RunConfig, root?: string): Promise<FinishedRun<R>[]> {
  return (await foldersOf(config, root)).map((folder) => readRun<R>(folder)).sort(bySeed);
}

/** The runs with these settings that were asked what they hear in the demo's songs (`./lumen evaluate --songs`), by seed. */
export async function readSongRuns(
  config: RunConfig,
  root?: string,
): Promise<FinishedRun<DemoResult>[]> {
  return (await foldersOf(config, root)).flatMap((folder) => {
    const result = folder.readSongs<DemoResult>();
    if (!result) return [];
    return [{ name: folder.name, config: folder.readRecord().config, metrics: [], result }];
  }).sort(bySeed);
}

/** A run of bench/peers/convnext_irmas.py. */
export interface PeerRun {
  framework: string;
  seed: number;
  history: { epoch: number; loss: number; accuracy: number; seconds: number }[];
  accuracy: number;
  test: { clips: string[]; logits: number[][] };
}

/** The peer's runs on the same fold, by seed. */
export function readPeerRuns(
  folder: string = projectPath("experiments", "peers", "convnext_irmas"),
): PeerRun[] {
  if (!exists(folder)) return [];
  return [...Deno.readDirSync(folder)]
    .filter(({ name }) => name.endsWith(".json"))
    .map(({ name }) => readJson<PeerRun>(join(folder, name)))
    .sort((a, b) => a.seed - b.seed);
}

/** 1 where the best-scored instrument of a clip is its class, which its name begins with. */
function rightOf(
  clips: readonly string[],
  scores: (clip: string, k: number) => number[],
): number[] {
  return clips.map((clip, k) => {
    const row = scores(clip, k);
    return INSTRUMENTS[row.indexOf(Math.max(...row))] === clip.split("/")[0] ? 1 : 0;
  });
}

/** For each run 1 for each of these clips that it has right, 0 for the others. @throws Error where a run lacks one */
function rightByRun(runs: readonly FinishedRun<IrmasResult>[], clips: readonly string[]) {
  return runs.map(({ name, result: { scores: { heldOut } } }) => {
    const missing = clips.find((clip) => !(clip in heldOut));
    if (missing) throw new Error(`run ${name} was not scored on ${missing}`);
    return rightOf(clips, (clip) => heldOut[clip]);
  });
}

/**
 * The accuracy of some runs less that of others on the same held-out clips, over their recordings and over seeds.
 *
 * @throws Error when there are no runs on one side, or they were not scored on the same clips
 */
export function compareRuns(
  first: readonly FinishedRun<IrmasResult>[],
  second: readonly FinishedRun<IrmasResult>[],
): Difference {
  if (first.length === 0 || second.length === 0) {
    throw new Error(`cannot compare ${first.length} runs with ${second.length}`);
  }
  const clips = Object.keys(second[0].result.scores.heldOut);
  return meanDifference(rightByRun(first, clips), rightByRun(second, clips), {
    groups: clips.map(recordingOf),
  });
}

/**
 * Our accuracy less the peer's on the same held-out clips, over their recordings and over seeds.
 *
 * @throws Error when there are no runs on one side, or they were not scored on the same clips
 */
export function compareWithPeer(
  ours: readonly FinishedRun<IrmasResult>[],
  peers: readonly PeerRun[],
): Difference {
  if (ours.length === 0 || peers.length === 0) {
    throw new Error(`cannot compare ${ours.length} runs of ours with ${peers.length} of the peer`);
  }
  const { clips } = peers[0].test;
  const first = rightByRun(ours, clips);
  const second = peers.map(({ test }) => rightOf(test.clips, (_, k) => test.logits[k]));
  return meanDifference(first, second, {
    groups: clips.map(recordingOf),
  });
}
