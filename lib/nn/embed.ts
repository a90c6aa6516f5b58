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
import { logMel, type LogMelInput, patchesOf } from "../features/log_mel.ts";
import { binding, compile, type Compiled, tf } from "./engine/mod.ts";
import { INFERENCE } from "./layer.ts";
import { type ListenerName, type Pretrained, pretrained, pretrainedWeights } from "./pretrained.ts";

/** Where a network's weights are. */
interface WeightsOption {
  /** Of AST's: a file, a folder, or a name on the hub whose weights are here (lib/nn/weights_file.ts). Default: "ast" */
  weights?: string;
}

/** Options of a {@link Listener}. */
export interface ListenerOptions extends WeightsOption {
  /** Frames of the patches that it listens to. */
  patches?: Pick<LogMelInput, "patchFrames" | "patchHop">;
}

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

/** What goes through a network at once, at the most: patches, and numbers in them. */
const BATCH = 32, BATCH_VALUES = 600_000;

/**
 * What a pretrained network makes of sound files, on all cores. Spectrograms are kept (lib/features/extraction.ts);
 * files that cannot be read are skipped, and named at the end.
 *
 * @throws Error where the network's weights are missing or damaged
 */
export async function embedFiles(
  paths: readonly string[],
  name: ListenerName,
  { weights, ...options }: ExtractionOptions & WeightsOption = {},
): Promise<EmbeddedFiles> {
  using listener = new Listener(name, { weights });
  const { input } = listener.network;
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
  const embedded = await listener.embedSpectrograms(spectrograms(), {
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
export async function embed(
  sounds: readonly (Sound | Float32Array)[],
  name: ListenerName,
  options: WeightsOption = {},
): Promise<Embedded> {
  using listener = new Listener(name, options);
  return await listener.embed(sounds);
}

/** A patch that waits for its turn, and what it counts in its clip's mean. */
interface Waiting {
  clip: number;
  share: number;
  /** [bands, frames] */
  patch: Float32Array;
}

/** A pretrained network with its published weights, ready to listen; compiled where the native engine runs. */
export class Listener {
  readonly network: Pretrained;
  readonly #weights: ReadonlyMap<string, tf.Tensor>;
  readonly #compiled?: Compiled<[tf.Tensor], tf.Tensor[]>;

  /**
   * @param options.patches in place of the network's own; networks whose feature map is averaged take any length
   * @throws Error where the network's weights are missing or damaged
   */
  constructor(name: ListenerName, { weights, patches }: ListenerOptions = {}) {
    const network = pretrained(name);
    this.network = { ...network, input: { ...network.input, ...patches } };
    this.#weights = new Map(
      [...pretrainedWeights(name, { source: weights })].map((
        [key, { shape, data }],
      ) => [key, tf.tensor(data, shape)]),
    );
    if (binding) this.#compiled = compile((x: tf.Tensor) => this.#forward(x), { name });
  }

  /** {@link embed} */
  embed(sounds: readonly (Sound | Float32Array)[]): Promise<Embedded> {
    const { input } = this.network;
    function* spectrograms(): Iterable<Spectrogram> {
      for (const sound of sounds) yield logMel(sound, input);
    }
    return this.embedSpectrograms(spectrograms(), { count: sounds.length });
  }

  /**
   * What the network makes of spectrograms of its input.
   *
   * @param options.count how many there are
   * @param options.onProgress is told how many clips are done
   */
  async embedSpectrograms(
    clips: Iterable<Spectrogram>,
    { count, onProgress }: { count: number; onProgress?: (clips: number) => void },
  ): Promise<Embedded> {
    const { input, dimensions, classes, instruments } = this.network;
    const most = Math.floor(BATCH_VALUES / (input.nMels * input.patchFrames));
    const size = Math.max(1, Math.min(BATCH, most));
    const embeddings = new Float32Array(count * dimensions);
    const classScores = new Float32Array(count * classes.length);
    let waiting: Waiting[] = [], clip = 0; // clips so far
    const runBatch = async () => {
      const batch = waiting.slice(0, size);
      waiting = waiting.slice(size);
      const results = await this.#listen(batch.map(({ patch }) => patch));
      batch.forEach(({ clip, share }, k) => {
        addRow(embeddings, clip, { rows: results.embeddings, k, share, width: dimensions });
        addRow(classScores, clip, { rows: results.scores, k, share, width: classes.length });
      });
      onProgress?.(waiting[0]?.clip ?? clip);
    };
    for (const spectrogram of clips) {
      const { data, count: patches, bands, frames } = patchesOf(spectrogram, input);
      for (let k = 0; k < patches; k++) {
        const patch = data.subarray(k * bands * frames, (k + 1) * bands * frames);
        waiting.push({ clip, share: 1 / patches, patch });
      }
      clip++;
      while (waiting.length >= size) await runBatch();
    }
    while (waiting.length > 0) await runBatch();
    const scores = instrumentScores(classScores, { classes, instruments });
    return { embeddings, dimensions, classScores, classes, scores };
  }

  [Symbol.dispose](): void {
    this.#compiled?.dispose();
    tf.dispose([...this.#weights.values()]);
  }

  /** [batch, bands, frames, 1] to embeddings and scores. */
  #forward(x: tf.Tensor): tf.Tensor[] {
    const { backbone, embedding, classifier } = this.network;
    const weights = (key: string) => this.#weights.get(key)!;
    const map = backbone.apply(weights, x, INFERENCE);
    const embedded = embedding.apply(weights, map, INFERENCE);
    return [embedded, classifier.apply(weights, embedded, INFERENCE).sigmoid()];
  }

  /** Embeddings and scores of some patches. */
  async #listen(patches: readonly Float32Array[]) {
    const { nMels: bands, patchFrames: frames } = this.network.input;
    // filled up to a power of two: a handful of traces serve all
    const rows = 2 ** Math.ceil(Math.log2(patches.length)), size = bands * frames;
    const values = new Float32Array(rows * size);
    patches.forEach((patch, k) => values.set(patch, k * size));
    const x = tf.tensor4d(values, [rows, bands, frames, 1]);
    const results = await this.#compiled?.inBackground(x) ?? tf.tidy(() => this.#forward(x));
    const [embeddings, scores] = await Promise.all(
      results.map((result) => result.data() as Promise<Float32Array>),
    );
    tf.dispose([x, ...results]);
    return { embeddings, scores };
  }
}

/** Adds a share of row k to a clip's row. */
function addRow(
  sums: Float32Array,
  clip: number,
  { rows, k, share, width }: { rows: Float32Array; k: number; share: number; width: number },
): void {
  for (let j = 0; j < width; j++) sums[clip * width + j] += share * rows[k * width + j];
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
