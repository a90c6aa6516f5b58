import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { DEFAULT_FRONT_END } from "lib/features/front_end.ts";
import { Batcher, type Clips } from "lib/train/batches.ts";

const BANDS = 3, FRAMES = 5, COUNT = 6;

/** Clip k has label k, and byte 40 k + 10 band + frame. */
function clips(): Clips {
  const bytes = new Uint8Array(COUNT * BANDS * FRAMES), targets = new Uint8Array(COUNT * 11);
  for (let k = 0; k < COUNT; k++) {
    targets[k * 11 + k] = 1;
    for (let band = 0; band < BANDS; band++) {
      for (let t = 0; t < FRAMES; t++) {
        bytes[(k * BANDS + band) * FRAMES + t] = 40 * k + 10 * band + t;
      }
    }
  }
  const names = Array.from({ length: COUNT }, (_, k) => `clip ${k}`);
  return { bytes, bands: BANDS, frames: FRAMES, targets, names, recordings: names };
}

const batcher = new Batcher(clips(), DEFAULT_FRONT_END);
const plain = { timeShift: false, mixProbability: 0 };

Deno.test("bytes 0 to 255 become -2 to 2, labels follow their clip", () => {
  const { input, labels } = batcher.plain([2, 0]);
  assert.equal(input.length, 2 * BANDS * FRAMES);
  // -80 dB is -2 and 0 dB is 2: (dB + 40) / 20
  const expected = (byte: number) => byte / 255 * 4 - 2;
  assert.ok(Math.abs(input[0] - expected(80)) < 1e-6);
  assert.ok(Math.abs(input[BANDS * FRAMES + FRAMES + 1] - expected(11)) < 1e-6);
  assert.deepEqual([...labels].flatMap((l, k) => l ? [k] : []), [2, 11]);
});

Deno.test("a time shift rolls every clip of the batch by the same number of frames", () => {
  const { input: still } = batcher.plain([1, 3]);
  const shifts = new Set<number>();
  for (let seed = 0; seed < 40; seed++) {
    const { input } = batcher.augmented([1, 3], {
      augment: { ...plain, timeShift: true },
      random: randomFrom(seed),
    });
    const shift = input.indexOf(still[0]);
    for (let row = 0; row < 2 * BANDS; row++) {
      for (let t = 0; t < FRAMES; t++) {
        assert.equal(input[row * FRAMES + (t + shift) % FRAMES], still[row * FRAMES + t]);
      }
    }
    shifts.add(shift);
  }
  assert.equal(shifts.size, FRAMES);
});

Deno.test("mixing unites the labels of two clips and depends on the generator alone", () => {
  const augment = { ...plain, mixProbability: 1 };
  const make = (seed: number) =>
    batcher.augmented([0, 1, 2, 3], { augment, random: randomFrom(seed) });
  const { labels } = make(1);
  for (let row = 0; row < 4; row++) {
    const own = labels.subarray(row * 11, (row + 1) * 11);
    assert.equal(own.reduce((sum, l) => sum + l, 0), 2);
    assert.equal(own[row], 1);
  }
  assert.deepEqual(make(1), make(1));
  assert.notDeepEqual(make(1).labels, make(2).labels);
});

Deno.test("clips are mixed on their front end's scale", () => {
  const frontEnd = { ...DEFAULT_FRONT_END, networkMean: -10, networkDeviation: 7 };
  const decibels = [DEFAULT_FRONT_END, frontEnd].map((scale) => {
    const { input } = new Batcher(clips(), scale).augmented([0, 1, 2, 3], {
      augment: { ...plain, mixProbability: 1 },
      random: randomFrom(1),
    });
    return input.map((x) => x * scale.networkDeviation + scale.networkMean);
  });
  // the same steps of the same tables; float32 of values up to 80
  decibels[0].forEach((decibel, k) => assert.ok(Math.abs(decibels[1][k] - decibel) < 1e-4));
});
