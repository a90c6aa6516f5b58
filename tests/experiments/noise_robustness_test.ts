import assert from "node:assert/strict";
import { MEL_SIZE } from "lib/datasets/irmas_mels.ts";
import { networkInputs } from "lib/datasets/mixtures.ts";
import { NOISE_CONDITIONS, scoreInNoise } from "lib/experiments/noise_robustness.ts";
import { syntheticMels } from "../datasets/synthetic_mels.ts";

const mels = syntheticMels(2), LABELS = 11;
/** A clip of each instrument and one more, out of order, and eleven mixtures twice. */
const heldOut = {
  indices: Int32Array.from([8, ...Array.from({ length: LABELS }, (_, k) => 40 - 4 * k)]),
};
const pairs = Array.from({ length: LABELS }, (_, k) => [4 * k, 4 * ((k + 1) % LABELS)]);
const mixturesOfTwo = { members: [...pairs, ...pairs] };

/** Scores what is asked for, example by example; keeps what the model hears. */
async function score(answers: number[][], thresholds = [0.5, 0.5]) {
  const heard: Float32Array[] = [];
  let asked = 0;
  const predict = (batch: Float32Array, count: number) => {
    assert.equal(batch.length, count * MEL_SIZE);
    for (let k = 0; k < count; k++) heard.push(batch.slice(k * MEL_SIZE, (k + 1) * MEL_SIZE));
    const rows = Array.from({ length: count }, () => answers[asked++ % answers.length]);
    return Promise.resolve(Float32Array.from(rows.flat()));
  };
  const scores = await scoreInNoise(mels, { predict, heldOut, mixturesOfTwo, thresholds });
  return { scores, heard };
}

/** High for the instruments of some clips, 0.4 for the others. */
const answer = (clips: number[], high = 0.6) =>
  Array.from({ length: LABELS }, (_, l) => clips.some((k) => mels.labels[k] === l) ? high : 0.4);
const truth = [
  ...Array.from(heldOut.indices, (k) => answer([k])),
  ...mixturesOfTwo.members.map((clips) => answer(clips)),
];

Deno.test("a model that knows all has all right in every noise", async () => {
  const { scores, heard } = await score(truth);
  assert.deepEqual(scores.map(({ color, snr }) => `${color} ${snr}`), [
    "white 20",
    "white 10",
    "white 0",
    "pink 20",
    "pink 10",
    "pink 0",
  ]);
  for (const { accuracy, right, mixturesOfTwo } of scores) {
    assert.deepEqual([accuracy, right, mixturesOfTwo], [1, "1".repeat(12), 1]);
  }
  assert.equal(heard.length, 6 * (12 + 22));
});

Deno.test("what is right and wrong stands in the clips' order; either half has its threshold", async () => {
  const wrong = truth.with(0, answer([12])).with(11, answer([12]));
  const surer = [...wrong.slice(0, 23), ...pairs.map((clips) => answer(clips, 0.8))];
  for (const [thresholds, macroF1] of [[[0.5, 0.7], 1], [[0.7, 0.5], 2 / 3]] as const) {
    for (const { accuracy, right, mixturesOfTwo } of (await score(surer, [...thresholds])).scores) {
      assert.equal(right, `0${"1".repeat(10)}0`);
      assert.equal(accuracy, 10 / 12);
      // where of every instrument one half is not found, and the halves are alike, F1 is 2 n / (2 n + n)
      assert.ok(Math.abs(mixturesOfTwo - macroF1) < 1e-12);
    }
  }
});

Deno.test("every model hears the same noise, more of it at lower ratios", async () => {
  const [one, other] = [await score(truth), await score(truth.map(() => answer([0])))];
  // there are too many to be shown where they differ
  assert.ok(one.heard.every((cells, k) => cells.every((v, cell) => v === other.heard[k][cell])));
  const size = 12 + 22, power = (value: number) => 10 ** (2 * value - 4);
  const clean = networkInputs(mels, heldOut.indices);
  for (let clip = 0; clip < 12; clip++) {
    const before = clean.subarray(clip * MEL_SIZE, (clip + 1) * MEL_SIZE);
    const levels = NOISE_CONDITIONS.map((_, k) => {
      const cells = one.heard[k * size + clip], sums = { quiet: 0, loud: 0 };
      cells.forEach((value, cell) => sums[before[cell] < -1 ? "quiet" : "loud"] += power(value));
      return sums.quiet / sums.loud;
    });
    for (const k of [0, 1, 3, 4]) {
      const step = 10 * Math.log10(levels[k + 1] / levels[k]);
      // where the clip is quiet there is the noise alone, 10 dB more of it; where it is loud noise adds up to 2 dB
      assert.ok(step > 8 && step < 10.1, `clip ${clip}: ${step} dB`);
    }
  }
});
