/** Sound that arrives in pieces. */
import { MOST_CHANNELS, MOST_SAMPLES, type Sound } from "./sound.ts";

/** Samples of a channel that a byte may stand for before we doubt it: speech at 8 kbit/s has 24. */
const MOST_SAMPLES_PER_BYTE = 64;

/**
 * Collects what a decoder gives piece by piece. Room for what the file announces is taken at once, so that nothing
 * is held twice; an announcement that is absurd for the file's size is not trusted, and more room is taken when
 * more comes.
 */
export class SoundBuilder {
  #channels: Float32Array[] = [];
  #length = 0;
  #sampleRate = 0;
  #room: number;

  /**
   * @param options.announced samples of a channel; 0: not known
   * @param options.bytes size of the file
   */
  constructor({ announced, bytes }: { announced: number; bytes: number }) {
    this.#room = Math.min(announced, MOST_SAMPLES_PER_BYTE * bytes);
  }

  /** Samples of a channel, so far. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds a piece.
   *
   * @param piece its samples may be overwritten afterwards
   * @throws Error when channels or sample rate are others than before, there are too many channels, or it becomes
   * longer than a sound may be
   */
  append({ sampleRate, channels }: Sound): void {
    const [{ length }] = channels, count = channels.length;
    if (this.#length === 0) this.#begin(sampleRate, count);
    if (count !== this.#channels.length || sampleRate !== this.#sampleRate) {
      throw new Error(
        `it changes from ${this.#channels.length} channels at ${this.#sampleRate} Hz to ${count} at ${sampleRate} Hz`,
      );
    }
    this.#makeRoom(this.#length + length);
    channels.forEach((piece, c) => this.#channels[c].set(piece, this.#length));
    this.#length += length;
  }

  #begin(sampleRate: number, channels: number): void {
    if (channels > MOST_CHANNELS) {
      throw new Error(`it has ${channels} channels, not 1 to ${MOST_CHANNELS}`);
    }
    this.#sampleRate = sampleRate;
    this.#channels = Array.from({ length: channels }, () => new Float32Array(this.#room));
  }

  #makeRoom(length: number): void {
    if (length * this.#channels.length > MOST_SAMPLES) {
      const hours = (MOST_SAMPLES / this.#channels.length / this.#sampleRate / 3600).toFixed(1);
      throw new Error(`it is longer than the ${hours} hours that can be held; cut it into parts`);
    }
    if (length <= this.#room) return;
    this.#room = Math.max(length, Math.ceil(1.5 * this.#room));
    this.#channels.forEach((channel, c) => {
      this.#channels[c] = new Float32Array(this.#room);
      this.#channels[c].set(channel);
    });
  }

  /** What was collected, or as much of its beginning as is wanted. */
  finish(length = this.#length): Sound {
    length = Math.min(length, this.#length);
    return {
      sampleRate: this.#sampleRate,
      channels: this.#channels.map((y) => y.length === length ? y : y.slice(0, length)),
    };
  }
}
