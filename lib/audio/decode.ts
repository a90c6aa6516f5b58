/** Any supported sound file, recognised by its content. */
import { readFlac } from "./flac.ts";
import { readMp3 } from "./mp3.ts";
import { findMpegFrame, skipId3 } from "./mpeg_frames.ts";
import { readOgg } from "./ogg.ts";
import { fileRoom } from "./samples.ts";
import { MOST_CHANNELS, type Sound } from "./sound.ts";
import { readWav } from "./wav.ts";

export type { Sound } from "./sound.ts";

/** Sample rates beyond these are damage. */
const LOWEST_RATE = 8000, HIGHEST_RATE = 192000;

/** Bytes that a file may have. */
const LARGEST_FILE = 2 ** 31;

/**
 * Reads a WAV, MP3, Ogg Vorbis or FLAC file; its name does not matter.
 *
 * @throws Error that names the file and says what is wrong with it: missing, not readable, a folder, a device, empty,
 * no sound file, a header alone, cut short, damaged, no or too many channels, an absurd sample rate, samples that are
 * no numbers or far beyond full scale
 */
export function decodeFile(path: string): Sound {
  try {
    return decodeSound(readBytes(path));
  } catch (error) {
    throw new Error(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Decodes a file's bytes. @throws Error as {@link decodeFile}, without the name */
export function decodeSound(bytes: Uint8Array): Sound {
  if (bytes.length === 0) throw new Error("it is empty");
  const sound = decoderFor(bytes)(bytes);
  check(sound);
  return sound;
}

/**
 * A sound file's bytes, good until the next call.
 *
 * @throws Error as {@link decodeFile} of a file that is missing, not readable, or none, without the name
 */
export function readBytes(path: string): Uint8Array {
  try {
    const { isDirectory, isFile, size } = Deno.statSync(path);
    if (isDirectory) throw new Error("it is a folder");
    // reading from a pipe or a device may never end
    if (!isFile) throw new Error("it is a pipe or a device, not a file");
    if (size > LARGEST_FILE) {
      throw new Error(`it has ${(size / 1e9).toFixed(1)} GB, and 2 at most can be read: cut it`);
    }
    return readWhole(path, size);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Error("there is no such file");
    if (error instanceof Deno.errors.PermissionDenied) throw new Error("you may not read it");
    if (error instanceof Deno.errors.FilesystemLoop) {
      throw new Error("it is a link that leads back to itself");
    }
    throw error;
  }
}

/** No decoder keeps a file's bytes. */
function readWhole(path: string, size: number): Uint8Array {
  const bytes = size <= fileRoom.length ? fileRoom : new Uint8Array(size);
  using file = Deno.openSync(path);
  let length = 0;
  while (length < size) {
    const count = file.readSync(bytes.subarray(length, size));
    if (count === null) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

function decoderFor(bytes: Uint8Array): (bytes: Uint8Array) => Sound {
  const at = skipId3(bytes);
  const start = String.fromCharCode(...bytes.subarray(at, at + 4));
  if (start === "RIFF") return readWav;
  if (start === "OggS") return readOgg;
  if (start === "fLaC") return (all) => readFlac(all.subarray(at));
  if (start === "RF64") throw new Error("it is an RF64 file; convert it to WAV or FLAC");
  if (findMpegFrame(bytes) >= 0) return readMp3;
  throw new Error("it is no WAV, MP3, Ogg Vorbis or FLAC file");
}

function check({ sampleRate, channels }: Sound): void {
  if (channels.length < 1 || channels.length > MOST_CHANNELS) {
    throw new Error(`it has ${channels.length} channels, not 1 to ${MOST_CHANNELS}`);
  }
  if (!(sampleRate >= LOWEST_RATE && sampleRate <= HIGHEST_RATE)) {
    throw new Error(`its sample rate is ${sampleRate} Hz, not ${LOWEST_RATE} to ${HIGHEST_RATE}`);
  }
  if (channels[0].length === 0) throw new Error("it holds no samples");
}
