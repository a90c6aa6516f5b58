import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeFile } from "lib/audio/decode.ts";
import { readDuration } from "lib/audio/duration.ts";
import { duration } from "lib/audio/sound.ts";
import { projectPath } from "lib/core/paths.ts";
import { CHUNKS, WAV } from "./wav_files.ts";

const FOLDER = projectPath("tests", "fixtures", "audio");
const SOUNDS = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
  .filter((name) => /\.(wav|flac|ogg|mp3)$/.test(name)).sort();

Deno.test("what a header announces is what is decoded, in every format", async () => {
  assert.ok(SOUNDS.length > 20);
  for (const name of SOUNDS) {
    const path = join(FOLDER, name);
    assert.equal(await readDuration(path), duration(decodeFile(path)), name);
  }
});

/** Runs a test with a file of some bytes. */
async function withFile(bytes: Uint8Array, test: (path: string) => Promise<unknown>) {
  const path = await Deno.makeTempFile();
  try {
    Deno.writeFileSync(path, bytes);
    await test(path);
  } finally {
    Deno.removeSync(path);
  }
}

Deno.test("long chunks in front of the samples are stepped over", async () => {
  const { riff, format, data, chunk } = CHUNKS;
  const bytes = Uint8Array.from([...riff, ...format, ...chunk("LIST", 9000), ...data]);
  await withFile(bytes, async (path) => assert.equal(await readDuration(path), 480 / 16000));
});

Deno.test("a FLAC file behind a tag, and one that does not tell its length", async () => {
  const flac = Deno.readFileSync(join(FOLDER, "mono.flac"));
  const seconds = duration(decodeFile(join(FOLDER, "mono.flac")));
  const tag = Uint8Array.from([...new TextEncoder().encode("ID3"), 4, 0, 0, 0, 0, 40, 0]);
  const tagged = new Uint8Array(10 + 40 * 128 + flac.length);
  tagged.set(tag);
  tagged.set(flac, 10 + 40 * 128);
  await withFile(tagged, async (path) => assert.equal(await readDuration(path), seconds));
  const open = flac.slice();
  open[8 + 13] &= 0xf0; // the last 36 bits of the 18 bytes before the MD5 are the length
  open.fill(0, 8 + 14, 8 + 18);
  await withFile(open, async (path) => assert.equal(await readDuration(path), seconds));
});

Deno.test("what tells no length is refused by name", async () => {
  const ogg = Deno.readFileSync(join(FOLDER, "mono.ogg"));
  for (
    const [bytes, message] of [
      [new Uint8Array(), /it is empty/],
      [new TextEncoder().encode("no sound at all"), /no WAV, MP3, Ogg Vorbis or FLAC/],
      [WAV.subarray(0, 40), /no complete WAV header|holds no samples/],
      [WAV.subarray(0, 400), /cut short/],
      [new TextEncoder().encode("fLaC"), /cut short/],
      [ogg.subarray(0, 58), /holds no samples/],
    ] as const
  ) {
    await withFile(bytes, (path) =>
      assert.rejects(() => readDuration(path), (error: Error) => {
        assert.match(error.message, message);
        return error.message.includes(`cannot read the length of ${path}`);
      }));
  }
  await assert.rejects(() => readDuration(join(FOLDER, "none.wav")), /none\.wav: there is no such/);
  await assert.rejects(() => readDuration(FOLDER), /it is no file/);
});
