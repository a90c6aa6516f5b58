/** Files of a minute, made of the small ones. */
import { concatBytes } from "lib/core/bytes.ts";
import { crc32 } from "lib/audio/checksum.ts";
import { encodeWav } from "lib/audio/wav.ts";
import { projectPath } from "lib/core/paths.ts";
import { noise } from "../mel_signals.ts";

const fixture = (name: string) =>
  Deno.readFileSync(projectPath("tests", "fixtures", "audio", name));

const repeat = <T>(times: number, make: (k: number) => T) =>
  Array.from({ length: times }, (_, k) => make(k));

/** Pages of an Ogg file. */
function oggPages(bytes: Uint8Array): Uint8Array[] {
  const pages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pages.at(-1)!.length) {
    const table = bytes.subarray(at + 27, at + 27 + bytes[at + 26]);
    pages.push(bytes.slice(at, at + 27 + table.length + table.reduce((sum, n) => sum + n, 0)));
  }
  return pages;
}

/** An Ogg file whose pages of sound come again and again. */
function longOgg(name: string, times: number): Uint8Array<ArrayBuffer> {
  const pages = oggPages(fixture(name)), headers = pages.slice(0, 2), sound = pages.slice(2);
  const all = [...headers, ...repeat(times, () => sound.map((page) => page.slice())).flat()];
  all.forEach((page, number) => {
    const view = new DataView(page.buffer);
    page[5] = number === 0 ? 2 : number === all.length - 1 ? 4 : 0; // the first and the last one
    // fewer samples than there are: the rest is cut off
    view.setBigUint64(6, BigInt(number < 2 ? 0 : 2048 * (number - 1)), true);
    view.setUint32(18, number, true);
    view.setUint32(22, 0, true);
    view.setUint32(22, crc32([page]), true);
  });
  return concatBytes(all);
}

/** A FLAC file whose frames come again and again. */
function longFlac(name: string, times: number): Uint8Array<ArrayBuffer> {
  const bytes = fixture(name), view = new DataView(bytes.buffer);
  const start = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xf8);
  view.setUint32(22, view.getUint32(22) * times); // samples of a channel
  return concatBytes([bytes.subarray(0, start), ...repeat(times, () => bytes.subarray(start))]);
}

/** By format: the file, its least number of samples over all channels, and a small one of its kind. */
export const LONG_FILES: Record<string, () => [bytes: Uint8Array<ArrayBuffer>, small: string]> = {
  "16-bit WAV": () => [encodeWav(minute()), "pcm16.wav"],
  "float WAV": () => [encodeWav(minute(), { bits: 32 }), "float32.wav"],
  // 4 frames of 1152 samples at 44.1 kHz
  MP3: () => [concatBytes(repeat(575, () => fixture("no_info.mp3"))), "no_info.mp3"],
  Ogg: () => [longOgg("stereo.ogg", 650), "stereo.ogg"],
  FLAC: () => [longFlac("noise.flac", 100), "noise.flac"],
  "24-bit FLAC": () => [longFlac("stereo24.flac", 600), "stereo24.flac"],
};

function minute() {
  const y = noise(60 * 44100);
  return { sampleRate: 44100, channels: [y, y] };
}
