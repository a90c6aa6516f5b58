import assert from "node:assert/strict";
import { effectiveNumber } from "lib/evaluation/concentration.ts";

const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, expected ${expected}`);

Deno.test("equal weights are as many as they are, one alone is one, and the scale says nothing", () => {
  close(effectiveNumber([1, 1, 1, 1, 1]), 5);
  close(effectiveNumber([0, 3, 0]), 1);
  // entropy of a half and two quarters: 1.5 ln 2
  close(effectiveNumber([2, 1, 1]), 2 ** 1.5);
  close(effectiveNumber([0.2, 0.1, 0.1]), 2 ** 1.5);
});

Deno.test("what cannot be spread is refused", () => {
  assert.throws(() => effectiveNumber([0, 0]), /2 weights of 0/);
  assert.throws(() => effectiveNumber([1, -1]), /weight 1, which is -1/);
  assert.throws(() => effectiveNumber([NaN]), /weight 0, which is NaN/);
});
