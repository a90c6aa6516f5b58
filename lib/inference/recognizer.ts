/** From a sound to the instruments in it, with a finished run. */
import { decodeFile } from "../audio/decode.ts";
import type { Sound } from "../audio/sound.ts";
import { readJson } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";
import { aggregateChunks } from "../evaluation/aggregate.ts";
import {
  finishedRuns,
  newestOf,
  type RunFolder,
  runWithWeights,
} from "../experiments/run_folder.ts";
import { loadRunNetwork } from "../experiments/run_network.ts";
import { Listener } from "../nn/embed.ts";
import type { ListenerName } from "../nn/pretrained.ts";
import { fetchWeights } from "../nn/weights_file.ts";
import { sigmoid } from "../train/predictor.ts";
import { piecesOf } from "./pieces.ts";

/** What was heard in a sound. */
export interface Recognition {
  /** Score of each instrument, in [0, 1]: of a run the highest of the sound's pieces, of a pretrained network their mean. */
  scores: Record<Instrument, number>;
  /** Those above the threshold, the surest first. */
  instruments: Instrument[];
  /** Length in seconds. */
  seconds: number;
}

/** A trained network with the front end and the threshold that it was trained and tuned with. */
export interface Recognizer {
  /** Name of the run, or of the pretrained network. */
  run: string;
  threshold: number;
  recognize(sound: Sound): Promise<Recognition>;
  /** @throws Error that names the file, where it cannot be read */
  recognizeFile(path: string): Promise<Recognition>;
}

/** Whether a run's network was trained for instruments, not for a task without labels. */
const knowsInstruments = (folder: RunFolder) => !folder.readRecord().config.objective;

/** The newest finished run whose weights are here. @throws Error that says how to get one */
function newestRun(roots?: readonly string[]): RunFolder {
  const folder = newestOf(finishedRuns({ roots, withWeights: true }).filter(knowsInstruments));
  if (folder) return folder;
  throw new Error(
    'no trained network is here: "./lumen demo" or "./lumen train RECIPE" trains one',
  );
}

/** What scores of the eleven instruments, in their order, say about a sound. */
function recognitionOf(
  { channels, sampleRate }: Sound,
  probabilities: Float32Array,
  threshold: number,
): Recognition {
  const scores = Object.fromEntries(
    INSTRUMENTS.map((code, k) => [code, probabilities[k]]),
  ) as Record<Instrument, number>;
  return {
    scores,
    instruments: INSTRUMENTS.filter((code) => scores[code] > threshold)
      .sort((a, b) => scores[b] - scores[a]),
    seconds: channels[0].length / sampleRate,
  };
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
  const folder = name ? runWithWeights(name, roots) : newestRun(roots);
  const { config, predict } = loadRunNetwork(folder);
  const { threshold } = folder.readResult<{ threshold: number }>();

  const recognize = async (sound: Sound): Promise<Recognition> => {
    const { input, group, ...shape } = piecesOf(sound, config);
    const logits = await predict(input, shape);
    return recognitionOf(sound, aggregateChunks(sigmoid(logits), group), threshold);
  };
  return {
    run: folder.name,
    threshold,
    recognize,
    recognizeFile: async (path) => await recognize(decodeFile(path)),
  };
}

/** Pretrained networks that know all eleven instruments, and the threshold of each. */
const ZERO_SHOT = {
  /** The best for macro-F1 (0.467) on the 400 songs of the full demo; 0.003 to 0.02 loses 0.027 at the most. */
  yamnet: 0.0084,
  /** Half: its weights were never here to tune it with. */
  ast: 0.5,
} satisfies Partial<Record<ListenerName, number>>;

/** Their names. */
export const ZERO_SHOT_NAMES = Object.keys(ZERO_SHOT) as (keyof typeof ZERO_SHOT)[];

/**
 * Loads a pretrained network for recognition by its own classes, without any training of ours ("zero-shot").
 *
 * @param options.weights of AST's: a file, a folder, or a name on the hub, from where they are fetched. Default: "ast"
 * @throws Error where its weights are missing or damaged
 */
export async function zeroShotRecognizer(
  name: keyof typeof ZERO_SHOT,
  { weights = "ast" }: { weights?: string } = {},
): Promise<Recognizer> {
  if (name === "ast") await fetchWeights(weights);
  const listener = new Listener(name, { weights }), threshold = ZERO_SHOT[name];
  const recognize = async (sound: Sound): Promise<Recognition> => {
    const { scores } = await listener.embed([sound]);
    return recognitionOf(sound, scores, threshold);
  };
  return {
    run: name,
    threshold,
    recognize,
    recognizeFile: async (path) => await recognize(decodeFile(path)),
  };
}

/** The name under which the newest finished run is meant. */
export const NEWEST = "newest";

/**
 * What is used where nobody names a model: `experiments/default_model.json` does, with a pretrained network's name,
 * {@link NEWEST}, or a run's.
 *
 * @throws Error where that model's weights are not here
 */
export async function defaultRecognizer(
  file = projectPath("experiments", "default_model.json"),
): Promise<Recognizer> {
  return await recognizerNamed(readJson<{ model: string }>(file).model);
}

/**
 * A pretrained network, {@link NEWEST}, or a run by its name.
 *
 * @param options.weights as for {@link zeroShotRecognizer}
 * @throws Error where its weights are not here
 */
export async function recognizerNamed(
  model: string,
  options: { weights?: string } = {},
): Promise<Recognizer> {
  if (model === NEWEST) return loadRecognizer();
  const known = ZERO_SHOT_NAMES.find((name) => name === model);
  return known ? await zeroShotRecognizer(known, options) : loadRecognizer(model);
}
