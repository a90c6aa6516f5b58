/**
 * Batches made from sound while the network trains: waveforms from the cache, augmented, mixed and analysed by
 * workers, some steps ahead of the one that runs.
 */
import { randomFrom } from "../core/random.ts";
import { drawEffects } from "../augment/draw.ts";
import { type ClipFacts, PartnerPool } from "../augment/partners.ts";
import { framesAfter, type MelStep, type WaveStep } from "../augment/steps.ts";
import { chunkFrames } from "../features/chunks.ts";
import { type Batch, type BatchSource, EpochOrder } from "./batches.ts";
import type { RunConfig } from "./config.ts";
import type { LiveMessage, LiveReply, LiveRow, LiveSetup } from "./live_protocol.ts";

/** A clip to train on: where its prepared waveform is kept, and what is known of it. */
export interface LiveClip extends ClipFacts {
  /** A .npy file of samples at the front end's rate and level, or a sound file, which is read and resampled at every use. */
  waveform: string;
}

/** What is done to clips before and after the analysis. */
export interface LiveSteps {
  waveform: readonly WaveStep[];
  spectrogram: readonly MelStep[];
}

/** Options of {@link LiveBatches}. */
export interface LiveOptions {
  config: Pick<RunConfig, "seed" | "batchSize" | "sampler" | "frontEnd">;
  steps: LiveSteps;
  /** Files of background noise, for the step that adds it. */
  noises?: readonly string[];
  /** Workers that make batches. Default: one a core. */
  workers?: number;
}

/** Batches that a worker makes ahead: one in the making and one that waits. More would only take memory. */
const AHEAD = 2;

/**
 * Makes a run's batches on all cores.
 *
 * What happens to an example is drawn here, from the seed, the step and its row alone, so batches are the same
 * however many workers there are, and a resumed run sees what the unbroken one would have seen. No more than two
 * batches a worker are ahead of the step that was asked for.
 */
export class LiveBatches implements BatchSource {
  readonly examples: number;
  readonly targets: Uint8Array;
  readonly bands: number;
  readonly frames: number;
  readonly #options: LiveOptions;
  readonly #order: EpochOrder;
  readonly #partners: PartnerPool;
  readonly #workers: LiveWorker[];
  readonly #coming = new Map<number, Promise<Batch>>();

  constructor(clips: readonly LiveClip[], options: LiveOptions) {
    const { config, noises = [], workers = navigator.hardwareConcurrency } = options;
    this.examples = clips.length;
    this.bands = config.frontEnd.nMels;
    this.frames = framesAfter(options.steps.spectrogram, chunkFrames(config.frontEnd));
    this.#options = options;
    this.targets = Uint8Array.from(clips.flatMap(({ labels }) => [...labels]));
    this.#order = new EpochOrder([...clips.keys()], { config, targets: this.targets });
    this.#partners = new PartnerPool(clips);
    const setup: LiveSetup = {
      frontEnd: config.frontEnd,
      frames: this.frames,
      clips: clips.map(({ waveform, labels }) => ({ waveform, labels })),
      noises,
    };
    this.#workers = Array.from({ length: workers }, () => new LiveWorker(setup));
  }

  at(step: number): Promise<Batch> {
    for (let k = step; k <= step + AHEAD * this.#workers.length; k++) {
      if (this.#coming.has(k)) continue;
      const batch = this.#workers[k % this.#workers.length].make(this.#rows(k));
      batch.catch(() => {}); // told when the step is asked for
      this.#coming.set(k, batch);
    }
    const batch = this.#coming.get(step)!;
    for (const k of this.#coming.keys()) if (k <= step) this.#coming.delete(k);
    return batch;
  }

  /** Ends the workers. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.close();
  }

  #rows(step: number): LiveRow[] {
    const { config: { seed }, steps, noises = [] } = this.#options;
    return this.#order.at(step).map((clip, row) => {
      const random = randomFrom(seed, "batch", step, row);
      const draw = { clip, partners: this.#partners, noises: noises.length };
      return {
        clip,
        waveform: drawEffects(steps.waveform, { ...draw, random: random.fork("waveform") }),
        spectrogram: drawEffects(steps.spectrogram, {
          ...draw,
          random: random.fork("spectrogram"),
        }),
        start: random.uniform(),
      };
    });
  }
}

/** A worker that makes one batch after the other. */
class LiveWorker {
  readonly #worker = new Worker(new URL("./live_worker.ts", import.meta.url), { type: "module" });
  readonly #waiting = new Map<
    number,
    { resolve: (batch: Batch) => void; reject: (error: Error) => void }
  >();
  #count = 0;

  constructor(setup: LiveSetup) {
    this.#worker.onmessage = ({ data }: MessageEvent<LiveReply>) => {
      const { resolve, reject } = this.#waiting.get(data.number)!;
      this.#waiting.delete(data.number);
      if ("batch" in data) resolve(data.batch);
      else reject(new Error(`cannot make a batch: ${data.error}`));
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(`a worker that makes batches died: ${event.message}`));
      }
    };
    this.#send({ setup });
  }

  make(rows: LiveRow[]): Promise<Batch> {
    const number = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#send({ number, rows });
    });
  }

  close(): void {
    this.#worker.terminate();
  }

  #send(message: LiveMessage): void {
    this.#worker.postMessage(message);
  }
}
