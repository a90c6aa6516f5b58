import assert from "node:assert/strict";
import { type Random, randomFrom } from "lib/core/random.ts";
import { findSamePassages } from "lib/curation/same_passages.ts";

const words = (length: number, random: Random) =>
  Uint32Array.from({ length }, () => random.uint32() || 1);

/** A copy in which each bit is turned over with a probability. */
const disturb = (own: Uint32Array, probability: number, random: Random) =>
  own.map((word) => {
    for (let bit = 0; bit < 32; bit++) if (random.chance(probability)) word ^= 1 << bit;
    return word;
  });

function join(...parts: Uint32Array[]): Uint32Array {
  return Uint32Array.from(parts.flatMap((part) => [...part]));
}

/** The lowest bit error rate over all alignments of at least `minFrames`, bit by bit. */
function bestAlignment(a: Uint32Array, b: Uint32Array, minFrames: number) {
  let best = { rate: 1, frames: 0 };
  for (let frames = minFrames - a.length; frames <= b.length - minFrames; frames++) {
    let errors = 0, count = 0;
    for (let t = Math.max(0, -frames); t < Math.min(a.length, b.length - frames); t++) {
      for (let bit = 0; bit < 32; bit++) errors += (a[t] ^ b[t + frames]) >>> bit & 1;
      count += 32;
    }
    if (errors / count < best.rate) best = { rate: errors / count, frames };
  }
  return best;
}

Deno.test("passages are found where trying every alignment finds them", () => {
  const random = randomFrom("passages");
  const sounds: Uint32Array[] = Array.from(
    { length: 12 },
    () => words(random.integer(90, 200), random),
  );
  // a trimmed copy, one in the middle of something else, and two that share their end and beginning
  sounds.push(disturb(sounds[3].subarray(17, 87), 0.1, random));
  sounds.push(join(words(40, random), disturb(sounds[5], 0.15, random), words(9, random)));
  sounds.push(join(disturb(sounds[7].subarray(-70), 0.05, random), words(80, random)));
  const expected = [];
  for (let a = 0; a < sounds.length; a++) {
    for (let b = a + 1; b < sounds.length; b++) {
      const { rate, frames } = bestAlignment(sounds[a], sounds[b], 63);
      if (rate <= 0.25) expected.push({ pair: [a, b], offset: frames / 62.5, bitErrorRate: rate });
    }
  }
  const found = findSamePassages(sounds);
  assert.deepEqual(
    found.map(({ pair, offset, bitErrorRate }) => ({ pair, offset, bitErrorRate })),
    expected,
  );
  // the middle pair's shorter sound lies in the other as a whole but for what was added to it
  assert.deepEqual(found.map(({ pair }) => pair), [[3, 12], [5, 13], [7, 14]]);
  assert.deepEqual(found.map(({ part }) => part), [1, 1, 70 / Math.min(sounds[7].length, 150)]);
  assert.equal(found[0].overlap, 70 / 62.5);
});

Deno.test("of several alignments the best is told", () => {
  const random = randomFrom("alignments"), own = words(80, random);
  const worse = disturb(own, 0.12, random);
  for (const [parts, frames] of [[[own, worse], 0], [[worse, own], 80]] as const) {
    const [{ offset, bitErrorRate }] = findSamePassages([own, join(...parts)]);
    assert.deepEqual([offset, bitErrorRate], [frames / 62.5, 0]);
  }
});

Deno.test("errors in any one byte of every fingerprint do not hide a passage", () => {
  const own = words(100, randomFrom("bytes"));
  for (const bit of [3, 9, 20, 31]) {
    const copy = own.map((word) => word ^ 1 << bit);
    assert.equal(findSamePassages([own, copy])[0]?.bitErrorRate, 1 / 32, `bit ${bit}`);
  }
});

Deno.test("any limit of errors and of length holds", () => {
  const random = randomFrom("limits");
  const own = words(150, random), copy = disturb(own, 0.2, random);
  const [{ bitErrorRate }] = findSamePassages([own, copy]);
  const find = (options: Parameters<typeof findSamePassages>[1]) =>
    findSamePassages([own, copy], options).length;
  assert.equal(find({ maxBitErrorRate: bitErrorRate + 1e-9 }), 1);
  assert.equal(find({ maxBitErrorRate: bitErrorRate - 1e-9 }), 0);
  assert.equal(find({ minSeconds: 150 / 62.5 }), 1);
  assert.equal(find({ minSeconds: 151 / 62.5 }), 0);
});

Deno.test("silence agrees with nothing", () => {
  const random = randomFrom("silence");
  const quiet = new Uint32Array(100);
  assert.deepEqual(findSamePassages([quiet, quiet]), []);
  // a third of a second in common, and long silence
  const common = words(20, random), parts = [words(80, random), words(80, random)];
  assert.deepEqual(findSamePassages(parts.map((part) => join(part, common, quiet))), []);
});

Deno.test("of many copies each is found beside its neighbours", () => {
  const own = words(80, randomFrom("copies")), count = 150;
  const partners = new Map<number, number>();
  for (const { pair, bitErrorRate } of findSamePassages(Array(count).fill(own))) {
    assert.equal(bitErrorRate, 0);
    for (const sound of pair) partners.set(sound, (partners.get(sound) ?? 0) + 1);
  }
  assert.equal(partners.size, count);
  assert.ok(Math.min(...partners.values()) >= 49);
});

Deno.test("nothing is found among few or empty sounds", () => {
  assert.deepEqual(findSamePassages([]), []);
  assert.deepEqual(findSamePassages([new Uint32Array(0), words(99, randomFrom(1))]), []);
});
