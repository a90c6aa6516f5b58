/** What networks say about pieces of the demo's songs, however long the pieces are and however they lie. */
import { decodeFile } from "../audio/decode.ts";
import { joined } from "../core/joined.ts";
import { showProgress } from "../core/progress.ts";
import { networkInput } from "../features/bytes.ts";
import { chunk, chunkFrames } from "../features/chunks.ts";
import { inputsOfFiles } from "../features/inputs.ts";
import { logMel, patchesOf } from "../features/log_mel.ts";
import { YAMNET_INPUT } from "../nn/backbones/yamnet.ts";
import { Listener } from "../nn/embed.ts";
import { inputKinds, type RunConfig } from "../train/config.ts";
import { sigmoid } from "../train/predictor.ts";
import type { RunFolder } from "./run_folder.ts";
import { loadRunNetwork } from "./run_network.ts";

/** How files are cut. */
export interface Chunking {
  /** Length of a piece. */
  seconds: number;
  /** Seconds from the start of one piece to the next. */
  hop: number;
}

/** What a network says about the pieces of some files. */
export interface ChunkScores extends Chunking {
  /** `[pieces, 11]`, in [0, 1] */
  probabilities: Float32Array;
  /** The file of each piece. */
  groups: Int32Array;
}

/** Files, and how they are to be cut. */
export interface CutFiles {
  paths: readonly string[];
  chunkings: readonly Chunking[];
}

/** Files whose pieces are in memory at once. */
const FILES = 40;

/**
 * Scores pieces of files with a run's network, which takes spectrograms of any length.
 *
 * @param options.features where spectrograms are kept. Default: in the project
 * @throws Error where the run's weights are not here, or a file cannot be read
 */
export async function runChunkScores(
  folder: RunFolder,
  { paths, chunkings, features }: CutFiles & { features?: string },
): Promise<ChunkScores[]> {
  using network = loadRunNetwork(folder);
  const { config, predict } = network;
  const { inputs, skipped } = await inputsOfFiles(paths, {
    kinds: inputKinds(config),
    frontEnd: config.frontEnd,
  }, { folder: features });
  if (skipped.length > 0) {
    throw new Error(`cannot score pieces of files: ${skipped.length} cannot be read (above)`);
  }
  const progress = showProgress(`pieces for ${folder.name}`, chunkings.length * paths.length);
  const all: ChunkScores[] = [];
  for (const [at, chunking] of chunkings.entries()) {
    const { frontEnd, hop } = cutting(config, chunking);
    const scores: Float32Array[] = [], groups: number[] = [];
    for (let first = 0; first < paths.length; first += FILES) {
      const pieces = chunk(inputs.slice(first, first + FILES), frontEnd, { hop });
      const { count, nMels: bands, chunkFrames: frames } = pieces;
      const input = networkInput(pieces.data, frontEnd);
      scores.push(sigmoid(await predict(input, { count, bands, frames })));
      for (const file of pieces.group) groups.push(first + file);
      const done = at * paths.length + Math.min(first + FILES, paths.length);
      progress.update(done, `${chunking.seconds} s every ${chunking.hop} s`);
    }
    all.push({ ...chunking, probabilities: joined(scores), groups: Int32Array.from(groups) });
  }
  progress.done();
  return all;
}

/** A chunking as the front end's setting and a number of frames. */
function cutting(config: RunConfig, { seconds, hop }: Chunking) {
  const nMels = inputKinds(config).length * config.frontEnd.nMels;
  const frontEnd = { ...config.frontEnd, nMels, chunkSeconds: seconds };
  return { frontEnd, hop: chunkFrames({ ...frontEnd, chunkSeconds: hop }) };
}

/**
 * Scores pieces of files with YAMNet's own classes.
 *
 * @throws Error where its weights are missing, or a file cannot be read
 */
export async function yamnetChunkScores({ paths, chunkings }: CutFiles): Promise<ChunkScores[]> {
  const progress = showProgress("pieces for YAMNet", chunkings.length * paths.length);
  const all: ChunkScores[] = [];
  for (const [at, chunking] of chunkings.entries()) {
    const frames = (seconds: number) =>
      Math.round(seconds * YAMNET_INPUT.sampleRate / YAMNET_INPUT.hopLength);
    using listener = new Listener("yamnet", {
      patches: { patchFrames: frames(chunking.seconds), patchHop: frames(chunking.hop) },
    });
    const { input } = listener.network, scores: Float32Array[] = [], groups: number[] = [];
    for (const [file, path] of paths.entries()) {
      const { data, count, bands: nMels, frames } = patchesOf(
        logMel(decodeFile(path), input),
        input,
      );
      const size = nMels * frames;
      const pieces = Array.from({ length: count }, (_, k) => {
        return { nMels, frames, data: data.subarray(k * size, (k + 1) * size) };
      });
      scores.push((await listener.embedSpectrograms(pieces, { count })).scores);
      for (let k = 0; k < count; k++) groups.push(file);
      progress.update(
        at * paths.length + file + 1,
        `${chunking.seconds} s every ${chunking.hop} s`,
      );
    }
    all.push({ ...chunking, probabilities: joined(scores), groups: Int32Array.from(groups) });
  }
  progress.done();
  return all;
}
