/** Makes batches from waveforms, in a worker of {@link ./live_batches.ts}. */
import { decodeFile } from "../audio/decode.ts";
import { applyToMel, type MelExample } from "../augment/apply_spectrogram.ts";
import { applyToWave, type WaveExample } from "../augment/apply_waveform.ts";
import { NoiseLibrary } from "../augment/background.ts";
import { fitFrames } from "../augment/spectrogram.ts";
import { networkInput } from "../features/bytes.ts";
import { chunk, chunkFrames } from "../features/chunks.ts";
import { readEntry } from "../features/extraction.ts";
import { type FrontEnd, melOf, prepare } from "../features/front_end.ts";
import type { Spectrogram } from "../dsp/mel.ts";
import type { Batch } from "./batches.ts";
import type { LiveMessage, LiveReply, LiveRow, LiveSetup } from "./live_protocol.ts";

/** Makes examples of one setup. */
class ExampleMaker {
  readonly #setup: LiveSetup;
  readonly #noises: NoiseLibrary;

  constructor(setup: LiveSetup) {
    const { noises, frontEnd: { sampleRate } } = this.#setup = setup;
    this.#noises = new NoiseLibrary(noises.map((path) => ({ path, category: "" })), { sampleRate });
  }

  async batch(rows: readonly LiveRow[]): Promise<Batch> {
    const { frontEnd, frames } = this.#setup, size = frontEnd.nMels * frames;
    const count = this.#setup.clips[0].labels.length;
    const batch = {
      input: new Float32Array(rows.length * size),
      labels: new Float32Array(rows.length * count),
    };
    for (const [k, row] of rows.entries()) {
      const { mel, labels } = await this.#example(row);
      batch.input.set(fitFrames(mel, frames).data, k * size);
      batch.labels.set(labels, k * count);
    }
    return batch;
  }

  async #example({ clip, waveform, spectrogram, start }: LiveRow): Promise<MelExample> {
    const sources = {
      clip: (other: number) => this.#waveform(other),
      noise: (noise: number) => this.#noises.get(noise),
    };
    const { samples, labels } = await applyToWave(this.#waveform(clip), waveform, sources);
    const partner = (other: number) => {
      const { samples, labels } = this.#waveform(other);
      return { mel: this.#analyse(samples, start), labels };
    };
    const example = { mel: this.#analyse(samples, start), labels };
    return applyToMel(example, spectrogram, { clip: partner, frontEnd: this.#setup.frontEnd });
  }

  #waveform(clip: number): WaveExample {
    const { clips, frontEnd } = this.#setup, { waveform, labels } = clips[clip];
    const { sampleRate } = frontEnd;
    const samples = waveform.endsWith(".npy")
      ? readEntry(waveform).data as Float32Array
      : prepare(decodeFile(waveform), frontEnd);
    return { samples, sampleRate, labels };
  }

  #analyse(samples: Float32Array, start: number): Spectrogram {
    const { frontEnd } = this.#setup, mel = melOf(samples, frontEnd);
    const piece = excerpt(mel, frontEnd, start);
    return { ...piece, data: networkInput(piece.data, frontEnd) };
  }
}

/** As many frames as a network sees; of a longer spectrogram those that begin at a share of what is over. */
function excerpt(mel: Spectrogram, frontEnd: FrontEnd, start: number): Spectrogram {
  const { nMels } = mel, frames = chunkFrames(frontEnd), over = mel.frames - 1 - frames;
  if (over <= 0) return { nMels, frames, data: chunk([mel], frontEnd).data };
  const from = Math.round(start * over), data = new Float32Array(nMels * frames);
  for (let band = 0; band < nMels; band++) {
    const row = band * mel.frames + from;
    data.set(mel.data.subarray(row, row + frames), band * frames);
  }
  return { nMels, frames, data };
}

const scope = self as unknown as Worker;
let maker: ExampleMaker | undefined;

scope.onmessage = async ({ data: message }: MessageEvent<LiveMessage>) => {
  if ("setup" in message) {
    maker = new ExampleMaker(message.setup);
    return;
  }
  try {
    const batch = await maker!.batch(message.rows);
    const reply: LiveReply = { number: message.number, batch };
    scope.postMessage(reply, [batch.input.buffer, batch.labels.buffer]);
  } catch (error) {
    const reply: LiveReply = { number: message.number, error: (error as Error).message };
    scope.postMessage(reply);
  }
};
