/** What pretrained networks make of sounds: embeddings, and scores of classes and instruments. */
import { showProgress } from "../core/progress.ts";
import type { Sound } from "../audio/sound.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import type { Spectrogram } from "../dsp/mel.ts";
import {
  ensureEntries,
  type ExtractionOptions,
  readEntry,
  type Skipped,
} from "../features/extraction.ts";
import { logMel, patchesOf } from "../features/log_mel.ts";
import { binding, compile, tf } from "./engine/mod.ts";
import { INFERENCE } from "./layer.ts";
import {
  type Pretrained,
  pretrained,
  type PretrainedName,
  pretrainedWeights,
} from "./pretrained.ts";

/** What a network made of some clips. */
export interface Embedded {
  /** [clips, dimensions]: means over each clip's patches, as are the scores. */
  embeddings: Float32Array;
  dimensions: number;
  /** [clips, classes] in [0, 1]. */
  classScores: Float32Array;
  classes: readonly string[];
  /** [clips, 11] in [0, 1], in the order of `INSTRUMENTS`; NaN for an instrument that the network does not know. */
  scores: Float32Array;
}

/** The same of files. */
export interface EmbeddedFiles extends Embedded {
  /** The files that could be read, one for each clip. */
  paths: string[];
  skipped: Skipped[];
}

/** Raised whenever the code from file to spectrogram gives other numbers. */
const EXTRACTOR = 1;

/** Patches that go through a network at once, at the most. */
const BATCH = 32;

/**
 * What a pretrained network makes of sound files, on all cores. Spectrograms are kept (lib/features/extraction.ts);
 * files that cannot be read are skipped, and named at the end.
 *
 * @throws Error where the network's weights are missing or damaged
 */
export async function embedFiles(
  paths: readonly string[],
  name: PretrainedName,
  options: ExtractionOptions = {},
): Promise<EmbeddedFiles> {
  const { input } = pretrained(name);
  const { files, ...read } = await ensureEntries(paths, {
    worker: new URL("../features/log_mel_worker.ts", import.meta.url),
    settings: input,
    shape: { extractor: EXTRACTOR, logMel: input },
    label: `${name}'s spectrograms`,
  }, options);
  function* spectrograms(): Iterable<Spectrogram> {
    for (const file of files) {
      const { shape: [nMels, frames], data } = readEntry(file);
      yield { nMels, frames, data: data as Float32Array };
    }
  }
  const progress = showProgress(name, files.length);
  const embedded = await embedSpectrograms(spectrograms(), name, {
    count: files.length,
    onProgress: (clips) => progress.update(clips),
  });
  progress.done();
  return { ...read, ...embedded };
}

/**
 * What a pretrained network makes of sounds, or of mono samples at 16 kHz.
 *
 * @throws RangeError for an empty sound
 */
export function embed(
  sounds: readonly (Sound | Float32Array)[],
  name: PretrainedName,
): Promise<Embedded> {
  const { input } = pretrained(name);
  function* spectrograms(): Iterable<Spectrogram> {
    for (const sound of sounds) yield logMel(sound, input);
  }
  return embedSpectrograms(spectrograms(), name, { count: sounds.length });
}

/** A patch that waits for its turn, and what it counts in its clip's mean. */
interface Waiting {
  clip: number;
  share: number;
  /** [bands, frames] */
  patch: Float32Array;
}

/**
 * What a pretrained network makes of spectrograms of its input.
 *
 * @param options.count how many there are
 * @param options.onProgress is told how many clips are done
 */
export async function embedSpectrograms(
  clips: Iterable<Spectrogram>,
  name: PretrainedName,
  { count, onProgress }: { count: number; onProgress?: (clips: number) => void },
): Promise<Embedded> {
  const network = pretrained(name), { input, dimensions, classes } = network;
  const embeddings = new Float32Array(count * dimensions);
  const classScores = new Float32Array(count * classes.length);
  using run = forward(network, name);
  let waiting: Waiting[] = [];
  const runBatch = async () => {
    const batch = waiting.slice(0, BATCH);
    waiting = waiting.slice(BATCH);
    const results = await run.patches(batch.map(({ patch }) => patch));
    batch.forEach(({ clip, share }, k) => {
      addRow(embeddings, clip, { rows: results.embeddings, k, share, width: dimensions });
      addRow(classScores, clip, { rows: results.scores, k, share, width: classes.length });
    });
    onProgress?.(batch.at(-1)!.clip);
  };
  let clip = 0;
  for (const spectrogram of clips) {
    const { data, count: patches, bands, frames } = patchesOf(spectrogram, input);
    for (let k = 0; k < patches; k++) {
      const patch = data.subarray(k * bands * frames, (k + 1) * bands * frames);
      waiting.push({ clip, share: 1 / patches, patch });
    }
    clip++;
    while (waiting.length >= BATCH) await runBatch();
  }
  while (waiting.length > 0) await runBatch();
  return {
    embeddings,
    dimensions,
    classScores,
    classes,
    scores: instrumentScores(classScores, network),
  };
}

/** Adds a share of row k to a clip's row. */
function addRow(
  sums: Float32Array,
  clip: number,
  { rows, k, share, width }: { rows: Float32Array; k: number; share: number; width: number },
): void {
  for (let j = 0; j < width; j++) sums[clip * width + j] += share * rows[k * width + j];
}

/** The network with its published weights: up to {@link BATCH} patches to their embeddings and scores. */
function forward({ input, backbone, embedding, classifier }: Pretrained, name: PretrainedName) {
  const weights = new Map(
    [...pretrainedWeights(name)].map(([key, { shape, data }]) => [key, tf.tensor(data, shape)]),
  );
  const read = (key: string) => weights.get(key)!;
  const network = (x: tf.Tensor) => {
    const embedded = embedding.apply(read, backbone.apply(read, x, INFERENCE), INFERENCE);
    return [embedded, classifier.apply(read, embedded, INFERENCE).sigmoid()];
  };
  const compiled = binding && compile(network, { name });
  const { nMels: bands, patchFrames: frames } = input;
  return {
    async patches(patches: readonly Float32Array[]) {
      // filled up to a power of two: a handful of traces serve all
      const rows = 2 ** Math.ceil(Math.log2(patches.length)), size = bands * frames;
      const values = new Float32Array(rows * size);
      patches.forEach((patch, k) => values.set(patch, k * size));
      const x = tf.tensor4d(values, [rows, bands, frames, 1]);
      const results = compiled ? await compiled.inBackground(x) : tf.tidy(() => network(x));
      const [embeddings, scores] = await Promise.all(
        results.map((result) => result.data() as Promise<Float32Array>),
      );
      tf.dispose([x, ...results]);
      return { embeddings, scores };
    },
    [Symbol.dispose]() {
      compiled?.dispose();
      tf.dispose([...weights.values()]);
    },
  };
}

/** The highest score of the classes that stand for an instrument, [clips, 11]. */
function instrumentScores(
  classScores: Float32Array,
  { classes, instruments }: Pick<Pretrained, "classes" | "instruments">,
): Float32Array {
  const indices = INSTRUMENTS.map((code) =>
    (instruments[code] ?? []).map((name) => classes.indexOf(name))
  );
  const clips = classScores.length / classes.length;
  return Float32Array.from({ length: clips * INSTRUMENTS.length }, (_, at) => {
    const known = indices[at % INSTRUMENTS.length];
    const row = Math.floor(at / INSTRUMENTS.length) * classes.length;
    return known.length === 0 ? NaN : Math.max(...known.map((index) => classScores[row + index]));
  });
}
