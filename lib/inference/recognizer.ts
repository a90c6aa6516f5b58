/** From a sound to the instruments in it, with a finished run. */
import { decodeFile } from "../audio/decode.ts";
import type { Sound } from "../audio/sound.ts";
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";
import { aggregateChunks } from "../evaluation/aggregate.ts";
import { finishedRuns, type RunFolder } from "../experiments/run_folder.ts";
import { decibelToBytes, networkInput } from "../features/bytes.ts";
import { chunk } from "../features/chunks.ts";
import { melOf } from "../features/front_end.ts";
import { tf } from "../nn/engine/mod.ts";
import { readSafetensors } from "../nn/safetensors.ts";
import { buildNetwork } from "../train/model.ts";
import { makePredictor, sigmoid } from "../train/predictor.ts";

/** What was heard in a sound. */
export interface Recognition {
  /** Score of each instrument, in [0, 1]: the highest of the sound's pieces. */
  scores: Record<Instrument, number>;
  /** Those above the threshold, the surest first. */
  instruments: Instrument[];
  /** Length in seconds. */
  seconds: number;
}

/** A trained network with the front end and the threshold that it was trained and tuned with. */
export interface Recognizer {
  run: string;
  threshold: number;
  recognize(sound: Sound): Promise<Recognition>;
  /** @throws Error that names the file, where it cannot be read */
  recognizeFile(path: string): Promise<Recognition>;
}

/** The newest finished run whose weights are here. @throws Error that says how to get one */
function newestRun(roots?: readonly string[]): RunFolder {
  const folder = finishedRuns({ roots, withWeights: true }).at(-1);
  if (folder) return folder;
  throw new Error(
    'no trained network is here: "./lumen demo" or "./lumen train RECIPE" trains one',
  );
}

/** A finished run by its name. @throws Error that says how to get it, or its weights */
function namedRun(name: string, roots?: readonly string[]): RunFolder {
  const named = (folder: RunFolder) => folder.name === name;
  const folder = finishedRuns({ roots, withWeights: true }).find(named);
  if (folder) return folder;
  const finished = finishedRuns({ roots });
  throw new Error(
    finished.some(named)
      ? `the weights of run "${name}" are not here (they are not in version control): "./lumen train ${name}" makes them`
      : `there is no finished run "${name}"; finished: ${
        finished.map(({ name }) => name).join(", ") || "none"
      }`,
  );
}

/**
 * Loads a run for recognition.
 *
 * @param name of the run; default: the newest finished one
 * @param root folder of the runs. Default: both of the project's
 * @throws Error where the run does not exist, is not finished, or its weights are not here
 */
export function loadRecognizer(name?: string, root?: string): Recognizer {
  const roots = root ? [root] : undefined;
  const folder = name ? namedRun(name, roots) : newestRun(roots);
  const { config } = folder.readRecord();
  const { threshold } = folder.readResult<{ threshold: number }>();
  const weights = new Map(
    [...readSafetensors(folder.weights).tensors].map(([parameter, { shape, data }]) => [
      parameter,
      tf.tensor(data, shape),
    ]),
  );
  const predict = makePredictor(buildNetwork(config.model), () => weights);

  const recognize = async (sound: Sound): Promise<Recognition> => {
    const { frontEnd } = config, mel = melOf(sound, frontEnd);
    // as bytes: so the network was trained
    const bytes = { ...mel, data: decibelToBytes(mel.data, frontEnd) };
    const { data, count, nMels, chunkFrames, group } = chunk([bytes], frontEnd);
    const input = networkInput(data, frontEnd);
    const logits = await predict(input, { count, bands: nMels, frames: chunkFrames });
    const probabilities = aggregateChunks(sigmoid(logits), group);
    const scores = Object.fromEntries(
      INSTRUMENTS.map((code, k) => [code, probabilities[k]]),
    ) as Record<Instrument, number>;
    return {
      scores,
      instruments: INSTRUMENTS.filter((code) => scores[code] > threshold)
        .sort((a, b) => scores[b] - scores[a]),
      seconds: sound.channels[0].length / sound.sampleRate,
    };
  };
  return {
    run: folder.name,
    threshold,
    recognize,
    recognizeFile: async (path) => await recognize(decodeFile(path)),
  };
}
