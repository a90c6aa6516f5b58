import assert from "node:assert/strict";
import { BitReader } from "lib/audio/bit_reader.ts";
import { crc16, crc32, crc8 } from "lib/audio/checksum.ts";
import { FlacPredictor } from "lib/audio/flac_predictor.ts";
import { randomFrom } from "lib/core/random.ts";

Deno.test("predictors of every order, as RFC 9639 defines them", () => {
  const predictor = new FlacPredictor(2), random = randomFrom("predictor"), size = 100;
  for (let order = 0; order <= 32; order++) {
    for (const [bits, shift] of [[12, 9], [25, 14], [25, 0]]) {
      // small enough that predictions stay within the samples' bits, which a valid file promises
      const limit = shift === 0 ? 2 : Math.floor(2 ** shift / (order + 1));
      const coefficients = Array.from({ length: order }, () => random.integer(-limit, limit));
      const reach = shift === 0 ? 3 : 2 ** (bits - 3);
      const samples = predictor.samples[1].subarray(0, size);
      samples.forEach((_, t) => samples[t] = random.integer(-reach, reach));
      const expected = [...samples];
      for (let t = order; t < size; t++) {
        const sum = coefficients.reduce(
          (s, c, k) => s + BigInt(c) * BigInt(expected[t - 1 - k]),
          0n,
        );
        expected[t] = Number(BigInt.asIntN(32, BigInt(expected[t]) + (sum >> BigInt(shift))));
      }
      predictor.predict(1, { coefficients, shift, size });
      assert.deepEqual([...samples], expected, `order ${order}, ${bits} bits`);
    }
  }
});

/** Bits as text, the numbers of each length one after the other. */
function bytesOf(bits: string): Uint8Array {
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0");
  return Uint8Array.from(padded.match(/.{8}/g)!, (byte) => parseInt(byte, 2));
}

const binary = (value: number, bits: number) =>
  bits === 0 ? "" : (value < 0 ? value + 2 ** bits : value).toString(2).padStart(bits, "0");

Deno.test("reads numbers of any width from any bit on, up to the last one", () => {
  const random = randomFrom("bits");
  const numbers = Array.from({ length: 400 }, (_, k) => {
    const bits = k % 26;
    return { bits, value: bits === 0 ? 0 : random.integer(-(2 ** (bits - 1)), 2 ** (bits - 1)) };
  });
  const bits = numbers.map(({ bits, value }) => binary(value, bits)).join("");
  const whole = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0");
  const signed = new BitReader(bytesOf(bits)), unsigned = new BitReader(bytesOf(bits));
  for (const { bits, value } of numbers) {
    assert.equal(signed.signed(bits), value);
    assert.equal(unsigned.unsigned(bits), value < 0 ? value + 2 ** bits : value);
  }
  signed.unsigned(whole.length - bits.length);
  assert.equal(signed.byte, whole.length / 8);
  assert.throws(() => signed.unsigned(1), /ends too early/);
});

Deno.test("reads Rice's code with any parameter, long runs of zeros too", () => {
  const random = randomFrom("rice");
  for (let parameter = 0; parameter <= 30; parameter++) {
    const values = Array.from({ length: 60 }, (_, k) => {
      const zeros = k % 20 === 0 ? 75 : 3;
      const largest = Math.min(2 ** 30, zeros * 2 ** parameter);
      return random.integer(-largest, largest);
    });
    const bits = values.map((value) => {
      const folded = value >= 0 ? 2 * value : -2 * value - 1;
      const high = Math.floor(folded / 2 ** parameter);
      return "0".repeat(high) + "1" + binary(folded % 2 ** parameter, parameter);
    });
    const reader = new BitReader(bytesOf(`101${bits.join("")}`)), read = new Int32Array(62);
    reader.unsigned(3);
    reader.rice(read, { from: 1, to: 61, parameter });
    assert.deepEqual([...read], [0, ...values, 0], `parameter ${parameter}`);
  }
});

Deno.test("a run of zeros that never ends is an end that comes too early", () => {
  const reader = new BitReader(new Uint8Array(1000));
  assert.throws(() => reader.unary(), /ends too early/);
  const rice = new BitReader(new Uint8Array(10));
  assert.throws(() => rice.rice(new Int32Array(4), { from: 0, to: 4, parameter: 2 }), /too early/);
});

Deno.test("checksums of the catalogue's text", () => {
  // "check" values of CRC-8/SMBUS, CRC-16/UMTS and, without its last inversion, CRC-32/BZIP2's polynomial from 0
  const text = new TextEncoder().encode("..123456789");
  assert.equal(crc8(text, 2, 11), 0xf4);
  assert.equal(crc16(text, 2, 11), 0xfee8);
  // of pieces as of the whole, and a checksum behind its text leaves nothing
  const sum = crc32([text.subarray(2, 5), text.subarray(5)]);
  assert.equal(sum, crc32([text.subarray(2)]));
  const behind = [sum >>> 24, sum >>> 16 & 255, sum >>> 8 & 255, sum & 255];
  assert.equal(crc32([text.subarray(2), Uint8Array.from(behind)]), 0);
  assert.notEqual(sum, 0);
});
