/**
 * Background noises (A4): any folder of sound files, or ESC-50 (Piczak, "ESC: Dataset for environmental sound
 * classification", ACM Multimedia 2015), whose table says what each of its 2,000 files is.
 */
import { basename, dirname, join, resolve } from "node:path";
import { decodeFile } from "../audio/decode.ts";
import { monoAt } from "../audio/mono.ts";
import { exists } from "../core/files.ts";
import { assertWhole } from "../datasets/clip.ts";
import { ESC50_TABLE, readEsc50 } from "../datasets/esc50.ts";
import { listSounds } from "../datasets/listing.ts";

/** A file of background noise. */
export interface NoiseFile {
  path: string;
  /** ESC-50's name of what is heard, e.g. "rain"; for a plain folder, that of the folder that holds the file. */
  category: string;
}

/**
 * The sound files of a folder and the folders in it, sorted by path; of a folder with ESC-50's layout those that its
 * `meta/esc50.csv` lists.
 *
 * @throws Error when there is no such folder, no sound file in it, or ESC-50's table or one of its files is not whole
 */
export function listNoises(folder: string): NoiseFile[] {
  try {
    const files = findNoises(folder);
    if (files.length === 0) throw new Error("it holds no .wav, .flac, .ogg or .mp3 file");
    return files.sort((a, b) => a.path < b.path ? -1 : 1);
  } catch (error) {
    throw new Error(`cannot take noises from ${folder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function findNoises(folder: string): NoiseFile[] {
  if (!exists(join(folder, ESC50_TABLE))) {
    return listSounds(folder).map((path) => ({ path, category: basename(dirname(resolve(path))) }));
  }
  const esc50 = readEsc50(folder);
  assertWhole(esc50);
  return esc50.clips.map(({ path, tags }) => ({ path: path!, category: tags.category! }));
}

/** Noises in memory, so that the disk is not asked twice for the same one. */
export class NoiseLibrary {
  readonly #files: readonly NoiseFile[];
  readonly #sampleRate: number;
  readonly #keep: number;
  readonly #sounds = new Map<number, Float32Array>();

  /**
   * @param options.sampleRate Hz, to which noises are resampled
   * @param options.keep how many stay in memory. Default: 256, which is 80 MB of ESC-50 at 16 kHz
   */
  constructor(
    files: readonly NoiseFile[],
    { sampleRate, keep = 256 }: { sampleRate: number; keep?: number },
  ) {
    this.#files = files;
    this.#sampleRate = sampleRate;
    this.#keep = keep;
  }

  /** How many noises there are. */
  get count(): number {
    return this.#files.length;
  }

  /** A noise by its number, mono. @throws Error that names the file, when it cannot be read */
  get(noise: number): Float32Array {
    const known = this.#sounds.get(noise) ?? this.#read(noise);
    this.#sounds.delete(noise); // the last one of the map is the last one asked for
    this.#sounds.set(noise, known);
    if (this.#sounds.size > this.#keep) this.#sounds.delete(this.#sounds.keys().next().value!);
    return known;
  }

  #read(noise: number): Float32Array {
    return monoAt(decodeFile(this.#files[noise].path), this.#sampleRate);
  }
}
