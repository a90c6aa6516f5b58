/** From a sound to the instruments in it, with a finished run. */
import { decodeFile } from "../audio/decode.ts";
import type { Sound } from "../audio/sound.ts";
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";
import { aggregateChunks } from "../evaluation/aggregate.ts";
import { finishedRuns, RunFolder } from "../experiments/run_folder.ts";
import { exists } from "../core/files.ts";
import { networkInput } from "../features/bytes.ts";
import { chunk } from "../features/chunks.ts";
import { melOf } from "../features/front_end.ts";
import type { Spectrogram } from "../dsp/mel.ts";
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
export function defaultRun(root?: string): RunFolder {
  const name = finishedRuns(root).findLast((run) => exists(new RunFolder(run, root).weights));
  if (!name) {
    throw new Error(
      'no trained network is here: "./lumen demo" or "./lumen train RECIPE" trains one',
    );
  }
  return new RunFolder(name, root);
}

/**
 * Loads a run for recognition.
 *
 * @param name of the run; default: the newest finished one
 * @param root folder of the runs
 * @throws Error where the run does not exist, is not finished, or its weights are not here
 */
export function loadRecognizer(name?: string, root?: string): Recognizer {
  const folder = name ? new RunFolder(name, root) : defaultRun(root);
  if (!folder.isFinished) {
    const known = finishedRuns(root).join(", ") || "none";
    throw new Error(`there is no finished run "${folder.name}"; finished: ${known}`);
  }
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
    const mel = melOf(sound, config.frontEnd) as Spectrogram<Float32Array>;
    const { data, count, nMels, chunkFrames, group } = chunk([mel], config.frontEnd);
    const input = networkInput(data, config.frontEnd);
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
    recognizeFile: async (path) => await recognize(await decodeFile(path)),
  };
}
