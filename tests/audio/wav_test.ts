import assert from "node:assert/strict";
import { encodeWav, readWav } from "lib/audio/wav.ts";
import { CHUNKS, RAMP, WAV } from "./wav_files.ts";

Deno.test("32-bit WAV is exact, 16 and 24 bits round to half a step and clip", () => {
  const sound = { sampleRate: 44100, channels: [Float32Array.of(1.5, -1.5, 1 / 3, 1e-20)] };
  assert.deepEqual(readWav(encodeWav(sound, { bits: 32 })), sound);
  for (const bits of [16, 24] as const) {
    const [coarse] = readWav(encodeWav(sound, { bits })).channels, full = 2 ** (bits - 1);
    assert.deepEqual([...coarse.subarray(0, 2)], [(full - 1) / full, -1]);
    // half a step, and what single precision rounds 1/3 by
    assert.ok(Math.abs(coarse[2] - 1 / 3) <= 0.5 / full + 2 ** -25);
    assert.equal(coarse[3], 0);
  }
});

Deno.test("encodes one to eight channels with an odd number of bytes", () => {
  for (let count = 1; count <= 8; count++) {
    const channels = Array.from(
      { length: count },
      (_, c) => Float32Array.of(c / 8, c / 16 - 0.5, 0.5),
    );
    for (const bits of [16, 24, 32] as const) {
      const bytes = encodeWav({ sampleRate: 8000, channels }, { bits });
      assert.equal(bytes.length % 2, 0); // RIFF pads chunks
      assert.equal(new DataView(bytes.buffer).getUint32(4, true), bytes.length - 8);
      assert.deepEqual(readWav(bytes).channels, channels);
    }
  }
});

Deno.test("refuses what is no sound", () => {
  const wav = (...channels: Float32Array[]) => () => encodeWav({ sampleRate: 8000, channels });
  const [short, long] = [new Float32Array(2), new Float32Array(3)];
  assert.throws(wav(), /channels of no samples: give 1 to 8/);
  assert.throws(wav(short, long), /channels of 2, 3 samples/);
  assert.throws(wav(...Array(9).fill(short)), /give 1 to 8 of equal length/);
  assert.throws(wav(Float32Array.of(NaN)), /NaN/);
});

Deno.test("16-bit integers are divided by 32768", () => {
  assert.deepEqual(readWav(WAV).channels[0], RAMP); // multiples of 1/256 are exact in 16 bits
});

Deno.test("uses whole frames only", () => {
  const odd = new Uint8Array([...WAV, 1, 2, 3]);
  new DataView(odd.buffer).setUint32(40, WAV.length - 44 + 3, true);
  assert.deepEqual(readWav(odd).channels[0], RAMP);
});

Deno.test("reads a stream whose size was not known when it began", () => {
  for (const size of [0, 0xffffffff, 0x7fffffff, 0x7ffff000]) {
    const piped = WAV.slice();
    new DataView(piped.buffer).setUint32(4, size, true);
    new DataView(piped.buffer).setUint32(40, size, true);
    assert.deepEqual(readWav(piped).channels[0], RAMP, `${size}`);
  }
});

Deno.test("steps over other chunks, odd ones too, and over what follows the samples", () => {
  const { riff, format, data, chunk } = CHUNKS;
  for (const size of [0, 1, 2, 7]) {
    const bytes = [riff, chunk("LIST", size), format, chunk("junk", size), data, chunk("id3 ", 5)];
    assert.deepEqual(readWav(new Uint8Array(bytes.flat())).channels[0], RAMP, `${size}`);
  }
});

Deno.test("the place of the bytes in their buffer does not matter", () => {
  for (let at = 0; at < 4; at++) {
    const shifted = new Uint8Array(WAV.length + 4).subarray(at, at + WAV.length);
    shifted.set(WAV);
    assert.deepEqual(readWav(shifted), readWav(WAV));
  }
});
