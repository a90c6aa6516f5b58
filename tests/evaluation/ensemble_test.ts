import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { COMBINATIONS, combine, tuneWeights } from "lib/evaluation/ensemble.ts";

const random = randomFrom("ensemble"), COUNT = 400;
const targets = Uint8Array.from({ length: COUNT }, () => random.chance(0.3) ? 1 : 0);
/** A member that is the nearer to the truth the greater its skill. */
const member = (skill: number) =>
  Float32Array.from(targets, (y) => skill * (0.1 + 0.8 * y) + (1 - skill) * random.uniform());

/** Largest difference. */
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, x, k) => Math.max(most, Math.abs(x - b[k])), 0);

for (const by of COMBINATIONS) {
  Deno.test(`${by}: one alone says what it says, and the order of several does not matter`, () => {
    const members = [0.2, 0.5, 0.8].map(member);
    // float32; the logit's tails are cut at 1e-6
    assert.ok(distance(combine([members[0]], { by }), members[0]) < 2e-6);
    const sums = combine(members, { by }), weights = [0.5, 0.2, 0.3];
    assert.ok(distance(combine(members.toReversed(), { by }), sums) < 1e-6);
    const reversed = { by, weights: weights.toReversed() };
    assert.ok(
      distance(combine(members, { by, weights }), combine(members.toReversed(), reversed)) < 1e-6,
    );
    assert.ok(distance(combine([...members, ...members], { by }), sums) < 1e-6);
  });
}

Deno.test("two probabilities become what the formulas say", () => {
  const close = (a: Float32Array, b: number) => assert.ok(Math.abs(a[0] - b) < 1e-6, `${a[0]}`);
  close(combine([[0.9], [0.3]]), 0.6);
  close(combine([[0.9], [0.3]], { weights: [0.25, 0.75] }), 0.45);
  close(combine([[0.9], [0.1]], { by: "meanLogit" }), 0.5);
  // odds of 9 and 1: their geometric mean is 3
  close(combine([[0.9], [0.5]], { by: "meanLogit" }), 0.75);
});

/** Binary cross-entropy. */
const crossEntropy = (scores: Float32Array) =>
  scores.reduce((sum, p, k) => sum - Math.log(targets[k] ? p : 1 - p), 0) / COUNT;

Deno.test("tuned weights have the least cross-entropy of all", () => {
  const members = [member(0.5), member(0.5), Float32Array.from(targets, () => 0.3)];
  const weights = tuneWeights(members, targets);
  assert.ok(Math.abs(weights.reduce((sum, w) => sum + w) - 1) < 1e-12);
  const reached = crossEntropy(combine(members, { weights }));
  for (let a = 0; a <= 20; a++) {
    for (let b = 0; a + b <= 20; b++) {
      const others = [a, b, 20 - a - b].map((part) => part / 20);
      const other = crossEntropy(combine(members, { weights: others }));
      assert.ok(reached <= other + 1e-6, `${weights}: ${reached}; ${others}: ${other}`); // float32
    }
  }
});

Deno.test("a member that is right gets all of the weight, wherever it stands", () => {
  const right = Float32Array.from(targets), wrong = member(0);
  assert.ok(tuneWeights([wrong, right, wrong], targets)[1] > 0.99);
  assert.ok(tuneWeights([right, wrong, wrong], targets)[0] > 0.99);
  const same = tuneWeights([wrong, wrong], targets);
  assert.ok(distance(same, [0.5, 0.5]) < 1e-9);
});

Deno.test("members that do not fit are refused", () => {
  assert.throws(() => combine([]), /needs a member/);
  assert.throws(() => combine([[0.1], [0.1, 0.2]]), /1 scores of member 0 with 2 of member 1/);
  assert.throws(() => combine([[0.1]], { weights: [0.5, 0.5] }), /2 weights to 1 members/);
  assert.throws(() => tuneWeights([], []), /cannot weigh 0 members/);
});
