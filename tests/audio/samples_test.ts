import assert from "node:assert/strict";
import { checkSamples, deinterleave, type Encoding } from "lib/audio/samples.ts";
import { Random } from "lib/core/random.ts";

/** What a sample is by the definition of its encoding, read alone. */
const READERS: Record<string, (view: DataView, at: number) => number> = {
  "unsigned/1": (view, at) => (view.getUint8(at) - 128) / 128,
  "signed/2": (view, at) => view.getInt16(at, true) / 2 ** 15,
  "signed/3": (view, at) => (view.getUint16(at, true) | view.getInt8(at + 2) << 16) / 2 ** 23,
  "signed/4": (view, at) => view.getInt32(at, true) / 2 ** 31,
  "float/4": (view, at) => view.getFloat32(at, true),
};

/** Less than a kernel's step, a step, a block and a little more or less, and several blocks. */
const LENGTHS = [1, 3, 4, 5, 4095, 4096, 4097, 10001];

Deno.test("channels come apart as when every sample is read alone, at any number of channels and any length", () => {
  const random = new Random("samples");
  for (const [name, read] of Object.entries(READERS)) {
    const [kind, bytes] = name.split("/");
    const encoding = { kind, bytes: Number(bytes) } as Encoding;
    for (let channels = 1; channels <= 8; channels++) {
      for (const frames of LENGTHS) {
        const data = new Uint8Array(frames * channels * encoding.bytes);
        for (let k = 0; k < data.length; k++) data[k] = random.integer(0, 256);
        // floats are those of magnitudes below 2
        if (kind === "float") { for (let k = 3; k < data.length; k += 4) data[k] &= 0xbf; }
        const out = Array.from({ length: channels }, () => new Float32Array(frames));
        deinterleave(data, out, encoding);
        const view = new DataView(data.buffer);
        out.forEach((channel, c) => {
          const wrong = channel.findIndex((x, t) =>
            !Object.is(x, Math.fround(read(view, (t * channels + c) * encoding.bytes)))
          );
          assert.equal(wrong, -1, `${name}, channel ${c} of ${channels}, ${frames} frames`);
        });
      }
    }
  }
});

Deno.test("a sample that is no sound is found and named, wherever it is and in whatever company", () => {
  const random = new Random("no sound");
  for (const length of [1, 3, 4, 5, 4095, 4096, 4097, 10001]) {
    const sound = Float32Array.from({ length }, () => random.uniform(-3.999, 3.999));
    checkSamples([sound]);
    for (const value of [-4, 1e30, -Infinity, NaN]) {
      for (const at of [0, length >> 1, length - 1]) {
        const damaged = sound.slice();
        damaged[at] = value;
        const reason = {
          message: `sample ${at} is ${damaged[at]}, and not within 4 times full scale`,
        };
        assert.throws(() => checkSamples([sound, damaged]), reason);
        const bytes = new Uint8Array(damaged.buffer), out = [new Float32Array(length)];
        assert.throws(() => deinterleave(bytes, out, { bytes: 4, kind: "float" }), reason);
      }
    }
  }
});
