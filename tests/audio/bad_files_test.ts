/** Files that are no sound, or no longer: one clear sentence each, which names the file and the value. */
import assert from "node:assert/strict";
import { crc32 } from "lib/audio/checksum.ts";
import { decodeFile, decodeSound } from "lib/audio/decode.ts";
import { projectPath } from "lib/core/paths.ts";
import { patched, WAV, wavOf } from "./wav_files.ts";

const FOLDER = projectPath("tests", "fixtures", "audio");

const fixture = (name: string) => Deno.readFileSync(`${FOLDER}/${name}`);
const start = (name: string, part: number) => {
  const bytes = fixture(name);
  return bytes.slice(0, Math.floor(bytes.length * part));
};
const ascii = (text: string) => new TextEncoder().encode(text);

/** The first page of an Ogg file with other bytes at a place, and the checksum that belongs to it. */
function oggWith(name: string, at: number, values: Iterable<number>): Uint8Array {
  const bytes = fixture(name), end = 27 + bytes[26] + bytes[27];
  bytes.set([...values], at);
  const view = new DataView(bytes.buffer);
  view.setUint32(22, 0, true);
  view.setUint32(22, crc32([bytes.subarray(0, end)]), true);
  return bytes;
}

function changed(name: string, at: number, to = (byte: number) => byte ^ 0xff): Uint8Array {
  const bytes = fixture(name);
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = to(bytes[place]);
  return bytes;
}

const BAD_FILES: [what: string, bytes: () => Uint8Array, reason: RegExp][] = [
  ["empty", () => new Uint8Array(), /it is empty/],
  ["text", () => ascii("not a sound ".repeat(99)), /no WAV, MP3, Ogg Vorbis or FLAC file/],
  ["one byte", () => ascii("R"), /no WAV, MP3, Ogg Vorbis or FLAC file/],
  ["zeros", () => new Uint8Array(5000), /no WAV, MP3, Ogg Vorbis or FLAC file/],

  ["WAV header only", () => WAV.slice(0, 44), /cut short.* 0\.03 s are announced, 0\.00 s/],
  ["half a WAV header", () => WAV.slice(0, 30), /format header is cut short/],
  ["WAV without data chunk", () => WAV.slice(0, 36), /only a header/],
  ["WAV without samples", () => patched(40, 0, 32).slice(0, 44), /holds no samples/],
  ["WAV cut in the middle", () => WAV.slice(0, 1000), /0\.03 s are announced, 0\.01 s can be/],
  ["2 GB in 1 kB", () => patched(40, 2e9, 32).slice(0, 1000), /31250\.00 s are announced, 0\.01/],
  ["zero channels", () => patched(22, 0), /0 channels, not 1 to 8/],
  ["9 channels", () => patched(22, 9), /9 channels, not 1 to 8/],
  ["65535 channels", () => patched(22, 65535), /65535 channels/],
  ["rate 0", () => patched(24, 0, 32), /sample rate is 0 Hz, not 8000 to 192000/],
  ["3 Hz", () => patched(24, 3, 32), /sample rate is 3 Hz/],
  ["768 kHz", () => patched(24, 768000, 32), /sample rate is 768000 Hz/],
  ["unknown encoding", () => patched(20, 17), /WAV format 17, 16 bits/],
  ["13 bits", () => patched(34, 13), /WAV format 1, 13 bits/],
  ["NaN", () => wavOf(0, NaN, 0), /sample 1 is NaN/],
  ["infinite", () => wavOf(0, 0, -Infinity), /sample 2 is -Infinity/],
  ["far beyond full scale", () => wavOf(500), /sample 0 is 500/],
  ["RF64", () => WAV.map((b, k) => k < 4 ? "RF64".charCodeAt(k) : b), /RF64/],

  ["FLAC cut in the middle", () => start("stereo24.flac", 0.5), /cut short.*0\.00 s of 0\.10 s/],
  ["FLAC header only", () => start("stereo24.flac", 0.01), /header is cut short/],
  [
    "FLAC without its last frame",
    () => start("noise.flac", 0.6),
    /cut short or damaged: the frame/,
  ],
  ["FLAC without frames", () => withoutFrames("mono.flac"), /0\.10 s are announced, 0\.00 s/],
  ["FLAC with a changed byte", () => changed("noise.flac", -3000), /checksum is wrong/],
  ["FLAC of 32 bits", () => changed("mono.flac", 20, (byte) => byte | 1), /up to 24/],

  ["Ogg cut in the middle", () => start("stereo.ogg", 0.5), /cut short within an Ogg page/],
  ["Ogg cut between pages", () => withoutLastPage("long.ogg"), /last Ogg page is missing/],
  ["Ogg header only", () => start("stereo.ogg", 0.01), /cut short within an Ogg page/],
  ["Ogg with a changed byte", () => changed("long.ogg", -100), /checksum of Ogg page \d+ is wrong/],
  ["Ogg with a page left out", () => withoutSecondPage("long.ogg"), /Ogg page 1 is missing/],
  ["Ogg twice", () => twice("stereo.ogg"), /several Ogg streams/],
  ["Ogg of Opus", () => oggWith("stereo.ogg", 28, ascii("OpusHead")), /"OpusHead"\) is not Vorbis/],
  ["Ogg of 0 channels", () => oggWith("stereo.ogg", 39, [0]), /0 channels/],
  ["Ogg at 3 Hz", () => oggWith("stereo.ogg", 40, [3, 0, 0, 0]), /sample rate is 3 Hz/],

  ["MP3 cut in the middle", () => start("stereo.mp3", 0.5), /0\.10 s are announced, 0\.0\d s can/],
  ["MP3 cut, of unknown length", () => start("no_info.mp3", 0.6), /cut short or damaged/],
  ["MP3 header only", () => start("stereo.mp3", 0.1), /cut short or damaged: 0\.10 s/],
  ["MP3 tag only", () => ascii("ID3\x04\0\0\0\0\x02\x2c" + "\0".repeat(300)), /no WAV, MP3/],
];

/** A FLAC file up to where its first frame begins. */
function withoutFrames(name: string): Uint8Array {
  const bytes = fixture(name);
  return bytes.slice(0, bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xf8));
}

function twice(name: string): Uint8Array {
  return new Uint8Array([...fixture(name), ...fixture(name)]);
}

/** Where pages begin. */
function pageStarts(bytes: Uint8Array): number[] {
  const text = String.fromCharCode(...bytes);
  return [...text.matchAll(/OggS/g)].map(({ index }) => index);
}

function withoutLastPage(name: string): Uint8Array {
  const bytes = fixture(name);
  return bytes.slice(0, pageStarts(bytes).at(-1));
}

function withoutSecondPage(name: string): Uint8Array {
  const bytes = fixture(name), [, second, third] = pageStarts(bytes);
  return new Uint8Array([...bytes.subarray(0, second), ...bytes.subarray(third)]);
}

/** Why a file cannot be read. */
function reasonFor(path: string): string {
  let message = "";
  assert.throws(() => decodeFile(path), (error: Error) => {
    message = error.message;
    return true;
  });
  assert.ok(message.startsWith(`cannot read ${path}: `), message);
  return message.slice(`cannot read ${path}: `.length);
}

Deno.test("says what is wrong with a bad file, and which file it is", async (t) => {
  const folder = await Deno.makeTempDir();
  for (const [what, bytes, reason] of BAD_FILES) {
    await t.step(what, async () => {
      const path = `${folder}/${what}.wav`;
      await Deno.writeFile(path, bytes());
      assert.match(reasonFor(path), reason);
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("says what is wrong with what is no file", async (t) => {
  const folder = await Deno.makeTempDir(), path = `${folder}/a.wav`;
  await t.step("a folder", () => assert.match(reasonFor(folder), /^it is a folder$/));
  await t.step("missing", () => assert.match(reasonFor(path), /there is no such file/));
  await t.step("a link in a circle", async () => {
    await Deno.symlink(path, `${folder}/b.wav`);
    await Deno.symlink(`${folder}/b.wav`, path);
    assert.match(reasonFor(path), /a link that leads back to itself/);
  });
  await t.step("a pipe that nobody writes to", async () => {
    const pipe = `${folder}/pipe.wav`;
    assert.ok((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
    assert.match(reasonFor(pipe), /a pipe or a device/);
  });
  await t.step(
    "a device without end",
    () => assert.match(reasonFor("/dev/zero"), /a pipe or a device/),
  );
  await t.step("not readable", async () => {
    const closed = `${folder}/closed.wav`;
    await Deno.writeFile(closed, WAV, { mode: 0o000 });
    // root may read everything
    if (Deno.uid() === 0) decodeFile(closed);
    else assert.match(reasonFor(closed), /you may not read it/);
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("valid, however odd: silence, one sample, a constant", () => {
  for (const samples of [new Array(100).fill(0), [0.5], new Array(100).fill(-0.25)]) {
    const { channels } = decodeSound(wavOf(...samples));
    assert.deepEqual([...channels[0]], samples);
  }
});

Deno.test("goes by the content, not by the name, and steps over a tag", () => {
  const flac = fixture("mono.flac"), tag = new Uint8Array(10 + 300);
  tag.set(ascii("ID3\x04\0\0\0\0\x02\x2c")); // 2 * 128 + 44 = 300 bytes
  const plain = decodeSound(flac);
  assert.deepEqual(decodeSound(new Uint8Array([...tag, ...flac])), plain);
  const mp3 = fixture("stereo.mp3"), end = new Uint8Array(128);
  end.set(ascii("TAG"));
  const tagged = new Uint8Array([...tag, ...mp3, ...end]);
  assert.deepEqual(decodeSound(tagged), decodeSound(mp3));
  const flacTagged = new Uint8Array([...flac, ...end]);
  assert.deepEqual(decodeSound(flacTagged), plain);
});
