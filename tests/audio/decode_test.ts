import assert from "node:assert/strict";
import { decodeFile, decodeSound } from "lib/audio/decode.ts";
import { encodeWav, readWav } from "lib/audio/wav.ts";
import { projectPath } from "lib/core/paths.ts";
import { readNpz } from "lib/core/npz.ts";

const FOLDER = projectPath("tests", "fixtures", "audio");
const SAMPLE_RATE = 22050;

/** Largest differences from libsndfile: integers and FLAC are exact, the lossy decoders are other programs. */
const TOLERANCE: Record<string, number> = {
  "stereo.mp3": 2e-6,
  "mono.mp3": 2e-6,
  "stereo.ogg": 2e-7,
};

Deno.test("decodes every format as libsndfile does", async (t) => {
  for (const [name, expected] of await readNpz(`${FOLDER}/decoded.npz`)) {
    await t.step(name, async () => {
      const sound = await decodeFile(`${FOLDER}/${name}`);
      assert.equal(sound.sampleRate, SAMPLE_RATE);
      const [channels, samples] = expected.shape;
      assert.equal(sound.channels.length, channels);
      sound.channels.forEach((channel, c) => {
        assert.equal(channel.length, samples);
        const row = (expected.data as Float32Array).subarray(c * samples, (c + 1) * samples);
        const error = channel.reduce((most, x, k) => Math.max(most, Math.abs(x - row[k])), 0);
        assert.ok(error <= (TOLERANCE[name] ?? 0), `channel ${c} differs by ${error}`);
      });
    });
  }
});

const RAMP = Float32Array.from({ length: 480 }, (_, k) => (k - 240) / 256);
const WAV = encodeWav({ sampleRate: 16000, channels: [RAMP, RAMP.map((x) => -x)] });

Deno.test("encodes 32-bit WAV exactly and 16-bit WAV to half a step", () => {
  const loud = Float32Array.from([1.5, -1.5, 1 / 3]);
  const sound = { sampleRate: 44100, channels: [loud] };
  assert.deepEqual(readWav(encodeWav(sound, { bits: 32 })), sound);
  const [coarse] = readWav(encodeWav(sound)).channels;
  assert.deepEqual([...coarse.subarray(0, 2)], [32767 / 32768, -1]);
  assert.ok(Math.abs(coarse[2] - 1 / 3) <= 0.5 / 32768);
});

Deno.test("16-bit integers are divided by 32768", () => {
  const [left] = readWav(WAV).channels;
  assert.deepEqual(left, RAMP); // multiples of 1/256 are exact in 16 bits
});

Deno.test("uses whole frames only, and reads a stream whose size is not known", () => {
  const odd = new Uint8Array([...WAV, 1, 2, 3]);
  new DataView(odd.buffer).setUint32(40, WAV.length - 44 + 3, true);
  assert.deepEqual(readWav(odd).channels[0], RAMP);
  const piped = WAV.slice();
  new DataView(piped.buffer).setUint32(40, 0xffffffff, true);
  assert.deepEqual(readWav(piped).channels[0], RAMP);
  const trailer = new Uint8Array([...WAV, ...new TextEncoder().encode("junk beyond the end")]);
  assert.deepEqual(readWav(trailer).channels[0], RAMP);
});

function patched(at: number, value: number, bits: 16 | 32 = 16): Uint8Array {
  const bytes = WAV.slice(), view = new DataView(bytes.buffer);
  if (bits === 16) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
  return bytes;
}

function wavOf(...samples: number[]): Uint8Array {
  return encodeWav({ sampleRate: 16000, channels: [Float32Array.from(samples)] }, { bits: 32 });
}

const BAD_FILES: [what: string, bytes: () => Uint8Array | Promise<Uint8Array>, reason: RegExp][] = [
  ["empty", () => new Uint8Array(), /it is empty/],
  ["header only", () => WAV.slice(0, 44), /cut short|holds no samples/],
  ["half a header", () => WAV.slice(0, 30), /format header is cut short|no complete WAV header/],
  ["no data chunk", () => WAV.slice(0, 36), /only a header/],
  ["text", () => new TextEncoder().encode("not a sound ".repeat(99)), /no WAV, MP3, Ogg Vorbis/],
  ["zero channels", () => patched(22, 0), /0 channels/],
  ["9 channels", () => wav9(), /9 channels/],
  ["insane rate", () => patched(24, 4_000_000_000, 32), /4000000000 Hz/],
  ["rate 0", () => patched(24, 0, 32), /0 Hz/],
  ["unknown encoding", () => patched(20, 17), /WAV format 17, 16 bits/],
  ["truncated WAV", () => WAV.slice(0, 1000), /cut short: 0\.03 s are announced, 0\.01 s/],
  ["NaN", () => wavOf(0, NaN, 0), /sample 1 is NaN/],
  ["infinite", () => wavOf(0, 0, -Infinity), /sample 2 is -Infinity/],
  ["far beyond full scale", () => wavOf(500), /sample 0 is 500/],
  ["RF64", () => WAV.map((b, k) => k < 4 ? "RF64".charCodeAt(k) : b), /RF64/],
  ["truncated FLAC", () => head("mono.flac", 0.5), /cut short|nothing in it/],
  ["FLAC header only", () => head("mono.flac", 0.02), /nothing in it can be decoded/],
  ["truncated Ogg", () => head("stereo.ogg", 0.5), /cut short/],
  ["two Ogg streams", async () => {
    const ogg = await head("stereo.ogg", 1);
    return new Uint8Array([...ogg, ...ogg]);
  }, /2 Ogg streams/],
  ["Ogg of another codec", async () => {
    const ogg = await head("stereo.ogg", 1);
    ogg.set(new TextEncoder().encode("OpusHead"), 28);
    return ogg;
  }, /codec \("OpusHead"\) is not Vorbis/],
  ["truncated MP3", () => head("stereo.mp3", 0.3), /cut short|nothing in it/],
];

function wav9(): Uint8Array {
  return encodeWav({ sampleRate: 16000, channels: Array(9).fill(RAMP) });
}

async function head(name: string, part: number): Promise<Uint8Array> {
  const bytes = await Deno.readFile(`${FOLDER}/${name}`);
  return bytes.slice(0, Math.floor(bytes.length * part));
}

Deno.test("says what is wrong with a bad file, and which file it is", async (t) => {
  const folder = await Deno.makeTempDir();
  for (const [what, bytes, reason] of BAD_FILES) {
    await t.step(what, async () => {
      const path = `${folder}/${what}.wav`;
      await Deno.writeFile(path, await bytes());
      await assert.rejects(decodeFile(path), (error: Error) => {
        assert.match(error.message, reason);
        assert.ok(error.message.startsWith(`cannot read ${path}: `), error.message);
        return true;
      });
    });
  }
  await t.step("a folder", () => assert.rejects(decodeFile(folder), /it is a folder/));
  await t.step(
    "missing",
    () => assert.rejects(decodeFile(`${folder}/none`), /there is no such file/),
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("goes by the content, not by the name, and steps over a tag", async () => {
  const flac = await head("mono.flac", 1);
  const tag = new Uint8Array(10 + 300);
  tag.set(new TextEncoder().encode("ID3\x04\0\0\0\0\x02\x2c")); // 2 * 128 + 44 = 300 bytes
  const plain = await decodeSound(flac);
  assert.deepEqual(await decodeSound(new Uint8Array([...tag, ...flac])), plain);
});
